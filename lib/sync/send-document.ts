import { attempt } from '../framework/attempt.ts';
import { ConfigurationError, TryLater } from '../framework/errors.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import { fieldsToSend } from '../mapping/fields-to-send.ts';
import { matchKeys } from '../mapping/match-keys.ts';
import type { CompanyRecord, CompanyWrite, WriteOutcome } from '../moovago/company.ts';
import { type Slot, SlotMissed } from '../moovago/slot.ts';
import type { Failure, FolderRow } from '../state/folder-row.ts';
import type { DeliverDependencies, DeliverOptions } from './deliver-changes.ts';
import { delivered, intended, isDue, refused, released } from './row-transitions.ts';

/** What a 429 without `Retry-After` costs everybody, in milliseconds. */
const restMs = 5_000;
/** The first and the longest wait after a failure of the service, in milliseconds. */
const backoffMs = { first: 5_000, max: 5 * 60_000 };
/** How long deliveries rest when a person has to act first (a key, an address), in milliseconds. */
const configurationRestMs = 5 * 60_000;

/** A write whose intent stands in its row. */
type Prepared = {
  /** The row with the intent, as saved. */
  row: FolderRow;
  intentId: string;
  version: number;
  /** What Moovago holds of the company once it confirms the write. */
  holds: CompanyRecord;
  write: CompanyWrite;
};

type SendOptions = DeliverOptions & {
  /** How long before its slot a document's intents are written, in milliseconds. */
  leadMs: number;
  /** The last moment for a slot, in milliseconds since the epoch. */
  latest: number;
};

/** Sends one document of many records at its slot: intents first, then the request, then what became of each record. */
export async function sendDocument(
  rows: readonly FolderRow[],
  slot: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, log, writeCompanies } = dependencies;
  await clock.wait(slot.at - options.leadMs - clock.now());
  const prepared = (await Promise.all(rows.map((row) => prepare(row, options, dependencies)))).flat();
  if (prepared.length === 0) return;
  await clock.wait(slot.at - clock.now());
  const answer = await attempt(
    writeCompanies(
      prepared.map(({ write }) => write),
      slot,
    ),
  );
  if (answer.ok)
    await Promise.all(
      prepared.map((item, index) => record(item, answer.value[index], options, dependencies)),
    );
  else if (answer.error instanceof OperationRefused && prepared.length > 1) {
    log.warn('document-refused', { records: prepared.length });
    // One value of a form that Moovago does not take refuses the whole document: smaller ones find the record.
    await sendAgain(prepared, 2, slot, options, dependencies);
  } else if (answer.error instanceof SlotMissed) await sendAgain(prepared, 1, slot, options, dependencies);
  else await recordFailure(prepared, answer.error, dependencies);
}

/** Sends again what certainly had no effect, in so many documents, each at a slot of its own; what gets none is due. */
async function sendAgain(
  items: readonly Prepared[],
  documents: 1 | 2,
  { lane }: Slot,
  options: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, count, reserveSlots } = dependencies;
  const now = clock.now();
  const { slots, until } = await reserveSlots(documents, lane, now + options.leadMs, options.latest);
  const size = Math.ceil(items.length / documents);
  const parts = slots.map((slot, index) => ({ slot, items: items.slice(index * size, (index + 1) * size) }));
  const left = items.slice(slots.length * size);
  if (left.length > 0) count('DeliveriesPostponed', left.length);
  const release = (item: Prepared, at: number) => settle(item, (row) => released(row, { at }), dependencies);
  await Promise.all([
    ...left.map((item) => release(item, until ?? now)),
    ...parts.map(async (part) => {
      const rows = await Promise.all(part.items.map((item) => release(item, now)));
      await sendDocument(
        rows.flatMap((row) => row ?? []),
        part.slot,
        options,
        dependencies,
      );
    }),
  ]);
}

/** Writes the intent, for the newest state of the row: whoever has it meanwhile, or finds it delivered, keeps it. */
async function prepare(
  row: FolderRow,
  { ownership, blanks, settleAfterMs }: SendOptions,
  { clock, newId, changeRow }: DeliverDependencies,
): Promise<Prepared[]> {
  const at = clock.now();
  const intentId = newId();
  let prepared: Omit<Prepared, 'row'> | undefined;
  const saved = await changeRow(
    row.folderId,
    (current) => {
      prepared = undefined;
      if (current?.desired === undefined || !isDue(current) || current.intent?.id !== row.intent?.id)
        return undefined;
      const { version, record: desired } = current.desired;
      const before = current.applied?.record ?? {};
      const applied = current.intent ? keptBy(ownership, before) : before;
      const fields = fieldsToSend({
        applied: current.companyId === undefined ? undefined : applied,
        desired,
        ownership,
        blanks,
      });
      const holds = { ...before, ...fields };
      if (current.companyId !== undefined && Object.keys(fields).length === 0)
        return delivered(current, { companyId: current.companyId, version, record: holds, at });
      const write: CompanyWrite =
        current.companyId === undefined
          ? { kind: 'create', fields }
          : { kind: 'update', companyId: current.companyId, fields };
      prepared = { intentId, version, holds, write };
      const sent = write.kind === 'create' ? { fields } : {};
      return intended(current, { id: intentId, at, kind: write.kind, version, ...sent }, at + settleAfterMs);
    },
    row,
  );
  return saved && prepared ? [{ ...prepared, row: saved }] : [];
}

/**
 * What is still known of a company after an update of unknown outcome: only that a field was filled in once, which is
 * all that `fill-empty` asks. Everything else is sent again.
 */
function keptBy(ownership: SendOptions['ownership'], before: CompanyRecord): CompanyRecord {
  const policies = new Map(Object.entries(ownership));
  return Object.fromEntries(Object.entries(before).filter(([field]) => policies.get(field) === 'fill-empty'));
}

/** Applies a transition, unless the intent is not ours any more. */
function settle(
  { row, intentId }: Prepared,
  transition: (row: FolderRow) => FolderRow,
  { changeRow }: DeliverDependencies,
): Promise<FolderRow | undefined> {
  return changeRow(
    row.folderId,
    (current) => (current?.intent?.id === intentId ? transition(current) : undefined),
    row,
  );
}

async function record(
  item: Prepared,
  outcome: WriteOutcome | undefined,
  { match, stage }: SendOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, count, log, addToIndex } = dependencies;
  const { version, holds, write } = item;
  const { folderId } = item.row;
  const at = clock.now();
  if (outcome?.kind === 'written') {
    count(write.kind === 'create' ? 'CompaniesCreated' : 'CompaniesUpdated');
    const companyId = write.kind === 'update' ? write.companyId : outcome.companyId;
    log.info('delivered', { folderId, companyId, kind: write.kind, version });
    await settle(item, (row) => delivered(row, { companyId, version, record: holds, at }), dependencies);
    if (write.kind === 'create')
      await addToIndex(
        companyId,
        matchKeys(holds, match, stage).map(({ key }) => key),
      );
  } else if (outcome?.kind === 'rejected') {
    count('RecordsRefused');
    log.warn('record-refused', { folderId, kind: write.kind, version });
    await settle(item, (row) => refused(row, { message: outcome.reason, at }), dependencies);
  } else unknown([item], 'an answer without an id and without an error', dependencies);
}

/** The intents stay, and with them the time when each row may be looked at again: there is nothing to write. */
function unknown(items: readonly Prepared[], reason: string, { count, log }: DeliverDependencies): void {
  count('OutcomesUnknown', items.length);
  log.warn('outcome-unknown', { folderIds: items.map(({ row }) => row.folderId), reason });
}

async function recordFailure(
  items: readonly Prepared[],
  error: unknown,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, log, count, rest } = dependencies;
  const release = (after: (row: FolderRow) => number, failure?: Failure) =>
    Promise.all(
      items.map((item) =>
        settle(item, (row) => released(row, { at: clock.now() + after(row), failure }), dependencies),
      ),
    );
  const service = (message: string): Failure => ({
    kind: 'service',
    message,
    firstAt: clock.now(),
    lastAt: clock.now(),
  });

  if (error instanceof ConfigurationError) {
    count('KeysRefused');
    log.error('configuration-refused', { where: error.where, message: error.message });
    await release(() => configurationRestMs, service(error.message));
  } else if (error instanceof TryLater && error.status === 429) {
    const restFor = error.retryAfterMs ?? restMs;
    await rest(restFor);
    await release(() => restFor);
  } else if (error instanceof TryLater && error.applied === 'no') {
    log.warn('moovago-unreachable', { records: items.length, message: error.message });
    await release(({ attempts }) => backoff(attempts, clock.random()), service(error.message));
  } else if (error instanceof TryLater) unknown(items, error.message, dependencies);
  else throw error;
}

/** Doubles with every attempt, with up to half of it taken off by chance, so that failures spread out. */
function backoff(attempts: number, chance: number): number {
  return Math.min(backoffMs.max, backoffMs.first * 2 ** Math.min(attempts, 10)) * (1 - chance / 2);
}
