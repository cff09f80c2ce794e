import { attempt } from '../framework/attempt.ts';
import { ConfigurationError } from '../framework/errors.ts';
import { inParallel } from '../framework/in-parallel.ts';
import { settleAll } from '../framework/settle-all.ts';
import type { Slot } from '../moovago/slot.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import { failureKind, reportFailure } from './failure-table.ts';
import { type Prepared, prepareWrite } from './prepare-write.ts';
import { recordFailure, recordOutcome, settle } from './record-outcomes.ts';
import { released } from './row-transitions.ts';

/** How long before its slot a document's intents are written, in milliseconds: enough for 25 conditional writes. */
export const leadMs = 300;

export type SendOptions = DeliverOptions & {
  /** The last moment for a slot, in milliseconds since the epoch. */
  latest: number;
};

/**
 * Outcomes of one document that are written down at the same time. All at once, each with its match keys, they would keep
 * the process busy for some 100 ms on end, and the next document, which waits for its slot meanwhile, would miss it.
 */
const outcomesAtOnce = 5;

/**
 * Sends one document of many records at its slot: intents first, then the request, then what became of each record.
 * @returns whether Moovago took the document, whatever it said to its records
 */
export async function sendDocument(
  rows: readonly FolderRow[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock } = dependencies;
  await clock.wait(slot.at - leadMs - clock.now());
  const prepared = (await settleAll(rows.map((row) => prepareWrite(row, options, dependencies)))).flat();
  return prepared.length === 0 || sendPrepared(prepared, slot, options, dependencies);
}

async function sendPrepared(
  prepared: readonly Prepared[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, pace, writeCompanies } = dependencies;
  await clock.wait(slot.at - clock.now());
  const writes = prepared.map(({ write }) => write);
  const answer = await attempt(writeCompanies(writes, slot));
  if (!answer.ok) return handleFailure(prepared, answer.error, slot, options, dependencies);
  await inParallel(
    prepared.entries(),
    ([index, item]) => recordOutcome(item, answer.value[index], options, dependencies),
    outcomesAtOnce,
  );
  await pace.succeeded();
  await pace.grow(prepared.length, options.recordsPerRequest);
  return true;
}

async function handleFailure(
  items: readonly Prepared[],
  error: unknown,
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { count, log, pace } = dependencies;
  const kind = failureKind(error, items.length);
  const message = error instanceof Error ? error.message : String(error);
  if (kind === 'unknown') log.warn('request-failed', { reason: nameOf(error) });
  const { opened } = await reportFailure(kind, error, pace);
  if (opened) {
    count('BreakerOpened');
    log.error('deliveries-stopped', { kind, reason: message });
  }
  if (error instanceof ConfigurationError && kind === 'configuration') {
    count('KeysRefused');
    log.error('configuration-refused', { where: error.where, reason: message });
  }
  if (kind === 'missed') return sendAtAnother(items, slot, options, dependencies);
  if (kind === 'divisible') return sendHalves(items, slot, options, dependencies);
  await recordFailure(items, kind, message, dependencies);
  return false;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

/**
 * One value of a form that Moovago does not take refuses the whole document: smaller ones find the record. Where both
 * halves pass, it was the size: everybody sends smaller ones from then on.
 */
async function sendHalves(
  items: readonly Prepared[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { log, pace } = dependencies;
  log.warn('document-refused', { records: items.length });
  const passed = await sendInTwo(items, slot, options, dependencies);
  if (passed) await pace.shrinkTo(Math.ceil(items.length / 2));
  return false;
}

/**
 * A missed slot sent nothing: the same document waits for another one. Its intents stay as they are; to take them back and
 * write them anew would be fifty writes, and with them the next slot would be missed too.
 */
async function sendAtAnother(
  items: readonly Prepared[],
  { lane }: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, count, pace } = dependencies;
  count('SlotsMissed');
  const now = clock.now();
  // Not at once: the reservation itself takes a moment, and a process that is late may be late again.
  const { slots, until } = await pace.reserve(1, lane, now + leadMs, options.latest);
  const [next] = slots;
  if (next !== undefined) return sendPrepared(items, next, options, dependencies);
  count('DeliveriesPostponed', items.length);
  await leaveForLater(items, until ?? now, dependencies);
  return false;
}

/** Takes the intents back: the rows are due from then on. */
async function leaveForLater(
  items: readonly Prepared[],
  at: number,
  dependencies: DeliverDependencies,
): Promise<(FolderRow | undefined)[]> {
  return settleAll(
    items.map((item) => settle(item, (row) => released(row, { at, before: item.before }), dependencies)),
  );
}

/**
 * Sends again what Moovago refused as a whole, in two documents, each at a slot of its own; what gets none is due.
 * @returns whether both of them passed
 */
async function sendInTwo(
  items: readonly Prepared[],
  { lane }: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, count, pace } = dependencies;
  const now = clock.now();
  const { slots, until } = await pace.reserve(2, lane, now + leadMs, options.latest);
  const size = Math.ceil(items.length / 2);
  const left = items.slice(slots.length * size);
  if (left.length > 0) count('DeliveriesPostponed', left.length);
  await leaveForLater(left, until ?? now, dependencies);
  const passed = await settleAll(
    slots.map(async (slot, index) => {
      const part = items.slice(index * size, (index + 1) * size);
      const rows = await leaveForLater(part, now, dependencies);
      return sendDocument(
        rows.flatMap((row) => row ?? []),
        slot,
        options,
        dependencies,
      );
    }),
  );
  return left.length === 0 && passed.every(Boolean);
}
