import type { ClavusClient } from '../../clavus/client.ts';
import type { Column, Folder, User } from '../../clavus/folder.ts';
import type { Clock } from '../../framework/clock.ts';
import { ConfigurationError } from '../../framework/errors.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { fold } from '../../mapping/fold.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { Mandator, Team } from '../../moovago/company.ts';
import type { Directory, DirectoryStore } from '../../state/directory.ts';
import { probeColumnForm } from './column-form.ts';
import { createPageReader } from './read-page.ts';

export type RefreshDependencies = {
  clock: Clock;
  config: SyncConfig;
  telemetry: Pick<Telemetry, 'log'>;
  clavus: Pick<ClavusClient, 'getColumns' | 'getTeams' | 'getUsers' | 'getFolders'>;
  directory: Pick<DirectoryStore, 'read' | 'save'>;
  /** Moovago's team of the key, at a slot of the pace. */
  readTeam(): Promise<Team>;
  /** Its mandators, if the tenant maps them. */
  readMandators?(teamId: string): Promise<Mandator[]>;
};

/**
 * A few folders, read for their columns: some technical names appear nowhere else. Fewer, if Clavus cannot answer for so
 * many.
 */
export const readSample = ({ getFolders }: Pick<ClavusClient, 'getFolders'>, pageSize = 200) =>
  createPageReader(Math.min(200, pageSize), undefined, (page, itemParPage) =>
    getFolders({ page, itemParPage }),
  ).read(1);

/** Reads what both systems say about themselves, and keeps every column that was ever seen. */
export async function refreshDirectory(dependencies: RefreshDependencies): Promise<Directory> {
  const { clavus, telemetry } = dependencies;
  const at = dependencies.clock.now();
  const before = await dependencies.directory.read();
  const listed = await clavus.getColumns();
  const { folders } = await readSample(clavus, dependencies.config.clavus.pageSize);
  const columns = mergeColumns(before?.columns ?? [], listed, folders);
  const users = stillKnown(before?.users, await readUsers(clavus), at);
  const found = await dependencies.readTeam();
  if (before !== undefined && before.team.id !== found.id) throw anotherTeam(before.team, found);
  const team = { ...found, members: stillKnown(before?.team.members, found.members, at) };
  const mandators = await dependencies.readMandators?.(team.id);
  const columnForm = await probeColumnForm({ config: dependencies.config, known: columns, folders }, clavus);
  const directory = {
    columnForm,
    columns,
    users,
    team:
      mandators === undefined
        ? team
        : { ...team, mandators: stillKnown(before?.team.mandators, mandators, at) },
  };
  await dependencies.directory.save(directory);
  telemetry.log.info('directory-refreshed', {
    columns: columns.length,
    users: users.length,
    members: directory.team.members.length,
    columnsBy: columnForm ?? 'none',
  });
  return directory;
}

/** People who are missing from an answer are gone once they were missing for so long, in milliseconds. */
const goneAfterMs = 60 * 60_000;

/**
 * What was listed, and what was listed before until it has been missing for an hour, in two answers at least. One empty
 * answer must not take every folder from its owner.
 */
function stillKnown<One extends { id: string; missingSince?: number | undefined }>(
  before: readonly One[] | undefined,
  listed: readonly One[],
  at: number,
): One[] {
  const ids = new Set(listed.map(({ id }) => id));
  const missing = (before ?? []).flatMap((one) => {
    const { missingSince = at } = one;
    return ids.has(one.id) || at - missingSince >= goneAfterMs ? [] : [{ ...one, missingSince }];
  });
  return [...listed, ...missing];
}

/** The key of another team would make every company anew there. */
const anotherTeam = (before: Team, now: Team) =>
  new ConfigurationError(
    'MOOVAGO_API_KEY',
    `the key is that of team "${now.name}" (${now.id}), and everything so far was written to team "${before.name}" (${before.id}). ` +
      'Put the key of that team back. For another team, begin with another stage or another --data-dir.',
  );

/** The active users of all teams, each once. */
export async function readUsers({
  getTeams,
  getUsers,
}: Pick<ClavusClient, 'getTeams' | 'getUsers'>): Promise<User[]> {
  const users = new Map<string, User>();
  const teams = await getTeams();
  for (const teamId of teams.length > 0 ? teams.map(({ id }) => id) : [undefined])
    for (const user of await getUsers(teamId)) users.set(user.id, user);
  return [...users.values()];
}

/**
 * Merges columns by id, with every name that the list and the folders show for them. A column that is not listed any more
 * loses the names that a listed one has.
 */
export function mergeColumns(
  known: Directory['columns'],
  listed: readonly Column[],
  folders: readonly Folder[],
): Directory['columns'] {
  const names = new Map(known.map((column) => [column.id, new Set(column.names)]));
  const add = (id: string, ...found: (string | null | undefined)[]) => {
    if (id === '') return;
    const all = names.get(id) ?? new Set<string>();
    for (const name of found) if (name) all.add(name);
    names.set(id, all);
  };
  for (const { id, label } of listed) add(id, label);
  for (const folder of folders) for (const { id, name, label } of folder.columns) add(id, name, label);
  // What is listed now wins: a column that was made again has the name, under a new id.
  const ids = new Set(listed.map(({ id }) => id));
  const taken = new Set(listed.flatMap(({ id }) => [...(names.get(id) ?? [])].map(fold)));
  const isGone = (id: string, name: string) => listed.length > 0 && !ids.has(id) && taken.has(fold(name));
  return [...names].map(([id, all]) => ({ id, names: [...all].filter((name) => !isGone(id, name)) }));
}
