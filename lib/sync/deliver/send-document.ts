import { attempt } from '../../framework/attempt.ts';
import { chunks } from '../../framework/chunks.ts';
import { ConfigurationError, TryLater } from '../../framework/errors.ts';
import { inParallel, settleAll } from '../../framework/in-parallel.ts';
import { connectMs, type Lane, type Look, type Slot } from '../../moovago/slot.ts';
import type { WriteOutcome } from '../../moovago/write.ts';
import { failureKind, reportFailure, rowRuleOf } from '../../pace/failure-table.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { isDue } from '../rows/row-status.ts';
import { released } from '../rows/row-transitions.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import { postponeRows } from './postpone-rows.ts';
import { type Prepared, prepareWrite } from './prepare-write.ts';
import { applyOutcome, recordFailure, recordOutcome } from './record-outcomes.ts';

/**
 * How long before a slot a document is prepared, in milliseconds. `min`: the time for 25 conditional writes. Workers
 * that begin together would stay in step: they would prepare their next batches at the same time, while nothing is
 * sent. So the first of them gets a longer lead, up to `max`, and sends all that it has before the others.
 */
const leadMs = { min: 300, max: 800 };

export type SendOptions = DeliverOptions & {
  /** The last moment for a slot, in milliseconds since the epoch. */
  latest: number;
};

/**
 * How many outcomes of one document are stored at the same time. All at once, each with its match keys, they would keep
 * the process busy for some 100 ms. The next document, which waits for its slot, would miss it.
 */
const outcomesAtOnce = 5;

/**
 * Sends documents one after the other, each at a slot of its own: first the intents, then the slot, then the request
 * and its outcomes. The next document begins when its slot is near, whether the previous one has left or not. What gets
 * no slot comes back later.
 * A slot is reserved when its document is ready, not ahead for all documents. On a busy machine, a late document would
 * let its slot pass while others wait for theirs.
 * @returns whether Moovago accepted all documents, whatever it answered to their records
 */
export async function sendInTurn(
  documents: readonly (readonly FolderRow[])[],
  lane: Lane,
  options: SendOptions,
  dependencies: DeliverDependencies,
  lead = leadMs.min,
): Promise<boolean> {
  const [rows, ...rest] = documents;
  if (rows === undefined) return true;
  const { pace } = dependencies;
  const later = async (left: readonly FolderRow[], at: number) => {
    await postponeRows(left, () => at, dependencies);
    return false;
  };
  // Intents are written when the slot is near. Most crashes happen during a long wait, and each intent would cost a
  // lookup.
  const near = await slotWithin(lead, lane, options, dependencies);
  if (near.at === undefined) return later(documents.flat(), near.until);
  const prepared = (await settleAll(rows.map((row) => prepareWrite(row, options, dependencies)))).flat();
  if (prepared.length === 0) return sendInTurn(rest, lane, options, dependencies, lead);
  const { slot, until } = await pace.reserve(lane, connectMs, options.latest);
  if (slot === undefined) {
    await settleAll<unknown>([takeBack(prepared, until, dependencies), later(rest.flat(), until)]);
    return false;
  }
  const nextLead = Math.max(lead, leadMs.max - (slot.at - near.at));
  const passed = await settleAll([
    sendPrepared(prepared, slot, options, dependencies),
    sendInTurn(rest, lane, options, dependencies, nextLead),
  ]);
  return passed.every(Boolean);
}

/** Waits until the next free slot is at most `ms` away; it reserves nothing. */
async function slotWithin(
  ms: number,
  lane: Lane,
  { latest }: SendOptions,
  { clock, pace }: DeliverDependencies,
): Promise<Look> {
  for (;;) {
    const next = await pace.peek(lane, latest);
    const wait = next.at === undefined ? 0 : next.at - ms - clock.now();
    if (wait <= 0) return next;
    await clock.wait(wait);
  }
}

async function sendPrepared(
  prepared: readonly Prepared[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, pace, moovago } = dependencies;
  await clock.wait(slot.at - connectMs - clock.now());
  const writes = prepared.map(({ write }) => write);
  const answer = await attempt(moovago.writeCompanies(writes, slot));
  if (!answer.ok) return handleFailure(prepared, answer.error, slot, options, dependencies);
  const trouble = troubleIn(answer.value);
  // First: what was refused because of the pace is due when the pace lets it go.
  if (trouble !== undefined) await reportFailure(failureKind(trouble, writes.length), trouble, dependencies);
  await inParallel(
    prepared.entries(),
    ([index, item]) => recordOutcome(item, answer.value[index], options, dependencies),
    outcomesAtOnce,
  );
  if (trouble !== undefined) return false;
  await pace.succeeded();
  await pace.grow(prepared.length, options.pace.recordsPerRequest);
  return true;
}

/** What all senders must hear: Moovago asks to slow down on some record, or says nothing useful about any of them. */
function troubleIn(outcomes: readonly WriteOutcome[]): TryLater | undefined {
  const details = { system: 'Moovago', applied: 'unknown' } as const;
  if (outcomes.some(({ kind }) => kind === 'throttled'))
    return new TryLater('Moovago had too many requests', { ...details, throttled: true });
  // One record alone may be odd itself.
  return outcomes.length > 1 && outcomes.every(({ kind }) => kind === 'unknown')
    ? new TryLater('Moovago said nothing about any record', details)
    : undefined;
}

async function handleFailure(
  items: readonly Prepared[],
  error: unknown,
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { count, log } = dependencies.telemetry;
  const kind = failureKind(error, items.length);
  const message = error instanceof Error ? error.message : String(error);
  if (kind === 'unknown') log.warn('request-failed', { reason: nameOf(error) });
  await reportFailure(kind, error, dependencies);
  if (error instanceof ConfigurationError && (kind === 'configuration' || kind === 'doubtful')) {
    count('KeysRefused');
    log.error('configuration-refused', { where: error.where, reason: message });
  }
  const rule = rowRuleOf(kind);
  if (rule.kind === 'another-slot') return sendAtAnother(items, slot, options, dependencies);
  if (rule.kind === 'halves') return sendHalves(items, slot, options, dependencies);
  await recordFailure(items, kind, rule, message, dependencies);
  return false;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

/**
 * One value in a form that Moovago does not accept makes it refuse the whole document: smaller ones find the record. If
 * both halves pass, the size was the problem, and all senders use smaller documents from then on.
 */
async function sendHalves(
  items: readonly Prepared[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { telemetry, pace } = dependencies;
  telemetry.log.warn('document-refused', { records: items.length });
  const passed = await sendInTwo(items, slot, options, dependencies);
  if (passed) await pace.shrinkTo(Math.ceil(items.length / 2));
  return false;
}

/**
 * A missed slot sent nothing: the same document waits for another one. Its intents stay as they are. Removing and
 * rewriting them takes fifty writes, and the next slot would be missed, too.
 */
async function sendAtAnother(
  items: readonly Prepared[],
  { lane }: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { telemetry, pace } = dependencies;
  telemetry.count('SlotsMissed');
  const { slot, until } = await pace.reserve(lane, connectMs, options.latest);
  if (slot !== undefined) return sendPrepared(items, slot, options, dependencies);
  await takeBack(items, until, dependencies);
  return false;
}

/** Removes the intents: the rows are due from `at` on. */
async function takeBack(
  items: readonly Prepared[],
  at: number,
  dependencies: DeliverDependencies,
): Promise<(FolderRow | undefined)[]> {
  return settleAll(
    items.map((item) =>
      applyOutcome(item, (row) => released(row, { at, before: item.before }), dependencies),
    ),
  );
}

/**
 * Sends again what Moovago refused as a whole, in two documents, each at a slot of its own. What gets no slot stays
 * due.
 * @returns whether both of them passed, with all the records of the one before
 */
async function sendInTwo(
  items: readonly Prepared[],
  { lane }: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const taken = await takeBack(items, dependencies.clock.now(), dependencies);
  const rows = taken.flatMap((row) => (row !== undefined && isDue(row) ? [row] : []));
  const halves = chunks(rows, Math.ceil(items.length / 2));
  const passed = await sendInTurn(halves, lane, options, dependencies);
  return passed && rows.length === items.length;
}
