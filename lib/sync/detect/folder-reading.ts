import type { ColumnValue, Folder } from '../../clavus/folder.ts';
import type { MappedFolder } from '../../mapping/map-folder.ts';

/** Reads what a folder says, by the configuration. */
export type FolderReading = {
  map(folder: Folder): MappedFolder;
  /** When it was modified, as the tenant writes it; `undefined` if no column is configured for that. */
  modified(folder: Folder): ColumnValue | undefined;
  /** The date by which a list is sliced, as the tenant writes it; `undefined` if the folder has none. */
  date(folder: Folder, kind: 'full' | 'modified'): string | undefined;
  /** The columns of the configuration, by whose values a list may be cut. */
  columns(): readonly string[];
  /** The text of one of them; empty if it is blank, `undefined` if the folder does not show it. */
  text(folder: Folder, column: string): string | undefined;
  /** Whether the tenant's filter lets it pass. */
  satisfiesFilter(folder: Folder): boolean;
  /** The company fields that the configuration maps. */
  fields(): string[];
  /** The mapped fields whose columns the folder has, blank or not. */
  shows(folder: Folder): string[];
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
    date: (folder, kind) => reading().date(folder, kind),
    columns: () => reading().columns(),
    text: (folder, column) => reading().text(folder, column),
    satisfiesFilter: (folder) => reading().satisfiesFilter(folder),
    fields: () => reading().fields(),
    shows: (folder) => reading().shows(folder),
  };
}
