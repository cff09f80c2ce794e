import { chunks } from '../../framework/chunks.ts';
import { reserveMs } from '../../framework/time-budget.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { heldAt } from '../../state/folder-rows.ts';
import { childOf } from '../../state/row-id.ts';
import { electPrimaries } from '../match/elect-primary.ts';
import { lookUpCreations } from '../match/look-up-creations.ts';
import { matchCompanies } from '../match/match-companies.ts';
import { isDue } from '../rows/row-status.ts';
import { readyChildren, wakeChildren } from './deliver-children.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import { passedPilot, runPilot } from './pilot.ts';
import { postponeRows } from './postpone-rows.ts';
import { type SendOptions, sendInTurn } from './send-document.ts';

/** How long deliveries wait for the next step of another process, in milliseconds. */
const soonMs = 60_000;
/** The same for a record of the pilot, in milliseconds: one takes a second or two. */
const pilotSoonMs = 5_000;

/**
 * Delivers the newest desired state of folders to Moovago. What cannot be delivered now gets a later due time in its
 * row. A wait is not a failure, and nothing here depends on a message that comes again.
 */
export async function deliverChanges(
  rowIds: readonly string[],
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const rows = [...(await dependencies.rows.read(rowIds)).values()].filter(isDue);
  const now = dependencies.clock.now();
  const waiting = rows.filter(({ waitUntil = 0 }) => waitUntil > now);
  await postponeRows(waiting, ({ waitUntil = 0 }) => waitUntil, dependencies);
  const open = rows.filter(({ waitUntil = 0 }) => waitUntil <= now);
  const isChild = (row: FolderRow) => childOf(row) !== undefined;
  const resolved = await resolveUnknownCreations(
    open.filter((row) => !isChild(row)),
    options,
    dependencies,
  );
  const adopted = await adoptBeforeCreate(resolved, options, dependencies);
  const elected = await electPrimaries(adopted, options, dependencies);
  await postponeRows(elected.wait, () => dependencies.clock.now() + soonMs, dependencies);
  const sending = { ...options, latest: options.deadline - reserveMs.delivery };
  const companies = elected.ready;
  await wakeChildren(companies, options, dependencies);
  const children = open.filter(isChild);
  // Even without any: a company of the pilot may still have to be read back before others may follow.
  const { ready, wait } = await runPilot(companies, sending, dependencies);
  await postponeRows(wait, () => dependencies.clock.now() + pilotSoonMs, dependencies);
  await deliverAll(ready, children, sending, dependencies);
}

/**
 * Sends companies first, with the children of existing companies. Then it sends the children of companies that were
 * just made.
 */
async function deliverAll(
  companies: readonly FolderRow[],
  children: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const soon = () => dependencies.clock.now() + soonMs;
  const mayFollow = children.length > 0 ? await passedPilot(options, dependencies) : () => true;
  const isMaking = children.some(({ companyId }) => companyId === undefined);
  const mayCreate = !isMaking || (await dependencies.directory.creationsWaitFor(options)) === undefined;
  const following = { ...options, mayFollow, mayCreate, made: new Set<string>() };
  const now = await readyChildren(children, following, dependencies);
  await deliverLanes([...companies, ...now.ready], options, dependencies);
  const unmade = companies.filter(({ companyId }) => companyId === undefined);
  const made = new Set(unmade.map(({ folderId }) => folderId));
  const { ready, wait } = await readyChildren(now.wait, { ...following, made }, dependencies);
  await deliverLanes(ready, options, dependencies);
  await postponeRows(wait, soon, dependencies);
}

async function deliverLanes(
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  // Live first: it gets the earlier slots.
  for (const lane of ['live', 'bulk'] as const)
    await deliverLane(
      lane,
      rows.filter((row) => row.desired?.lane === lane),
      options,
      dependencies,
    );
}

/** A creation of unknown outcome is never sent again on a guess: one read of Moovago's companies resolves them all. */
async function resolveUnknownCreations(
  rows: readonly FolderRow[],
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow[]> {
  const unknown = rows.filter(({ intent }) => intent?.kind === 'create');
  const others = rows.filter(({ intent }) => intent?.kind !== 'create');
  if (unknown.length === 0) return others;
  const resolved = await lookUpCreations(unknown, options, dependencies);
  const known = new Set(resolved.map(({ folderId }) => folderId));
  const later = unknown.filter(({ folderId }) => !known.has(folderId));
  await postponeRows(later, () => dependencies.clock.now() + soonMs, dependencies);
  return [...others, ...resolved];
}

/** Nothing is created before one complete pass over Moovago's companies, and no company that exists is created again. */
async function adoptBeforeCreate(
  rows: readonly FolderRow[],
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<FolderRow[]> {
  const linked = rows.filter(({ companyId }) => companyId !== undefined);
  const unlinked = rows.filter(({ companyId }) => companyId === undefined);
  if (unlinked.length === 0) return linked;
  const soon = () => dependencies.clock.now() + soonMs;
  const waits = await dependencies.directory.creationsWaitFor(options);
  if (waits !== undefined) {
    dependencies.telemetry.log.warn('creations-wait', { records: unlinked.length, reason: waits.why });
    // Only a pass over Moovago's companies can change it. The feeder announces held rows once it has: waiting costs nothing.
    const now = dependencies.clock.now();
    await postponeRows(
      unlinked,
      ({ dueAt = now }) => (waits.from > now ? waits.from : heldAt(dueAt)),
      dependencies,
    );
    return linked;
  }
  const { ready, wait } = await matchCompanies(unlinked, options, dependencies);
  await postponeRows(wait, soon, dependencies);
  return [...linked, ...ready];
}

/**
 * Records whose outcome stayed unknown go apart from the others, first in fours of a document, then alone. One record
 * that Moovago refuses may hide what becomes of all that stand beside it.
 */
function documentsOf(rows: readonly FolderRow[], size: number): FolderRow[][] {
  const doubts = (row: FolderRow) => Math.max(0, Math.min(row.unclear ?? 0, 2));
  const sizes = [size, Math.ceil(size / 4), 1];
  return sizes.flatMap((most, doubt) =>
    chunks(
      rows.filter((row) => doubts(row) === doubt),
      most,
    ),
  );
}

async function deliverLane(
  lane: Lane,
  rows: readonly FolderRow[],
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  if (rows.length === 0) return;
  const size = await dependencies.pace.documentSize(options.pace.recordsPerRequest);
  await sendInTurn(documentsOf(rows, size), lane, options, dependencies);
}
