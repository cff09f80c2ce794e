import { DateTime } from 'luxon';
import { systemClock } from '../lib/framework/clock.ts';
import { ConfigurationError } from '../lib/framework/errors.ts';
import type { Refusal } from '../lib/jobs/decide-job.ts';
import type { SyncConfig } from '../lib/mapping/sync-config.ts';
import type { FolderRow } from '../lib/state/folder-row.ts';
import { createFolderRows } from '../lib/state/folder-rows.ts';
import { createMatchIndex } from '../lib/state/match-index.ts';
import { commandText, type State, type StateOptions } from './state.ts';

/** What the jobs that carry out a person's decision need of the table. */
export const rowsOf = ({ table }: Pick<State, 'table'>) => ({
  clock: systemClock,
  rows: createFolderRows(table, () => crypto.randomUUID()),
  matchIndex: createMatchIndex(table),
});

/** A folder as a person knows it: its id and its name. */
export function folderText({ folderId, desired, applied }: FolderRow): string {
  const name = desired?.record.name ?? applied?.record.name;
  return name === undefined ? `Folder ${folderId}` : `Folder ${folderId} (${name})`;
}

/** When what was decided takes effect. */
export const effectLine = (what: string, { stage }: Pick<StateOptions, 'stage'>): string =>
  stage === undefined ? `${what}: npx clavus-moovago sync --once` : `${what}, within some minutes.`;

/** @throws ConfigurationError that says in a sentence why nothing was decided, and what to do */
export function refuse(
  folderId: string,
  refusal: Refusal,
  { stage, config }: Pick<StateOptions, 'stage'> & { config: SyncConfig },
): never {
  throw new ConfigurationError(folderId, reasonOf(folderId, refusal, { stage, config }));
}

/** Why nothing was decided, and what to do. */
export function reasonOf(
  folderId: string,
  refusal: Refusal,
  { stage, config }: Pick<StateOptions, 'stage'> & { config: SyncConfig },
): string {
  const options = stage === undefined ? {} : { stage };
  switch (refusal.refused) {
    case 'unknown':
      return `no poll has seen this folder. Check the id: ${commandText('explain NAME', options)} finds it by name.`;
    case 'newer':
      return 'a newer version of the connector wrote its row. Use the command of that version.';
    case 'gone':
      return 'this folder is gone from Clavus: there is nothing to decide.';
    case 'without-company':
      return 'this folder has no company, and none waits to be chosen.';
    case 'not-left-out':
      return 'this folder is not left out.';
    case 'changed':
      return `this folder has changed at this very moment. Look again: ${commandText(`explain ${folderId}`, options)}`;
    case 'under-way': {
      const until = DateTime.fromMillis(refusal.until, { zone: config.pace.timezone }).toFormat('HH:mm:ss');
      return `a request of this folder is under way, or its outcome is not known yet. Try again after ${until}.`;
    }
    case 'not-listed':
      return `Moovago does not list company ${refusal.companyId}. Check the id.`;
    case 'own':
      return `company ${refusal.companyId} was made for this folder, and no other folder has it. If it should have another one: ${commandText(`link ${folderId} COMPANY`, options)}`;
    case 'taken':
      return `folder ${refusal.by} writes company ${refusal.companyId}. If both are one customer, add --share; otherwise first: ${commandText(`unlink ${refusal.by}`, options)}`;
  }
}
