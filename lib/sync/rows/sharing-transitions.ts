import type { FolderRow } from '../../state/folder-row.ts';
import { atRest, dueFrom, isIgnored, isUnmappable } from './row-status.ts';

// What happens to the rows of folders that share one company: pure functions from row to row.

/**
 * Another folder of the same customer writes the company. A folder that is gone from Clavus only leaves it; an unmappable one
 * keeps its reason.
 */
export function secondary(row: FolderRow, secondaryTo: { companyId: string; folderId: string }): FolderRow {
  const without = { companyId: undefined, applied: undefined };
  if (row.status === 'removed') return { ...row, ...without };
  const shared = { ...without, secondaryTo, intent: undefined };
  if (isIgnored(row)) return { ...row, ...shared, waitUntil: undefined };
  const { desired } = row;
  if (isUnmappable(row)) return { ...row, ...shared, waitUntil: undefined };
  if (desired === undefined) return row;
  return { ...row, ...atRest, ...shared, status: 'secondary', desired };
}

/** The company is another customer's: the folder is matched once more, and never with that one. */
export const parted = (row: FolderRow, { at }: { at: number }): FolderRow =>
  row.status === 'due' ? { ...dueFrom(row, row.desired, at), companyId: undefined, applied: undefined } : row;

/** Whether the folder shares this company, which another one writes: also while it is due, or cannot be mapped. */
export const isSharer = (row: FolderRow, companyId: string): boolean =>
  row.companyId === undefined && row.secondaryTo?.companyId === companyId;

/**
 * The folder that wrote the shared company is gone: this one may write it. One that is due does so anyway; an unmappable one
 * waits until it can be mapped, and shares the company until then.
 */
export const left = (row: FolderRow, { at }: { at: number }): FolderRow | undefined =>
  row.status === 'secondary' ? { ...dueFrom(row, row.desired, at), attempts: 0 } : undefined;
