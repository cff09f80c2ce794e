import type { Folder } from '../../clavus/folder.ts';
import { chunks } from '../../framework/chunks.ts';

/** Folders in one `getValuesByIds`: the guide shows one and names no limit (assumption). */
const foldersPerLookup = 50;

/**
 * Reads folders by their ids, in parts.
 * @returns the ids that Clavus does not know
 */
export async function readNamed(
  folderIds: readonly string[],
  readFolders: (folderIds: readonly string[]) => Promise<Folder[]>,
  take: (folders: Folder[]) => Promise<unknown>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const asked of chunks(folderIds, foldersPerLookup)) {
    const folders = await readFolders(asked);
    const found = new Set(folders.map(({ id }) => id));
    missing.push(...asked.filter((id) => !found.has(id)));
    await take(folders);
  }
  return missing;
}
