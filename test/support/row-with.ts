import { type FolderRow, folderRow, type RowOf } from '../../lib/state/folder-row.ts';
import { isDue } from '../../lib/sync/rows/row-status.ts';

const personal = new Set<unknown>(['refused', 'parked', 'ambiguous']);
const refusal = { kind: 'rejected', message: 'refused', firstAt: 1, lastAt: 1 };

/**
 * A row with other content, as the table would give it back: what its status does not own is gone. A row that waits for a
 * person is in the lane `failed`, and was refused unless the test says why.
 */
export function rowWith(row: object, changes: object): FolderRow {
  const whole: Record<string, unknown> = { ...row, ...changes };
  const { status, failure = refusal, dueAt = 1 } = whole;
  if (personal.has(status)) Object.assign(whole, { failure, dueLane: 'failed', dueAt });
  return folderRow.parse(
    Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
  );
}

export function dueRow(row: FolderRow | undefined): RowOf<'due'> {
  if (row === undefined || !isDue(row)) throw new Error(`expected a due row, not ${row?.status}`);
  return row;
}
