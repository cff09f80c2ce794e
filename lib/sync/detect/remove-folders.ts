import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { mappedChildren } from '../../mapping/mapped-children.ts';
import { companyKey } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { DirectoryStore } from '../../state/directory.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import type { Removals, RemovalsStore } from '../../state/removals.ts';
import { childRowId } from '../../state/row-id.ts';
import { childGone } from '../rows/child-transitions.ts';
import { gone } from '../rows/removal-transitions.ts';
import { isSharer, left } from '../rows/sharing-transitions.ts';

export type RemoveDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  config: Pick<SyncConfig, 'onRemoved' | 'contacts' | 'turnover'>;
  rows: Pick<FolderRows, 'read' | 'change'>;
  fingerprints: Pick<Fingerprints, 'remove'>;
  removals: RemovalsStore;
  directory: Pick<DirectoryStore, 'readPass'>;
  matchIndex: Pick<MatchIndex, 'sharers'>;
};

/**
 * Removes folders that two complete scans in a row did not find, and that Clavus does not return by id. If more are
 * missing than may go at once, none is removed until the operator approves it. A mistake in Clavus must not empty
 * Moovago.
 * @param gone the known folders that this complete scan did not find
 * @param unseen how many are missing, if they are too many to ask for
 */
export async function removeFolders(
  scan: { gone: readonly string[]; unseen: number },
  before: Removals,
  dependencies: RemoveDependencies,
): Promise<number> {
  const { clock, removals } = dependencies;
  const { log, count } = dependencies.telemetry;
  count('RemovalsHeld', scan.unseen);
  if (scan.unseen > 0) {
    log.error('removals-held', { folders: scan.unseen });
    await removals.save('held', { folders: scan.unseen, at: clock.now() });
    return 0;
  }
  const missing = new Set(before.missing?.folderIds);
  const again = scan.gone.filter((folderId) => missing.has(folderId));
  const removed = await removeAll(again, dependencies);
  const open = scan.gone.filter((folderId) => !removed.has(folderId));
  if (open.length > 0) await removals.saveMissing(open);
  else if (missing.size > 0) await removals.forget('missing');
  if (before.held !== undefined) await removals.forget('held');
  // Used up once no folder is left for which it was needed.
  if (before.approved !== undefined && open.length === 0) await removals.forget('approved');
  return removed.size;
}

/** @returns the folders that were removed; not those with a request of unknown outcome, which must settle first */
async function removeAll(
  folderIds: readonly string[],
  dependencies: RemoveDependencies,
): Promise<Set<string>> {
  const { clock, config, directory, fingerprints, telemetry } = dependencies;
  const { onRemoved } = config;
  const children = mappedChildren(config);
  const childIds = (folderId: string) => children.map((child) => childRowId(child, folderId));
  const rows = await dependencies.rows.read([...folderIds, ...folderIds.flatMap(childIds)]);
  const at = clock.now();
  // When the last complete pass over Moovago's companies began; 0 before the first.
  const observedAt = (await directory.readPass())?.begunAt ?? 0;
  const { change } = dependencies.rows;
  const changed = await inParallel(
    folderIds,
    async (folderId) => {
      const row = rows.get(folderId);
      for (const rowId of childIds(folderId)) await change(rowId, childGone, rows.get(rowId));
      const heirs = await heirsOf(row, dependencies);
      const policy = heirs.length > 0 ? 'keep' : onRemoved;
      const next = await change(folderId, (current) => gone(current, { policy, at, observedAt }), row);
      const isGone = next !== undefined || row === undefined || row.status === 'removed';
      if (!isGone) return [];
      const inherit = (heir: FolderRow | undefined) => (isHeir(heir, row) ? left(heir, { at }) : undefined);
      // After the row: only a folder that is gone yields to them.
      for (const heir of heirs) await change(heir.folderId, inherit, heir);
      return [folderId];
    },
    16,
  );
  const removed = changed.flat();
  if (removed.length === 0) return new Set();
  // After the rows: until then, the next scan finds the same folders gone. Without a fingerprint, a folder that comes
  // back counts as new.
  await fingerprints.remove(removed);
  telemetry.log.info('folders-gone', { folderIds: removed, policy: onRemoved });
  return new Set(removed);
}

/** The other folders of the same customer. The company is theirs from now on, whatever happens to this folder. */
async function heirsOf(
  row: FolderRow | undefined,
  { rows, matchIndex }: RemoveDependencies,
): Promise<FolderRow[]> {
  if (row?.companyId === undefined) return [];
  const sharers = await matchIndex.sharers(companyKey(row.companyId));
  return [...(await rows.read(sharers)).values()].filter((sharer) => isHeir(sharer, row));
}

const isHeir = (sharer: FolderRow | undefined, row: FolderRow | undefined): sharer is FolderRow =>
  sharer !== undefined && row?.companyId !== undefined && isSharer(sharer, row.companyId);
