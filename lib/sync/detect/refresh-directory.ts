import type { ClavusClient } from '../../clavus/client.ts';
import type { Column, Folder, User } from '../../clavus/folder.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { Mandator, Team } from '../../moovago/company.ts';
import type { Directory, DirectoryStore } from '../../state/directory.ts';

export type RefreshDependencies = {
  telemetry: Pick<Telemetry, 'log'>;
  clavus: Pick<ClavusClient, 'getColumns' | 'getTeams' | 'getUsers' | 'getFolders'>;
  directory: Pick<DirectoryStore, 'read' | 'save'>;
  /** Moovago's team of the key, at a slot of the pace. */
  readTeam(): Promise<Team>;
  /** Its mandators, if the tenant maps them. */
  readMandators?(teamId: string): Promise<Mandator[]>;
};

/** A few folders, read for their columns: some technical names appear nowhere else. */
export const sampleQuery = { page: 1, itemParPage: 200 };

/** Reads what both systems say about themselves, and keeps every column that was ever seen. */
export async function refreshDirectory(dependencies: RefreshDependencies): Promise<Directory> {
  const { clavus, telemetry } = dependencies;
  const before = await dependencies.directory.read();
  const listed = await clavus.getColumns();
  const { folders } = await clavus.getFolders(sampleQuery);
  const columns = mergeColumns(before?.columns ?? [], listed, folders);
  const users = await readUsers(clavus);
  const team = await dependencies.readTeam();
  const mandators = await dependencies.readMandators?.(team.id);
  const directory = { columns, users, team: mandators === undefined ? team : { ...team, mandators } };
  await dependencies.directory.save(directory);
  telemetry.log.info('directory-refreshed', {
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
}: Pick<ClavusClient, 'getTeams' | 'getUsers'>): Promise<User[]> {
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
    if (id === '') return;
    const all = names.get(id) ?? new Set<string>();
    for (const name of found) if (name) all.add(name);
    names.set(id, all);
  };
  for (const { id, label } of listed) add(id, label);
  for (const folder of folders) for (const { id, name, label } of folder.columns) add(id, name, label);
  return [...names].map(([id, all]) => ({ id, names: [...all] }));
}
