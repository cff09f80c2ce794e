import type { ColumnValue, Folder } from '../clavus/folder.ts';
import type { MappedFolder } from '../mapping/map-folder.ts';

/** What a folder says, by the configuration. */
export type FolderReading = {
  map(folder: Folder): MappedFolder;
  /** When it was modified, as the tenant writes it; nothing where no column is configured for that. */
  modified(folder: Folder): ColumnValue | undefined;
  /** Whether the tenant's filter lets it pass. */
  satisfiesFilter(folder: Folder): boolean;
};

/** Made for the first folder: a Clavus without folders may not show all of its columns yet. */
export function readingOnDemand(create: () => FolderReading): FolderReading {
  let made: FolderReading | undefined;
  const reading = () => {
    made ??= create();
    return made;
  };
  return {
    map: (folder) => reading().map(folder),
    modified: (folder) => reading().modified(folder),
    satisfiesFilter: (folder) => reading().satisfiesFilter(folder),
  };
}
