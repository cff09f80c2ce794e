import type { MappedFolder } from '../../mapping/map-folder.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { ChangeRow, Transition } from '../../state/folder-rows.ts';
import { childRowId } from '../../state/row-id.ts';
import { wantedChild } from '../rows/child-transitions.ts';
import { isDeleted, unmappable, wanted } from '../rows/row-transitions.ts';

export type FoundFolder = { folderId: string; mapped: MappedFolder };

type Finding = {
  at: number;
  /** When Clavus was asked, or before. */
  lookedAt: number;
  lane: Lane;
  /**
   * Has it sent again, whole. `named`: somebody named it, and so gets a new company where somebody deleted one. `all`:
   * nobody asked for those.
   */
  again?: 'named' | 'all' | undefined;
  rows: ReadonlyMap<string, FolderRow>;
};

const childrenOf = (mapped: MappedFolder) => (mapped.kind === 'mapped' ? (mapped.children ?? []) : []);

/** The ids of the rows of what belongs to a folder's company. */
export const childRowIds = ({ folderId, mapped }: FoundFolder): string[] =>
  childrenOf(mapped).map(({ child }) => childRowId(child, folderId));

/** Each field that keeps a folder, or something that belongs to its company, from being mapped, and why. */
export function unmappableParts({ mapped }: FoundFolder): { field: string; reason: string }[] {
  return [mapped, ...childrenOf(mapped)].flatMap((part) =>
    part.kind === 'unmappable' ? [{ field: part.field, reason: part.reason }] : [],
  );
}

/**
 * Writes down what a folder maps to. Of one that cannot be mapped, what belongs to its company is left as it is.
 * @returns the rows that changed; `isOlder` where one says what a later look saw, and is left as it is
 */
export async function writeMapped(
  { folderId, mapped }: FoundFolder,
  { at, lookedAt, lane, again, rows }: Finding,
  changeRow: ChangeRow,
): Promise<{ changed: FolderRow[]; isOlder: boolean }> {
  const older = new Set<string>();
  const change = (rowId: string, next: Transition) =>
    changeRow(
      rowId,
      (before) => {
        older.delete(rowId);
        // Somebody has looked later, and written down what they saw: a look that took long must not undo it.
        if ((before?.lookedAt ?? 0) > lookedAt) {
          older.add(rowId);
          return undefined;
        }
        const after = next(before);
        return after && { ...after, lookedAt };
      },
      rows.get(rowId),
    );
  const isAgain = (before: FolderRow | undefined) =>
    again === 'named' || (again === 'all' && !(before && isDeleted(before)));
  const company = await change(folderId, (before) =>
    mapped.kind === 'mapped'
      ? wanted(before, { folderId, record: mapped.record, at, lane, again: isAgain(before) })
      : unmappable(before, { folderId, field: mapped.field, reason: mapped.reason, at }),
  );
  const changed = [company];
  for (const child of childrenOf(mapped)) {
    const rowId = childRowId(child.child, folderId);
    const found = { rowId, mapped: child, at, lane };
    const next = (before: FolderRow | undefined) => wantedChild(before, { ...found, again: isAgain(before) });
    changed.push(await change(rowId, next));
  }
  return { changed: changed.flatMap((row) => row ?? []), isOlder: older.size > 0 };
}
