import { isDeleted } from '../lib/sync/rows/row-status.ts';
import type { Session } from './session.ts';

/** Failed folders that one `retry --failed` takes. */
const retryMax = 10_000;

/** All that failed, but for the folders whose company somebody deleted: those are made again only when they are named. */
export async function failedFolders(rows: Session['rows']): Promise<string[]> {
  const failed = await rows.due('failed', Number.MAX_SAFE_INTEGER, retryMax);
  const found = await rows.read(failed.map(({ rowId }) => rowId));
  return [...found.values()].filter((row) => !isDeleted(row)).map(({ folderId }) => folderId);
}
