import { goneSuffix } from '../../mapping/gone-suffix.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { atRestWithoutFolder, isDeleted, isDue, isUnmappable, nextVersion } from './row-transitions.ts';

// What happens to the row of a folder that is gone from Clavus: pure functions from row to row.

type Gone = {
  policy: 'keep' | 'flag' | 'delete';
  at: number;
  /** When the last complete pass over Moovago's companies began: it has found what was made by then. */
  lookedAt: number;
};

/**
 * The folder is gone from Clavus. Its company is left as it is (`keep`), is marked as gone in its name (`flag`), or is
 * deleted. A company that the folder never wrote is not its own; a company deleted in Moovago no longer exists.
 * `undefined` while a request of unknown outcome settles: the next scan asks again. A refused request is never sent
 * again, so time alone settles it. A creation may have made a company even so: it is settled once a later pass has read
 * the companies.
 */
export function gone(row: FolderRow | undefined, { policy, at, lookedAt }: Gone): FolderRow | undefined {
  if (row === undefined || row.status === 'removed') return undefined;
  const settledBy = row.intent?.kind === 'create' ? lookedAt : at;
  if (row.intent !== undefined && (isDue(row) || (row.waitUntil ?? 0) > settledBy)) return undefined;
  // If its company was made even so, what was sent identifies it.
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
 * Moovago confirmed that the company is deleted. If the folder came back meanwhile, it gets a new one; if it came back and cannot
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
