import { type MappedFolder, mappedPart } from '../../mapping/map-folder.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows, Transition } from '../../state/folder-rows.ts';
import { childRowId } from '../../state/row-id.ts';
import { changedChild } from '../rows/child-transitions.ts';
import { isDeleted } from '../rows/row-status.ts';
import { changed, ownerless, unmappable } from '../rows/row-transitions.ts';

export type FoundFolder = {
  folderId: string;
  mapped: MappedFolder;
  /** It was read by its id, not from a list. */
  byId?: boolean;
};

type Finding = {
  at: number;
  /** When Clavus was read, or before. */
  observedAt: number;
  lane: Lane;
  /**
   * Sends it again, whole. `named`: the operator named the folder. If its company was deleted in Moovago, it gets a new
   * one. `all`: for all folders; deleted companies stay deleted.
   */
  again?: 'named' | 'all' | undefined;
  rows: ReadonlyMap<string, FolderRow>;
};

const childrenOf = (mapped: MappedFolder) => mappedPart(mapped)?.children ?? [];

/** The row ids of the records that belong to a folder's company. */
export const childRowIds = ({ folderId, mapped }: FoundFolder): string[] =>
  childrenOf(mapped).map(({ child }) => childRowId(child, folderId));

/**
 * Each field that keeps a folder, or a record of its company, from being mapped, and why.
 * @param row of the folder; if it has a company, that keeps its owner, and an unknown owner keeps nothing else back
 */
export function unmappableParts(
  { mapped }: FoundFolder,
  row: FolderRow | undefined,
): { field: string; reason: string }[] {
  const isKept =
    mapped.kind === 'unmappable' && mapped.withoutOwner !== undefined && row?.companyId !== undefined;
  return [...(isKept ? [] : [mapped]), ...childrenOf(mapped)].flatMap((part) =>
    part.kind === 'unmappable' ? [{ field: part.field, reason: part.reason }] : [],
  );
}

/**
 * A list may stand on an index that lags behind what a reading by id gives (assumption), by so many milliseconds at
 * most.
 */
const listLagMs = 2 * 60_000;
/** A reading from further in the future than this, in milliseconds, is one of a clock that was wrong. */
const aheadMaxMs = 10 * 60_000;

/** Whether a row holds what was read later than this. A reading by id wins over a list for some minutes. */
function isOlderThan(
  before: FolderRow | undefined,
  { observedAt, byId, at }: { observedAt: number; byId: boolean; at: number },
): boolean {
  const { lookedAt = 0, namedAt } = before ?? {};
  if (lookedAt > at + aheadMaxMs) return false;
  return lookedAt > observedAt || (!byId && namedAt !== undefined && namedAt + listLagMs > observedAt);
}

/**
 * Stores what a folder maps to. If the folder cannot be mapped, the records of its company are left as they are.
 * @returns the rows that changed; `isOlder` if a row stays as it is although it differs: it holds what a later read
 * saw, or is one of newer code
 */
export async function writeMapped(
  { folderId, mapped, byId = false }: FoundFolder,
  { at, observedAt, lane, again, rows }: Finding,
  changeRow: FolderRows['change'],
): Promise<{ changed: FolderRow[]; isOlder: boolean }> {
  const older = new Set<string>();
  const change = async (rowId: string, next: Transition) => {
    let isOpen = true;
    const saved = await changeRow(
      rowId,
      (before) => {
        isOpen = isOlderThan(before, { observedAt, byId, at });
        const after = isOpen ? undefined : next(before);
        isOpen ||= after !== undefined;
        return after && { ...after, lookedAt: observedAt, namedAt: byId ? observedAt : undefined };
      },
      rows.get(rowId),
    );
    // Another process has stored what it read later: a slow read must not undo that. Or the row is one of newer code.
    if (saved === undefined && isOpen) older.add(rowId);
    return saved;
  };
  const isAgain = (before: FolderRow | undefined) =>
    again === 'named' || (again === 'all' && !(before && isDeleted(before)));
  const company = await change(folderId, (before) => {
    const finding = { rowId: folderId, at, lane, again: isAgain(before) };
    if (mapped.kind === 'mapped') return changed(before, { ...finding, record: mapped.record });
    const { field, reason, withoutOwner } = mapped;
    return withoutOwner === undefined
      ? unmappable(before, { rowId: folderId, field, reason, at })
      : ownerless(before, { ...finding, record: withoutOwner.record, lacksOwner: reason });
  });
  const stored = [company];
  for (const child of childrenOf(mapped)) {
    const rowId = childRowId(child.child, folderId);
    const found = { rowId, mapped: child, at, lane };
    const next = (before: FolderRow | undefined) =>
      changedChild(before, { ...found, again: isAgain(before) });
    stored.push(await change(rowId, next));
  }
  return { changed: stored.flatMap((row) => row ?? []), isOlder: older.size > 0 };
}
