import type { Folder } from '../clavus/folder.ts';
import { findColumns, type KnownColumn, referencesOf } from '../mapping/columns.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { error, type Finding, warning } from './finding.ts';

/**
 * Whether every column that the configuration names is there and shown.
 * @param folders a sample of all: a column that none of them shows may be hidden from the key
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
