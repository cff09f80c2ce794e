import { createFolderMapper } from '../mapping/map-folder.ts';
import type { Directory } from '../state/directory.ts';
import type { App } from './app.ts';

/** Maps folders with the directory of both systems. */
export const folderMapper = (
  { columns, users, team: { members, mandators } }: Directory,
  { config, stage }: Pick<App, 'config' | 'stage'>,
) => createFolderMapper({ config, knownColumns: columns, users, members, mandators, stage });
