import { goneSuffix } from '../mapping/gone-suffix.ts';
import type { FolderRow } from '../state/folder-row.ts';
import { atRestWithoutFolder, isDue, nextVersion } from './row-transitions.ts';

// What happens to the row of a folder that is gone from Clavus, each as a pure function from row to row.

/**
 * The folder is gone from Clavus. Its company is left as it is (`keep`), gets a note of it in its name (`flag`), or is
 * deleted. `undefined` while a request of unknown outcome settles: the next scan asks again. One that Moovago refused has
 * settled by time alone, as nobody sends it again.
 */
export function gone(
  row: FolderRow | undefined,
  { policy, at }: { policy: 'keep' | 'flag' | 'delete'; at: number },
): FolderRow | undefined {
  if (row === undefined || row.status === 'removed') return undefined;
  if (row.intent !== undefined && (isDue(row) || (row.waitUntil ?? 0) > at)) return undefined;
  const record = row.applied?.record ?? {};
  if (policy === 'keep' || row.companyId === undefined) return atRestWithoutFolder(row);
  const name = `${record.name ?? row.desired?.record.name ?? ''}${goneSuffix}`;
  return {
    ...row,
    status: 'due',
    removal: policy,
    desired: {
      version: nextVersion(row),
      record: policy === 'flag' ? { ...record, name } : record,
      at,
      lane: 'bulk',
    },
    failure: undefined,
    attempts: 0,
    unclear: undefined,
    waitUntil: undefined,
    dueLane: 'bulk',
    dueAt: at,
  };
}

/** Moovago confirmed that the company is deleted. A folder that came back meanwhile gets a new one. */
export function deleted(row: FolderRow, { version, at }: { version: number; at: number }): FolderRow {
  const next: FolderRow = {
    ...row,
    companyId: undefined,
    applied: undefined,
    intent: undefined,
    attempts: 0,
    unclear: undefined,
    waitUntil: undefined,
  };
  const isBack = row.status === 'due' && row.desired !== undefined && row.desired.version > version;
  return isBack ? { ...next, dueLane: row.desired?.lane, dueAt: at } : atRestWithoutFolder(next);
}
