import { companyKey } from '../../mapping/match-keys.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { KeyOwner, MatchIndex } from '../../state/match-index.ts';

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
