import type { Folder } from '../clavus/folder.ts';
import type { Log } from '../framework/telemetry.ts';

export type FolderPage = { totalCount: number; folders: Folder[] };

export type ScanDependencies = {
  log: Log;
  /** Folders that a page is asked for. */
  pageSize: number;
  /** Pages are numbered from 1. */
  readPage(page: number): Promise<FolderPage>;
  /** Called with each page's folders that were not seen before in this scan. `false`: stop here. */
  onFolders(folders: Folder[]): Promise<boolean>;
};

/** Numbered pages shift while they are read: a page without one new folder happens, many in a row mean a broken answer. */
const barrenPagesMax = 3;

/**
 * Reads all pages of Clavus' folders. A scan is complete only when as many distinct folders were seen as Clavus
 * counts; a short page is not the end (a server may cap its pages), an empty one is.
 */
export async function scanFolders({ log, pageSize, readPage, onFolders }: ScanDependencies): Promise<{
  complete: boolean;
  folders: number;
}> {
  const seen = new Set<string>();
  let barren = 0;
  for (let page = 1; barren < barrenPagesMax; page++) {
    const { totalCount, folders } = await readPage(page);
    const distinct = new Map(folders.map((folder) => [folder.id, folder]));
    const fresh = [...distinct.values()].filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    barren = fresh.length === 0 ? barren + 1 : 0;
    if (fresh.length > 0 && !(await onFolders(fresh))) return { complete: false, folders: seen.size };
    // A full page may have another behind it, whatever the count says.
    if (seen.size >= totalCount && folders.length < pageSize) return { complete: true, folders: seen.size };
    if (folders.length === 0) {
      log.warn('scan-incomplete', { seen: seen.size, totalCount });
      return { complete: false, folders: seen.size };
    }
  }
  log.warn('scan-incomplete', { seen: seen.size, reason: 'pages repeat themselves' });
  return { complete: false, folders: seen.size };
}
