import { companyKey } from '../../mapping/match-keys.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { KeyOwner, MatchIndex } from '../../state/match-index.ts';
import { companyOf } from '../rows/decision-transitions.ts';
import { isGone } from '../rows/row-status.ts';

type HolderDependencies = {
  rows: Pick<FolderRows, 'linkedTo' | 'read'>;
  matchIndex: Pick<MatchIndex, 'owners'>;
};

/**
 * The rows of the folders that may have a company: those that are linked to it, and the one with the lease on it. The index
 * of links lags; the lease does not.
 */
export async function readHolders(
  companyId: string,
  { rows, matchIndex }: HolderDependencies,
): Promise<{ holders: Map<string, FolderRow>; lease: Partial<KeyOwner> }> {
  const key = companyKey(companyId);
  const lease: Partial<KeyOwner> = (await matchIndex.owners([key])).get(key) ?? {};
  const linked = await rows.linkedTo(companyId);
  const ids = lease.folderId === undefined ? linked : [...linked, lease.folderId];
  return { holders: await rows.read(ids), lease };
}

/** The other folders that write a company. */
export async function writersOf(
  companyId: string,
  folderId: string,
  dependencies: HolderDependencies,
): Promise<FolderRow[]> {
  const { holders } = await readHolders(companyId, dependencies);
  return [...holders.values()].filter(
    (row) => row.companyId === companyId && row.folderId !== folderId && !isGone(row),
  );
}

/** The other folders that ever shared a company, and have it. */
export async function sharersOf(
  companyId: string,
  folderId: string,
  { rows, matchIndex }: { rows: Pick<FolderRows, 'read'>; matchIndex: Pick<MatchIndex, 'sharers'> },
): Promise<FolderRow[]> {
  const found = [...(await rows.read(await matchIndex.sharers(companyKey(companyId)))).values()];
  return found.filter((row) => row.folderId !== folderId && companyOf(row) === companyId && !isGone(row));
}
