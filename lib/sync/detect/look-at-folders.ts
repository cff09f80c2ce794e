import type { Folder } from '../../clavus/folder.ts';
import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Log } from '../../framework/telemetry.ts';
import type { MappedFolder } from '../../mapping/map-folder.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { ChangeRow, ReadRows } from '../../state/folder-rows.ts';
import { readNamed } from './read-named.ts';
import { childRowIds, unmappableParts, writeMapped } from './write-mapped.ts';

export type LookDependencies = {
  clock: Clock;
  log: Log;
  readFolders(folderIds: readonly string[]): Promise<Folder[]>;
  mapFolder(folder: Folder): MappedFolder;
  readRows: ReadRows;
  changeRow: ChangeRow;
};

export type LookRequest = {
  folderIds: readonly string[];
  lane: Lane;
  /** Ignores folders that no poll has ever seen. */
  knownOnly: boolean;
};

/**
 * Reads named folders in Clavus and stores what changed, possibly beside a running poll. It does not touch
 * fingerprints, which are the poll's. So if it stores an older state than the poll's, the next poll corrects that.
 * @returns the rows that are due now
 */
export async function lookAtFolders(
  { folderIds, lane, knownOnly }: LookRequest,
  dependencies: LookDependencies,
): Promise<FolderRow[]> {
  const { clock, log, readFolders, mapFolder, readRows, changeRow } = dependencies;
  const lookedAt = clock.now();
  const rows = await readRows(folderIds);
  const asked = knownOnly ? folderIds.filter((id) => rows.has(id)) : folderIds;
  const folders: Folder[] = [];
  await readNamed(asked, readFolders, async (part) => folders.push(...part));
  const found = folders.map((folder) => ({ folderId: folder.id, mapped: mapFolder(folder) }));
  for (const one of found)
    for (const part of unmappableParts(one))
      log.warn('folder-unmappable', { folderId: one.folderId, ...part });
  const children = await readRows(found.flatMap(childRowIds));
  const finding = { at: clock.now(), lookedAt, lane, rows: new Map([...rows, ...children]) };
  const written = await inParallel(found, (one) => writeMapped(one, finding, changeRow), 16);
  return written.flatMap(({ changed }) => changed).filter(({ status }) => status === 'due');
}
