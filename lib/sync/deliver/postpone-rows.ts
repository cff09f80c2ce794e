import { inParallel } from '../../framework/in-parallel.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { isDue } from '../rows/row-status.ts';
import type { DeliverDependencies } from './delivery.ts';

/** Moves due rows to a later time. Rows that rest meanwhile stay as they are. */
export async function postponeRows(
  rows: readonly FolderRow[],
  to: (row: FolderRow) => number,
  dependencies: Pick<DeliverDependencies, 'rows'>,
): Promise<void> {
  if (rows.length === 0) return;
  const move = async (row: FolderRow) =>
    (await dependencies.rows.postpone(row.folderId, row.dueAt ?? 0, to(row))) ? [] : [row.folderId];
  const missed = (await inParallel(rows, move, 16)).flat();
  // The feeder moves a row right after it has queued it: what was read a moment before is then out of date.
  const again = missed.length > 0 ? [...(await dependencies.rows.read(missed)).values()].filter(isDue) : [];
  await inParallel(again, move, 16);
}
