import { isDeepStrictEqual } from 'node:util';
import type { ClavusClient } from '../../clavus/client.ts';
import type { Folder, FolderPage } from '../../clavus/folder.ts';
import { attempt } from '../../framework/attempt.ts';
import { columnsNamed, createColumnReader, findColumns, type KnownColumn } from '../../mapping/columns.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { ColumnForm } from '../../state/directory.ts';
import type { FolderReading } from './folder-reading.ts';
import { isRefusal } from './is-refusal.ts';

/** So many folders are compared. */
const comparedMax = 20;

/** The columns of the configuration, in a form in which Clavus may be asked to return them. */
export function columnsIn(
  form: ColumnForm,
  { config, known }: { config: SyncConfig; known: readonly KnownColumn[] },
): string[] {
  const { ids } = findColumns(config, known);
  const names = columnsNamed(config);
  return form === 'name' ? names : [...new Set(names.flatMap((one) => ids.get(one) ?? []))];
}

type Sample = { config: SyncConfig; known: readonly KnownColumn[]; folders: readonly Folder[] };

/**
 * Finds out in which form this Clavus takes the columns to return, which the guide leaves open: by their ids, or by the
 * names that the configuration uses. A page that is asked for so must have the same values as the same page without, and
 * less else.
 * @returns `undefined` if no form works, or there is nothing to compare
 */
export async function probeColumnForm(
  sample: Sample,
  { getFolders }: Pick<ClavusClient, 'getFolders'>,
): Promise<ColumnForm | undefined> {
  const { config, known } = sample;
  const folders = sample.folders.slice(0, comparedMax);
  if (folders.length === 0 || findColumns(config, known).problems.length > 0) return undefined;
  const itemParPage = Math.min(comparedMax, config.clavus.pageSize);
  for (const form of ['id', 'name'] as const) {
    const columns = columnsIn(form, sample);
    const answer = await attempt(getFolders({ page: 1, itemParPage, columns }));
    if (answer.ok && isSame(answer.value.folders, { ...sample, folders })) return form;
  }
  return undefined;
}

/** Whether folders have the values of the sample in every column of the configuration, and fewer columns. */
function isSame(given: readonly Folder[], { config, known, folders }: Sample): boolean {
  const read = createColumnReader(config, known);
  const names = columnsNamed(config);
  const whole = new Map(folders.map((folder) => [folder.id, folder]));
  const pairs = given.flatMap((asked) => {
    const full = whole.get(asked.id);
    return full === undefined ? [] : [{ asked, full }];
  });
  const isEqual = ({ asked, full }: { asked: Folder; full: Folder }) =>
    names.every((one) => isDeepStrictEqual(read(asked, one), read(full, one)));
  const isShown = ({ asked }: { asked: Folder }) => names.some((one) => read(asked, one) !== undefined);
  return (
    pairs.length > 0 &&
    pairs.every(isEqual) &&
    pairs.some(isShown) &&
    pairs.some(({ asked, full }) => asked.columns.length < full.columns.length)
  );
}

type GetFolders = ClavusClient['getFolders'];

/**
 * Pages with some columns only. No value is lost by it: a column that no folder of such a page shows is looked for on the
 * whole page, and if it is there, or the page is refused, all columns are asked for from then on.
 * @param columns the columns to ask for; `undefined` for all
 */
export function createColumnAsking(
  columns: readonly string[] | undefined,
  reading: Pick<FolderReading, 'columns' | 'text'>,
  getFolders: GetFolders,
): GetFolders {
  let asked = columns;
  /** The columns that whole pages do not show either. */
  const absent = new Set<string>();
  const missingOn = ({ folders }: FolderPage) =>
    folders.length === 0
      ? []
      : reading
          .columns()
          .filter(
            (one) => !absent.has(one) && folders.every((folder) => reading.text(folder, one) === undefined),
          );

  return async (query) => {
    if (asked === undefined) return getFolders(query);
    const answer = await attempt(getFolders({ ...query, columns: asked }));
    if (!answer.ok && !isRefusal(answer.error)) throw answer.error;
    const missing = answer.ok ? missingOn(answer.value) : [];
    if (answer.ok && missing.length === 0) return answer.value;
    const whole = await getFolders(query);
    const still = new Set(missingOn(whole));
    if (!answer.ok || missing.some((one) => !still.has(one))) asked = undefined;
    for (const one of still) absent.add(one);
    return whole;
  };
}
