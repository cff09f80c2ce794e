import { findMarker } from '../../mapping/marker.ts';
import type { Company } from '../../moovago/company.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import { type Pass, reconcileRow, type Verdict } from './reconcile-row.ts';

/** Which companies bear which folder's marker. */
export type Marks = {
  /** Company → the folder that its marker names. */
  folders: ReadonlyMap<string, string>;
  /** Folder → its companies, in Moovago's order, which is taken for the oldest first (assumption). */
  companies: ReadonlyMap<string, readonly string[]>;
};

/** For how many rows each statement is true. */
export type Counts = {
  /** The row has a company. */
  linked: number;
  compared: number;
  /** Moovago keeps a field in another form than it was sent; the field is left as it is. */
  ownForms: number;
  /** The folder is gone from Clavus, but its company is still in Moovago. */
  gone: number;
};

/** A row whose company bears another folder's marker. */
export type Misplaced = { folderId: string; companyId: string; markedFor: string };

export type Candidates = Counts & {
  /** Folders whose rows may need an action. */
  folderIds: string[];
  /** Rows whose company is no longer in Moovago, which was not known yet. */
  missing: number;
  misplaced: Misplaced[];
};

/** The markers of one stage: another stage may write to the same team. */
export function readMarks(companies: Iterable<Company>, stage: string): Marks {
  const folders = new Map<string, string>();
  const byFolder = new Map<string, string[]>();
  for (const { id, note } of companies) {
    const marker = findMarker(note ?? '');
    if (marker?.stage !== stage) continue;
    folders.set(id, marker.folderId);
    byFolder.set(marker.folderId, [...(byFolder.get(marker.folderId) ?? []), id]);
  }
  return { folders, companies: byFolder };
}

/** Reads all rows, with one page in memory at a time. Of rows that need nothing, only counts are kept. */
export async function findCandidates(
  pages: ReturnType<FolderRows['pages']>,
  known: FingerprintMap,
  marks: Marks,
  pass: Pass,
): Promise<Candidates> {
  const found: Candidates = {
    linked: 0,
    compared: 0,
    ownForms: 0,
    gone: 0,
    folderIds: [],
    missing: 0,
    misplaced: [],
  };
  for await (const rows of pages)
    for (const row of rows) {
      const verdict = reconcileRow(row, marks.companies.get(row.folderId) ?? [], pass);
      if (row.companyId !== undefined) found.linked++;
      if (row.companyId !== undefined && !known.has(row.folderId)) found.gone++;
      note(row, verdict, marks, found);
    }
  return found;
}

function note(
  row: FolderRow,
  { compared, hasAcceptedForm, finding }: Verdict,
  marks: Marks,
  found: Candidates,
): void {
  const { folderId, companyId = '' } = row;
  const markedFor = marks.folders.get(companyId) ?? folderId;
  if (compared) found.compared++;
  if (compared && markedFor !== folderId) found.misplaced.push({ folderId, companyId, markedFor });
  if (hasAcceptedForm) found.ownForms++;
  if (finding?.kind === 'deleted' || finding?.kind === 'removed') found.missing++;
  if (finding) found.folderIds.push(folderId);
}
