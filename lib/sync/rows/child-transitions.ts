import type { MappedChild } from '../../mapping/map-children.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow, RowOf } from '../../state/folder-row.ts';
import { dueFrom, isDue, isUnmappable, removedRow } from './row-status.ts';
import { changed, unmappable } from './row-transitions.ts';

// What happens to the row of a record that belongs to a company: pure functions from row to row. A row that is due but
// in no lane waits for its company: the company's delivery wakes it.

type Found = { rowId: string; mapped: MappedChild; at: number; lane: Lane; again: boolean };

/** Clavus now maps to this. What Clavus no longer has is left as it is in Moovago. */
export function changedChild(
  row: FolderRow | undefined,
  { rowId, mapped, at, lane, again }: Found,
): FolderRow | undefined {
  if (mapped.kind === 'blank') return row && withoutDesired(row);
  if (mapped.kind === 'unmappable')
    return unmappable(row, { rowId, field: mapped.field, reason: mapped.reason, at });
  const { record } = mapped;
  const known = row && again ? placeForDoubt(row, at) : row;
  return changed(known, { rowId, record, at, lane, again }) ?? (row && woken(row, { at }));
}

/**
 * A linked record that was never delivered has no `applied`; give it an empty one, so that `again` can mark it as
 * doubted.
 */
const placeForDoubt = (row: FolderRow, at: number): FolderRow =>
  row.companyId === undefined || row.applied ? row : { ...row, applied: { version: 0, record: {}, at } };

/** Nothing is left to create; what exists stays. */
function withoutDesired(row: FolderRow): FolderRow | undefined {
  if (row.intent !== undefined) return undefined;
  const isOpen = isDue(row) && row.companyId === undefined;
  return isOpen || row.failure?.kind === 'mapping' ? removedRow(row) : undefined;
}

type DueRow = RowOf<'due'>;

const withoutRecord = { companyId: undefined, applied: undefined, intent: undefined };

/** Moovago no longer has it, or its company is another one. It is looked for there, and created if it is missing. */
export const unlinked = (row: FolderRow): FolderRow | undefined =>
  isDue(row) ? { ...row, ...withoutRecord } : undefined;

/** Its company exists now, or is desired again. */
export const woken = (row: FolderRow, { at }: { at: number }): DueRow | undefined =>
  isDue(row) && row.dueLane === undefined
    ? { ...row, dueLane: row.desired.lane, dueAt: Math.max(at, row.waitUntil ?? at) }
    : undefined;

/** Its folder has another company now, or will have one. It is looked for there, and created if it is missing. */
function following(row: FolderRow, companyId: string | undefined, at: number): DueRow | undefined {
  const { desired, parentId, status } = row;
  const isLeft = parentId !== undefined && parentId !== companyId;
  if (desired === undefined || !isLeft || status === 'removed' || isUnmappable(row)) return undefined;
  return { ...dueFrom(row, desired, at), failure: undefined };
}

/** Its company is about to be written. */
export const wokenBy = (company: FolderRow, row: FolderRow, at: number): DueRow | undefined =>
  isDue(row) ? woken(row, { at }) : following(row, company.companyId, at);

/** Its company does not exist, and no delivery is about to make it. */
export const resting = (row: FolderRow): DueRow | undefined =>
  isDue(row) && row.dueLane !== undefined ? { ...row, dueLane: undefined, dueAt: undefined } : undefined;

/** Its company is in the bulk lane; move it there too, so that it does not count as overdue. */
export const inBulk = (row: FolderRow): DueRow | undefined =>
  isDue(row) && row.desired.lane !== 'bulk'
    ? { ...row, desired: { ...row.desired, lane: 'bulk' }, dueLane: row.dueLane && 'bulk' }
    : undefined;

/** It belongs to this company from now on. A record under another company is not moved: no operation for that is known. */
export const attached = (row: FolderRow, parentId: string): DueRow | undefined =>
  isDue(row) ? { ...row, ...withoutRecord, parentId } : undefined;

/**
 * Another folder of the same customer writes it now. If it cannot be mapped, that reason stays; if it is gone from
 * Clavus, it stays so.
 */
export function givenAway(row: FolderRow): FolderRow | undefined {
  if (row.status === 'removed' || isUnmappable(row)) return { ...row, ...withoutRecord };
  if (row.desired === undefined) return undefined;
  const due = { ...dueFrom(row, row.desired, 0), failure: undefined, ...withoutRecord };
  return { ...due, dueLane: undefined, dueAt: undefined };
}

/** The folder is gone from Clavus. If its company goes, the record goes, too; otherwise the record stays as it is. */
export const childGone = (row: FolderRow | undefined): FolderRow | undefined =>
  row === undefined || row.status === 'removed' ? undefined : removedRow(row);
