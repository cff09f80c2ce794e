import type { Folder } from '../clavus/folder.ts';
import { findColumns, type KnownColumn, referencesOf } from '../mapping/columns.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { error, type Finding, warning } from './finding.ts';

/**
 * Checks that every column of the configuration exists, and that some folder shows it.
 * @param folders a sample: if none of them shows a column, the key may not have the right to read it
 */
export function checkColumns(
  config: SyncConfig,
  known: readonly KnownColumn[],
  folders: readonly Folder[],
): Finding[] {
  const { ids, problems } = findColumns(config, known);
  if (folders.length === 0 && problems.length > 0)
    return problems.map(({ path, message }) =>
      warning(path, `${message} (Clavus shows no folder yet, and some names are seen in folders only)`),
    );
  const shown = new Set(folders.flatMap(({ columns }) => columns.map(({ id }) => id)));
  const hidden = referencesOf(config).filter(({ reference }) => {
    const id = ids.get(reference);
    return folders.length > 0 && id !== undefined && !shown.has(id);
  });
  return [
    ...problems.map(({ path, message }) => error(path, message, { isChange: true })),
    ...hidden.map(({ path, reference }) =>
      warning(path, `none of ${folders.length} folders shows the column '${reference}'`, {
        cure: 'Ask the administrator of Clavus whether the API key may read it.',
        isChange: true,
      }),
    ),
  ];
}
