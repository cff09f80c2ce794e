import { columnText } from '../mapping/column-text.ts';
import { columnsNamed, companyColumns, createColumnReader } from '../mapping/columns.ts';
import { satisfiesFilter } from '../mapping/folder-filter.ts';
import { createFolderMapper } from '../mapping/map-folder.ts';
import type { Directory } from '../state/directory.ts';
import type { FolderReading } from '../sync/detect/folder-reading.ts';
import type { App } from './app.ts';

/** Maps folders with the directory of both systems. */
export const folderMapper = (
  { columns, users, team: { members, mandators } }: Directory,
  { config, stage }: Pick<App, 'config' | 'stage'>,
) => createFolderMapper({ config, knownColumns: columns, users, members, mandators, stage });

/** Reads folders by the configuration. @throws ConfigurationError for a column that Clavus never had */
export function createReading(directory: Directory, app: Pick<App, 'config' | 'stage'>): FolderReading {
  const { config } = app;
  const { filter, createdColumn, modifiedColumn } = config.clavus;
  const read = createColumnReader(config, directory.columns);
  const mapped = companyColumns(config);
  const references = columnsNamed(config);
  return {
    map: folderMapper(directory, app),
    modified: (folder) => (modifiedColumn === undefined ? undefined : read(folder, modifiedColumn)),
    date: (folder, kind) => {
      const column = kind === 'modified' ? modifiedColumn : (createdColumn ?? modifiedColumn);
      const value = column === undefined ? undefined : read(folder, column);
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    columns: () => references,
    text: (folder, column) => {
      const value = read(folder, column);
      return value === undefined ? undefined : columnText(value).trim();
    },
    satisfiesFilter: (folder) => satisfiesFilter(filter, (column) => read(folder, column)),
    fields: () => mapped.map(({ field }) => field),
    shows: (folder) =>
      mapped.flatMap(({ field, columns: references }) =>
        references.some((reference) => read(folder, reference) !== undefined) ? [field] : [],
      ),
  };
}
