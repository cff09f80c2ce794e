import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead, type FolderRows } from '../../state/folder-rows.ts';
import { childOf } from '../../state/row-id.ts';
import { stripped } from '../rows/removal-transitions.ts';
import type { Pass } from './reconcile-row.ts';

type StripDependencies = {
  clock: Clock;
  telemetry: Pick<Telemetry, 'log'>;
  rows: Pick<FolderRows, 'ended' | 'change'>;
};

/**
 * Drops what the table knows of customers who are gone, every night. Not before this pass has seen the company of a row:
 * from then on, the match keys recognise it, also for another folder of the customer.
 */
export async function stripEnded(
  pass: Pick<Pass, 'companies' | 'isWhole' | 'settledBy' | 'ownership'>,
  { clock, telemetry, rows }: StripDependencies,
): Promise<void> {
  const at = clock.now();
  let count = 0;
  const strip = async (row: FolderRow) => {
    if (!mayStrip(row, pass)) return;
    const ownership = childOf(row) === undefined ? pass.ownership : {};
    const saved = await rows.change(
      row.folderId,
      asRead(row, (current) => stripped(current, { ownership, at })),
      row,
    );
    if (saved !== undefined) count++;
  };
  for await (const page of rows.ended()) await inParallel(page, strip, 16);
  if (count > 0) telemetry.log.info('rows-stripped', { rows: count });
}

/** Not while Moovago may have a company of the row that this pass has not seen. */
function mayStrip(
  row: FolderRow,
  { companies, isWhole, settledBy }: Pick<Pass, 'companies' | 'isWhole' | 'settledBy'>,
): boolean {
  const { applied, companyId, intent, waitUntil = 0 } = row;
  if (Math.max(applied?.at ?? 0, intent?.at ?? 0, waitUntil) > settledBy) return false;
  return companyId === undefined || childOf(row) !== undefined || isWhole || companies.has(companyId);
}
