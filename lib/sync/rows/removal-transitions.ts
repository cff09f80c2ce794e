import { goneSuffix } from '../../mapping/gone-suffix.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { atRestWithoutFolder, isDeleted, isDue, isUnmappable, nextVersion } from './row-transitions.ts';

// What happens to the row of a folder that is gone from Clavus, each as a pure function from row to row.

type Gone = {
  policy: 'keep' | 'flag' | 'delete';
  at: number;
  /** When the last complete pass over Moovago's companies began: what was made by then, it has found. */
  lookedAt: number;
};

/**
 * The folder is gone from Clavus. Its company is left as it is (`keep`), gets a note of it in its name (`flag`), or is
 * deleted; one that it never wrote is not its own, and one that somebody deleted is not there. `undefined` while a request
 * of unknown outcome settles: the next scan asks again. One that Moovago refused nobody sends again: it has settled by time
 * alone, or, where it may have made a company all the same, once somebody has looked.
 */
export function gone(row: FolderRow | undefined, { policy, at, lookedAt }: Gone): FolderRow | undefined {
  if (row === undefined || row.status === 'removed') return undefined;
  const settledBy = row.intent?.kind === 'create' ? lookedAt : at;
  if (row.intent !== undefined && (isDue(row) || (row.waitUntil ?? 0) > settledBy)) return undefined;
  // What may have been made all the same is told by what was sent.
  if (row.companyId === undefined) return atRestWithoutFolder(row);
  const isItsOwn = (row.applied?.version ?? 0) > 0 && !isDeleted(row);
  if (!isItsOwn) return deleted(row, { version: nextVersion(row), at });
  if (policy === 'keep') return atRestWithoutFolder(row);
  const record = row.applied?.record ?? {};
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

/**
 * Moovago confirmed that the company is deleted. A folder that came back meanwhile gets a new one; where it came back and cannot
 * be mapped, it keeps that reason.
 */
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
  if (isUnmappable(row)) return { ...next, removal: undefined };
  const isBack = row.status === 'due' && row.desired !== undefined && row.desired.version > version;
  return isBack ? { ...next, dueLane: row.desired?.lane, dueAt: at } : atRestWithoutFolder(next);
}
