import type { Folder } from '../clavus/folder.ts';
import type { FoldersQuery } from '../clavus/operations.ts';
import { columnText } from '../mapping/column-text.ts';
import { createColumnReader, type KnownColumn } from '../mapping/columns.ts';
import { satisfiesFilter } from '../mapping/folder-filter.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { DateColumn } from './check-dates.ts';
import { error, type Finding, note, warning } from './finding.ts';

type GetFolders = (query: FoldersQuery) => Promise<{ totalCount: number; folders: Folder[] }>;
type Sample = { config: SyncConfig; known: readonly KnownColumn[]; folders: readonly Folder[] };

/** Checks on one page that Clavus applies the tenant's filter. */
export async function checkFilter({ config, known }: Sample, getFolders: GetFolders): Promise<Finding[]> {
  const { filter, pageSize } = config.clavus;
  if (filter.length === 0) return [];
  const read = createColumnReader(config, known);
  const { totalCount, folders } = await getFolders({ page: 1, itemParPage: pageSize, filterColumns: filter });
  if (totalCount === 0)
    return [
      warning('clavus.filter', 'lets no folder pass', {
        cure: 'Compare its values with those in Clavus, letter by letter.',
      }),
    ];
  const wrong = folders.filter((folder) => !satisfiesFilter(filter, (column) => read(folder, column)));
  return wrong.length > 0
    ? [
        warning(
          'clavus.filter',
          `${wrong.length} of ${folders.length} folders that Clavus lets pass do not seem to`,
          {
            cure: 'Look at one of them in Clavus: either the filter is not honoured, or it compares in another way.',
          },
        ),
      ]
    : [note('clavus.filter', `lets ${totalCount} folders pass`)];
}

/**
 * Checks that Clavus, asked for folders modified since a date, returns all of them and no others.
 * @param usable dates of the sample, as the tenant writes them, sorted
 */
export async function checkBound(
  { path, reference }: DateColumn,
  usable: readonly string[],
  { config, known, folders }: Sample,
  getFolders: GetFolders,
): Promise<Finding[]> {
  const bound = usable[Math.floor(usable.length / 2)] ?? '';
  // A bound that equals the oldest date excludes nothing, so it proves nothing.
  if (bound === usable[0]) return [];
  const read = createColumnReader(config, known);
  const at = (folder: Folder) => columnText(read(folder, reference) ?? null).trim();
  const given = await getFolders({
    page: 1,
    itemParPage: config.clavus.pageSize,
    filterColumns: [...config.clavus.filter, { column: reference, operator: '>=', value: bound }],
    sortBy: [{ column: reference, direction: 'asc' }],
  });
  const ids = new Set(given.folders.map(({ id }) => id));
  const cure = `Leave ${path} out: all folders are read then.`;
  const older = given.folders.filter((folder) => at(folder) < bound).length;
  if (older > 0)
    return [
      error(path, `Clavus, asked for '${reference}' >= a date, also gives ${older} older folders`, { cure }),
    ];
  // Folders beyond this page are not expected on it.
  const last = given.totalCount > given.folders.length ? at(given.folders.at(-1) ?? nothing) : undefined;
  const isExpected = (folder: Folder) =>
    usable.includes(at(folder)) && at(folder) >= bound && (last === undefined || at(folder) < last);
  const missing = folders
    .filter((folder) => satisfiesFilter(config.clavus.filter, (column) => read(folder, column)))
    .filter((folder) => isExpected(folder) && !ids.has(folder.id)).length;
  return missing > 0
    ? [
        error(path, `Clavus, asked for '${reference}' >= a date, leaves out ${missing} newer folders`, {
          cure,
        }),
      ]
    : [];
}

const nothing: Folder = { id: '', columns: [] };

/** Checks that the pages come in the order of a column. */
export async function checkOrder(
  { path, reference }: DateColumn,
  { config, known }: Sample,
  getFolders: GetFolders,
): Promise<Finding[]> {
  const read = createColumnReader(config, known);
  const { folders } = await getFolders({
    page: 1,
    itemParPage: config.clavus.pageSize,
    filterColumns: config.clavus.filter,
    sortBy: [{ column: reference, direction: 'asc' }],
  });
  const values = folders
    .map((folder) => columnText(read(folder, reference) ?? null).trim())
    .filter((text) => text !== '');
  const isSorted = values.every((value, index) => index === 0 || (values[index - 1] ?? '') <= value);
  return isSorted
    ? []
    : [
        warning(path, `Clavus does not give its folders in the order of '${reference}'`, {
          cure: `Leave ${path} out: it is of no use.`,
        }),
      ];
}
