import type { CompanyRecord } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { dueFrom, isDue, isElsewhere, nextVersion } from './row-status.ts';
import { adopted, ambiguous, parked } from './row-transitions.ts';

// What the nightly reconciliation does to a row: pure functions from row to row.

type At = { at: number };

/** Nothing blocks it any more: it is due now, wherever it was in the index of due rows. */
export function dueAgain(row: FolderRow, { at }: At): FolderRow {
  if (row.desired === undefined || isElsewhere(row)) return row;
  const due = dueFrom(row, row.desired, at);
  const failure = isDue(row) ? due.failure : undefined;
  return { ...due, failure, removal: row.removal, waitUntil: undefined };
}

/**
 * Moovago holds something else than was delivered. This makes a new version of the same record, and its update sends
 * the fields that differ. It waits in the bulk lane, because nothing has changed in Clavus.
 * @param actual what Moovago holds in these fields
 */
export function drifted(
  row: FolderRow,
  { actual, forms, at }: At & { actual: CompanyRecord; forms: FolderRow['forms'] },
): FolderRow {
  const { applied } = row;
  if (row.status !== 'delivered' || applied === undefined) return row;
  return {
    ...dueFrom(row, { ...row.desired, version: nextVersion(row), at, lane: 'bulk' }, at),
    applied: { ...applied, record: { ...applied.record, ...actual } },
    forms,
    attempts: 0,
    waitUntil: undefined,
  };
}

/** The company was deleted in Moovago. A person must decide whether there will be another one. */
export const deletedInMoovago = (row: FolderRow, { at }: At): FolderRow =>
  parked(
    { ...row, intent: undefined },
    { kind: 'deleted', message: 'its company was deleted in Moovago: retry makes a new one', at },
  );

/** The company is gone, and another one bears the folder's marker: a person has merged them. */
export const merged = (row: FolderRow, { companyId, at }: At & { companyId: string }): FolderRow =>
  adopted(row, { recordId: companyId, at });

/** Several companies are this folder's. The row keeps its own, or the oldest if its own is gone. */
export const doubled = (
  row: FolderRow,
  { candidates, at }: At & { candidates: readonly string[] },
): FolderRow => ambiguous(row, { candidates, companyId: candidates[0], at });
