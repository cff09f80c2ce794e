import { settleAll } from '../../framework/in-parallel.ts';
import { companyKey, matchKeys } from '../../mapping/match-keys.ts';
import type { WriteOutcome } from '../../moovago/write.ts';
import { type FailureKind, failureTable, type RowRule } from '../../pace/failure-table.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { deleted } from '../rows/removal-transitions.ts';
import { delivered, refused, released, slowed } from '../rows/row-transitions.ts';
import type { DeliverDependencies, DeliverOptions } from './delivery.ts';
import type { Prepared } from './prepare-write.ts';
import { releaseSharers } from './release-sharers.ts';

/** Applies a transition, unless the row has another intent by now. */
export function applyOutcome(
  { row, intentId }: Prepared,
  transition: (row: FolderRow) => FolderRow,
  { rows }: DeliverDependencies,
): Promise<FolderRow | undefined> {
  return rows.change(
    row.folderId,
    (current) => (current?.intent?.id === intentId ? transition(current) : undefined),
    row,
  );
}

/** Stores the outcome of one record of a document that was answered. */
export async function recordOutcome(
  item: Prepared,
  outcome: WriteOutcome | undefined,
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { write } = item;
  if (outcome?.kind === 'rejected') return recordRefusal(item, outcome, dependencies);
  if (outcome?.kind === 'throttled')
    return recordFailure([item], 'slowed', failureTable.slowed.row, outcome.reason, dependencies);
  if (outcome?.kind !== 'written')
    return unknown([item], outcome?.reason ?? 'no answer for this record', dependencies);
  if (write.kind === 'delete') return recordDeletion(item, write.companyId, options, dependencies);
  const id = write.kind === 'update' ? write.companyId : outcome.companyId;
  if (write.child === undefined) return recordCompany(item, id, options, dependencies);
  return recordDelivery(item, id, dependencies);
}

async function recordDeletion(
  item: Prepared,
  companyId: string,
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock, telemetry, matchIndex } = dependencies;
  const { version, holds, row } = item;
  const at = clock.now();
  telemetry.log.info('removed', { folderId: row.folderId, companyId });
  await applyOutcome(item, (current) => deleted(current, { version, at }), dependencies);
  const keys = matchKeys(holds, options).map(({ key }) => key);
  await matchIndex.forget(keys, companyId);
}

async function recordCompany(
  item: Prepared,
  companyId: string,
  options: DeliverOptions,
  dependencies: DeliverDependencies,
): Promise<void> {
  const isNew = item.write.kind === 'create';
  if (isNew && !(await isOurs(item, companyId, dependencies))) return;
  dependencies.telemetry.count(isNew ? 'CompaniesCreated' : 'CompaniesUpdated');
  const before = item.row.applied?.record;
  // First: after a crash, the update is sent again, and they are looked at once more.
  if (before) await releaseSharers(companyId, { before, now: item.holds }, options, dependencies);
  await recordDelivery(item, companyId, dependencies);
}

async function recordDelivery(
  item: Prepared,
  companyId: string,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { version, holds, row, write } = item;
  const at = dependencies.clock.now();
  dependencies.telemetry.log.info('delivered', {
    folderId: row.folderId,
    companyId,
    kind: write.kind,
    version,
  });
  await applyOutcome(
    item,
    (current) => delivered(current, { recordId: companyId, version, record: holds, at }),
    dependencies,
  );
}

async function recordRefusal(
  item: Prepared,
  { reason, companyId }: Extract<WriteOutcome, { kind: 'rejected' }>,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock } = dependencies;
  const { count, log } = dependencies.telemetry;
  const { version, row, write } = item;
  const at = clock.now();
  count('RecordsRefused');
  log.warn('record-refused', { folderId: row.folderId, kind: write.kind, version });
  await applyOutcome(
    item,
    (current) => refused(current, { version, message: reason, recordId: companyId, at }),
    dependencies,
  );
}

/**
 * Whether the company that was just made is this folder's. If no marker can be read, a folder that looked for the same
 * name may have taken it before the answer came. Or Moovago gives back one that was there already.
 */
async function isOurs(
  item: Prepared,
  companyId: string,
  dependencies: DeliverDependencies,
): Promise<boolean> {
  const { clock, telemetry, matchIndex } = dependencies;
  const { folderId } = item.row;
  const claim = { folderId, token: item.intentId, madeAt: clock.now() };
  const owner = await matchIndex.claim(companyKey(companyId), claim);
  if (owner?.folderId === folderId) return true;
  telemetry.log.warn('company-taken', { folderId, companyId, by: owner?.folderId });
  // Whether it has made one is looked up: by the marker, if it can be read.
  unknown([item], 'Moovago answers with the company of another folder', dependencies);
  return false;
}

/** Nothing to write: the intent and its settle time stay in the row. */
function unknown(items: readonly Prepared[], reason: string, { telemetry }: DeliverDependencies): void {
  const { count, log } = telemetry;
  count('OutcomesUnknown', items.length);
  log.warn('outcome-unknown', { folderIds: items.map(({ row }) => row.folderId), reason });
}

/** Stores what a failed request means for its records: when each may be sent again, and why it was not sent. */
export async function recordFailure(
  items: readonly Prepared[],
  kind: FailureKind,
  rule: Extract<RowRule, { kind: 'refuse' | 'settle' | 'again' }>,
  message: string,
  dependencies: DeliverDependencies,
): Promise<void> {
  if (rule.kind === 'settle') {
    unknown(items, message, dependencies);
    return rule.withinMs === undefined ? undefined : resolveSoon(items, rule.withinMs, dependencies);
  }
  if (rule.kind === 'refuse') return refuseAll(items, message, dependencies);
  const { clock, telemetry, pace } = dependencies;
  if (kind === 'unreachable')
    telemetry.log.warn('moovago-unreachable', { records: items.length, reason: message });
  const now = clock.now();
  const freeFrom = kind === 'throttled' ? await pace.freeFrom() : now;
  const failure = { kind: 'service' as const, message, firstAt: now, lastAt: now };
  const again = ({ before }: Prepared, row: FolderRow) => {
    const at = rule.at({ now, freeFrom, attempts: row.attempts, chance: clock.random() });
    return released(row, { at, before, ...(rule.isFailure ? { failure } : {}) });
  };
  await settleAll(items.map((item) => applyOutcome(item, (row) => again(item, row), dependencies)));
}

/** The answer is there already: what was applied can be looked up soon. */
async function resolveSoon(
  items: readonly Prepared[],
  withinMs: number,
  dependencies: DeliverDependencies,
): Promise<void> {
  const at = dependencies.clock.now() + withinMs;
  await settleAll(items.map((item) => applyOutcome(item, (row) => slowed(row, { at }), dependencies)));
}

/** Moovago refused before it did anything: nothing is left to settle. */
async function refuseAll(
  items: readonly Prepared[],
  message: string,
  dependencies: DeliverDependencies,
): Promise<void> {
  const { clock } = dependencies;
  const { count, log } = dependencies.telemetry;
  const at = clock.now();
  count('RecordsRefused', items.length);
  log.warn('record-refused', { folderIds: items.map(({ row }) => row.folderId), reason: message });
  await settleAll(
    items.map((item) =>
      applyOutcome(
        item,
        (row) =>
          refused(
            { ...row, intent: item.before, waitUntil: undefined },
            { version: item.version, message, at },
          ),
        dependencies,
      ),
    ),
  );
}
