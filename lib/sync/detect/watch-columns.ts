import type { Folder } from '../../clavus/folder.ts';
import { ConfigurationError } from '../../framework/errors.ts';
import type { FolderReading } from './folder-reading.ts';

/** So many folders on a page, none of which shows any column of the name: then it is not theirs to be blank. */
const foldersMin = 10;

/**
 * Notices columns that Clavus shows in no folder any more, as when a key lost the right to read them. Such a column is no
 * blank in every folder: its field is left alone, and without any name nothing can be told of the folders at all.
 */
export function watchColumns({ fields, shows }: Pick<FolderReading, 'fields' | 'shows'>) {
  const shown = new Set<string>();

  /** @throws ConfigurationError when no folder of a page shows a column of the name */
  function look(folders: readonly Folder[]): void {
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

  /** After the last page: the fields of which no folder showed a column. */
  const notShown = (): string[] => (shown.size === 0 ? [] : fields().filter((field) => !shown.has(field)));

  return { look, notShown };
}
