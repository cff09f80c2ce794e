import type { Column, Folder, User } from '../../clavus/folder.ts';
import type { Log } from '../../framework/telemetry.ts';
import type { Mandator, Team } from '../../moovago/company.ts';
import type { Directory } from '../../state/directory.ts';

export type RefreshDependencies = {
  log: Log;
  getColumns(): Promise<Column[]>;
  getTeams(): Promise<{ id: string }[]>;
  /** The active users of one team, as in the guide's query; all active users, if Clavus has no teams (assumption). */
  getUsers(teamId?: string): Promise<User[]>;
  /** A few folders: some names of columns appear nowhere else. */
  sampleFolders(): Promise<Folder[]>;
  /** Moovago's team of the key, at a slot of the pace. */
  readTeam(): Promise<Team>;
  /** Its mandators, if the tenant maps them. */
  readMandators?(teamId: string): Promise<Mandator[]>;
  readDirectory(): Promise<Directory | undefined>;
  saveDirectory(directory: Directory): Promise<void>;
};

/** Reads what both systems say about themselves, and keeps every column that was ever seen. */
export async function refreshDirectory(dependencies: RefreshDependencies): Promise<Directory> {
  const { log } = dependencies;
  const before = await dependencies.readDirectory();
  const columns = mergeColumns(
    before?.columns ?? [],
    await dependencies.getColumns(),
    await dependencies.sampleFolders(),
  );
  const users = await readUsers(dependencies);
  const team = await dependencies.readTeam();
  const mandators = await dependencies.readMandators?.(team.id);
  const directory = { columns, users, team: mandators === undefined ? team : { ...team, mandators } };
  await dependencies.saveDirectory(directory);
  log.info('directory-refreshed', {
    columns: columns.length,
    users: users.length,
    members: directory.team.members.length,
  });
  return directory;
}

/** The active users of all teams, each once. */
export async function readUsers({
  getTeams,
  getUsers,
}: Pick<RefreshDependencies, 'getTeams' | 'getUsers'>): Promise<User[]> {
  const users = new Map<string, User>();
  const teams = await getTeams();
  for (const teamId of teams.length > 0 ? teams.map(({ id }) => id) : [undefined])
    for (const user of await getUsers(teamId)) users.set(user.id, user);
  return [...users.values()];
}

/** Merges columns by id, with every name that the list and the folders show for them. */
export function mergeColumns(
  known: Directory['columns'],
  listed: readonly Column[],
  folders: readonly Folder[],
): Directory['columns'] {
  const names = new Map(known.map((column) => [column.id, new Set(column.names)]));
  const add = (id: string, ...found: (string | null | undefined)[]) => {
    const all = names.get(id) ?? new Set<string>();
    for (const name of found) if (name) all.add(name);
    names.set(id, all);
  };
  for (const { id, label } of listed) add(id, label);
  for (const folder of folders) for (const { id, name, label } of folder.columns) add(id, name, label);
  return [...names].map(([id, all]) => ({ id, names: [...all] }));
}
