import type { Folder } from '../../clavus/folder.ts';
import { ConfigurationError } from '../../framework/errors.ts';
import type { FolderReading } from './folder-reading.ts';

/** If no folder of a page of this size has a name column, the column is unreadable, not empty. */
const foldersMin = 10;

/**
 * Detects columns that Clavus no longer shows in any folder, as when a key lost the right to read them. Such a column
 * is not blank in every folder: its field is left as it is. Without a name column, nothing can be said about the
 * folders at all.
 */
export function watchColumns({ fields, shows }: Pick<FolderReading, 'fields' | 'shows'>) {
  const shown = new Set<string>();

  /** @throws ConfigurationError if no folder of a page shows a column of the name */
  function watch(folders: readonly Folder[]): void {
    let hasName = false;
    for (const folder of folders)
      for (const field of shows(folder)) {
        shown.add(field);
        hasName ||= field === 'name';
      }
    if (folders.length < foldersMin || hasName) return;
    throw new ConfigurationError(
      'company.name',
      'Clavus shows none of its columns in any folder of a page. Did the API key lose the right to read them?',
    );
  }

  /** After the last page: the fields whose columns no folder showed. */
  const notShown = (): string[] => (shown.size === 0 ? [] : fields().filter((field) => !shown.has(field)));

  return { watch, notShown };
}
