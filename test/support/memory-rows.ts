import type { FolderRow } from '../../lib/state/folder-row.ts';
import { type FolderRows, isHeld } from '../../lib/state/folder-rows.ts';
import { readRowId } from '../../lib/state/row-id.ts';

/** The rows in memory, with the same answers as the table's: for tests of what decides, not of what stores. */
export function memoryRows(
  initial: readonly FolderRow[] = [],
): FolderRows & { all: Map<string, FolderRow>; changedMeanwhile: Set<string>; notYetFound: Set<string> } {
  const changedMeanwhile = new Set<string>();
  /** Companies whose links the index does not show yet. */
  const notYetFound = new Set<string>();
  const all = new Map(initial.map((row) => [row.folderId, row]));
  const dueRows = (lane: string, by: number) =>
    [...all.values()]
      .filter((row) => row.dueLane === lane && (row.dueAt ?? 0) <= by)
      .sort((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0));
  return {
    all,
    /** Somebody else is faster with these rows. */
    changedMeanwhile,
    read: async (ids) => new Map([...all].filter(([id]) => ids.includes(id))),
    change: async (folderId, transition) => {
      const found = all.get(folderId);
      const isLate = found !== undefined && changedMeanwhile.has(folderId);
      const before = isLate ? { ...found, revision: found.revision + 1 } : found;
      const after = transition(before);
      if (after === undefined) return undefined;
      const defined = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined));
      const saved = { ...(defined as FolderRow), revision: (before?.revision ?? 0) + 1 };
      all.set(folderId, saved);
      return saved;
    },
    erase: async ({ folderId }) => all.delete(folderId),
    due: async (lane, by, limit) =>
      dueRows(lane, by)
        .slice(0, limit)
        .map(({ folderId, dueAt }) => ({ rowId: folderId, dueAt: dueAt ?? 0 })),
    held: async (lane, limit) =>
      dueRows(lane, Number.MAX_SAFE_INTEGER)
        .filter(isHeld)
        .slice(0, limit)
        .map(({ folderId, dueAt }) => ({ rowId: folderId, dueAt: dueAt ?? 0 })),
    countDue: async (lane, by) => dueRows(lane, by).length,
    notYetFound,
    linkedTo: async (companyId, entity = 'company') =>
      [...all.values()]
        .filter((row) => row.companyId === companyId && !notYetFound.has(companyId))
        .map(({ folderId }) => folderId)
        .filter((rowId) => readRowId(rowId).entity === entity),
    linked: async (limit) =>
      [...all.values()].flatMap(({ companyId, folderId }) => (companyId ? [folderId] : [])).slice(0, limit),
    countLinked: async () => [...all.values()].filter((row) => row.companyId !== undefined).length,
    pages: async function* () {
      yield [...all.values()];
    },
    ended: async function* () {
      yield [...all.values()].filter(({ status }) => status === 'removed' || status === 'ignored');
    },
    postpone: async (folderId, from, to) => {
      const row = all.get(folderId);
      if (row?.dueAt !== from) return false;
      all.set(folderId, { ...row, dueAt: to });
      return true;
    },
  };
}
