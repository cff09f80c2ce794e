import { keptBy, pickFields } from '../mapping/fields-to-send.ts';
import { companyKey } from '../mapping/match-keys.ts';
import type { Company } from '../moovago/company.ts';
import type { EntityRecord } from '../moovago/entities/record.ts';
import { type FolderRow, isOfNewerCode } from '../state/folder-row.ts';
import { childOf } from '../state/row-id.ts';
import { sharersOf, writersOf } from '../sync/match/company-holders.ts';
import {
  companyOf,
  givenBack,
  ignored,
  linked,
  sentWhole,
  takenOff,
  unignored,
} from '../sync/rows/decision-transitions.ts';
import { isGone, isIgnored, isUnderWay } from '../sync/rows/row-status.ts';
import type { App } from './app.ts';
import { readCompaniesNow } from './check-job.ts';

type Rows = Pick<App, 'clock' | 'rows' | 'matchIndex'>;
type Deciding = Rows & Pick<App, 'config'>;

/** Why nothing was decided. `until`: when a request that is under way has settled, in milliseconds since the epoch. */
export type Refusal =
  | { refused: 'unknown' | 'newer' | 'gone' | 'without-company' | 'not-left-out' | 'changed' }
  | { refused: 'under-way'; until: number }
  | { refused: 'not-listed'; companyId: string }
  | { refused: 'own'; companyId: string }
  | { refused: 'taken'; companyId: string; by: string };

/** The folder's row as it is now. `from`: the company that it had until now. `heirs`: the folders that write that one now. */
export type Reassigned = { row: FolderRow; from?: string; heirs: string[] };

/**
 * Links a folder to a company, as a person decided: one that was left to a person, or another one than it has.
 * @param share whether the company may be one that another folder writes
 */
export async function linkJob(
  { folderId, companyId, share }: { folderId: string; companyId: string; share: boolean },
  app: Deciding & Pick<App, 'moovago' | 'pace'>,
): Promise<Refusal | (Reassigned & { company: Company })> {
  const known = await readKnown(folderId, app);
  if ('refused' in known) return known;
  const { row: found } = known;
  if (isGone(found)) return { refused: 'gone' };
  const writers = await writersOf(companyId, folderId, app);
  const [writer] = writers;
  if (writer !== undefined && !share) return { refused: 'taken', companyId, by: writer.folderId };
  const company = Iterator.from(await readCompaniesNow(app)).find(({ id }) => id === companyId);
  if (company === undefined) return { refused: 'not-listed', companyId };
  const { ownership } = app.config;
  const holds = Object.values(ownership).includes('fill-empty') ? keptBy(ownership, company) : undefined;
  const at = app.clock.now();
  // Both share it from now on, whichever of them writes it.
  for (const one of writers) {
    const shared = await change(one, (current) => linked(current, { companyId, at }), app);
    if ('refused' in shared) return shared;
  }
  const changed = await change(found, (current) => linked(current, { companyId, holds, at }), app);
  return 'refused' in changed ? changed : { ...(await withHeirs(changed.row, found, app)), company };
}

/**
 * Takes a folder off a company that is not its own, or says of all that may be its own that they are not. What a person linked
 * goes back to the company that it had before.
 */
export async function unlinkJob(folderId: string, app: Deciding): Promise<Refusal | Reassigned> {
  const known = await readKnown(folderId, app);
  if ('refused' in known) return known;
  const { row: found } = known;
  const refusal = await whyNotUnlinked(found, app);
  // An earlier command may have been interrupted before the company went back.
  if (refusal !== undefined)
    return found.decision?.from === undefined ? refusal : withHeirs(found, undefined, app);
  const at = app.clock.now();
  const changed = await change(found, (current) => takenOff(current, { at }), app);
  return 'refused' in changed ? changed : withHeirs(changed.row, found, app);
}

async function whyNotUnlinked(row: FolderRow, app: Rows): Promise<Refusal | undefined> {
  const companyId = companyOf(row);
  if (companyId === undefined)
    return row.failure?.candidates === undefined ? { refused: 'without-company' } : undefined;
  return (await isItsOwn(companyId, row.folderId, app)) ? { refused: 'own', companyId } : undefined;
}

/** Leaves a folder out, or takes it in again. */
export async function ignoreJob(
  { folderId, undo }: { folderId: string; undo: boolean },
  app: Rows & Pick<App, 'hints'>,
): Promise<Refusal | { row: FolderRow }> {
  const known = await readKnown(folderId, app);
  if ('refused' in known) return known;
  const { row: found } = known;
  const at = app.clock.now();
  if (undo && !isIgnored(found)) return { refused: 'not-left-out' };
  if (!undo && isIgnored(found)) return { row: found };
  if (!undo && isGone(found)) return { refused: 'gone' };
  // First: the next poll compares it, whatever its fingerprint says.
  if (undo) await app.hints.add([folderId], at);
  return change(found, (current) => (undo ? unignored(current, { at }) : ignored(current, { at })), app);
}

async function readKnown(folderId: string, { rows }: Rows): Promise<Refusal | { row: FolderRow }> {
  const row = (await rows.read([folderId])).get(folderId);
  if (row === undefined || childOf(row) !== undefined) return { refused: 'unknown' };
  return isOfNewerCode(row) ? { refused: 'newer' } : { row };
}

/** Applies a decision, unless a request of the folder may still change what Moovago holds. */
async function change(
  found: FolderRow,
  transition: (row: FolderRow) => FolderRow | undefined,
  { clock, rows }: Rows,
): Promise<Refusal | { row: FolderRow }> {
  const row = await rows.change(found.folderId, (current) => current && transition(current), found);
  if (row !== undefined) return { row };
  const current = (await rows.read([found.folderId])).get(found.folderId) ?? found;
  return isUnderWay(current, { at: clock.now() })
    ? { refused: 'under-way', until: current.waitUntil ?? 0 }
    : { refused: 'changed' };
}

/**
 * The company that the folder had goes back to its other folder, if it has one.
 * @param before the folder's row until now, if it is known: it tells what a rep filled in
 */
async function withHeirs(row: FolderRow, before: FolderRow | undefined, app: Deciding): Promise<Reassigned> {
  const { clock, config, rows } = app;
  const from = row.decision?.from;
  if (from === undefined) return { row, heirs: [] };
  const at = clock.now();
  const writers = await writersOf(from, row.folderId, app);
  const heirs = writers.length > 0 ? writers : await sharersOf(from, row.folderId, app);
  const holds = before && filledIn(before, config.ownership);
  const again = (heir: FolderRow) =>
    givenBack(heir, { companyId: from, holds, at }) ?? sentWhole(heir, { at });
  for (const heir of heirs) await rows.change(heir.folderId, (current) => current && again(current), heir);
  const after = [...(await rows.read(heirs.map(({ folderId }) => folderId))).values()];
  const writing = after.filter((heir) => heir.companyId === from && !isIgnored(heir));
  return { row, from, heirs: writing.map(({ folderId }) => folderId) };
}

/** What a company holds in its `fill-empty` fields, as far as it is not what this folder maps. */
function filledIn({ applied, desired }: FolderRow, ownership: App['config']['ownership']): EntityRecord {
  const kept = keptBy(ownership, applied?.record ?? {});
  return pickFields(kept, (field) => kept[field] !== desired?.record[field]);
}

/** Whether the connector made the company, and no other folder ever had it. */
async function isItsOwn(companyId: string, folderId: string, { matchIndex }: Rows): Promise<boolean> {
  const key = companyKey(companyId);
  const { folderId: claimedBy, madeAt } = (await matchIndex.owners([key])).get(key) ?? {};
  if (madeAt === undefined || claimedBy !== folderId) return false;
  return (await matchIndex.sharers(key)).every((sharer) => sharer === folderId);
}
