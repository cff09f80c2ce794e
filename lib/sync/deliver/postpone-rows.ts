import { inParallel } from '../../framework/in-parallel.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { isDue } from '../rows/row-transitions.ts';
import type { DeliverDependencies } from './delivery.ts';

/** Lets due rows come back at a time of their own; those at rest meanwhile are left alone. */
export async function postponeRows(
  rows: readonly FolderRow[],
  to: (row: FolderRow) => number,
  { postpone, readRows }: Pick<DeliverDependencies, 'postpone' | 'readRows'>,
): Promise<void> {
  if (rows.length === 0) return;
  const move = async (row: FolderRow) =>
    (await postpone(row.folderId, row.dueAt ?? 0, to(row))) ? [] : [row.folderId];
  const missed = (await inParallel(rows, move, 16)).flat();
  // The feeder moves a row right after it put it on the queue: what was read a moment before is then out of date.
  const again = missed.length > 0 ? [...(await readRows(missed)).values()].filter(isDue) : [];
  await inParallel(again, move, 16);
}
