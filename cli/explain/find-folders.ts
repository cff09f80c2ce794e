import { resolve } from 'node:path';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import { findColumns } from '../../lib/mapping/columns.ts';
import { mapTexts } from '../../lib/mapping/map-texts.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { mergeColumns } from '../../lib/sync/detect/refresh-directory.ts';

const shownMax = 10;

export type FoldersFound = {
  total: number;
  /** The first of them, with what they are called in Moovago; '' where the configuration finds no name in one. */
  folders: { folderId: string; name: string }[];
};

/** Folders by name, as `search` in Clavus' guide looks for them. */
export async function findFolders(
  text: string,
  clavus: ClavusClient,
  configFile: string,
): Promise<FoldersFound> {
  const { totalCount, folders } = await clavus.getFolders({ page: 1, itemParPage: shownMax, search: text });
  if (folders.length === 0) return { total: 0, folders: [] };
  const config = await loadSyncConfig(resolve(configFile));
  const { ids } = findColumns(config, mergeColumns([], await clavus.getColumns(), folders));
  const found = folders.slice(0, shownMax).map(({ id: folderId, columns }) => {
    const read = (reference: string) => columns.findLast(({ id }) => id === ids.get(reference))?.value;
    const texts = mapTexts(
      { folderId, read },
      { fields: ['name', 'city'], rules: config.company, blanks: 'keep' },
    );
    const name = 'problem' in texts ? '' : [texts.name, texts.city].filter(Boolean).join(' · ');
    return { folderId, name };
  });
  return { total: Math.max(totalCount, found.length), folders: found };
}
