import { DateTime } from 'luxon';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import type { Folder } from '../../lib/clavus/folder.ts';
import type { FoldersQuery } from '../../lib/clavus/operations.ts';
import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import type { Chance } from '../chance.ts';
import { canary, customerNumber, customerOf } from '../customers.ts';
import type { Environment } from '../environment.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import type { Outages } from './outages.ts';

/** A folder as the people in Clavus see it. What tells whose folder it is, its customer has. */
export type SimulatedFolder = {
  id: string;
  name: string;
  city: string;
  note: string;
  /** What stands in the column of the person in charge: a user's id, somebody whom nobody knows, or nothing. */
  owner: string;
  /** Rises with every edit, in runs that number them. */
  serial: number;
  changedAt: number;
  /** What its column says; older than the last change where an import made that. */
  modifiedAt: number;
};

/** The street names the folder, so that every company tells who wrote it. */
export const addressOf = ({ id, serial }: SimulatedFolder): string => `${serial} rue ${canary} ${id}`;

/** Where a tenant keeps when a folder was last modified, by the clock on its wall. */
export const modifiedColumn = 'modifié le';

/** The person at the customer's: names the folder too. In some runs there is one only where there are notes. */
export const contactName = ({ contactsComeAndGo }: Plan, { id, note }: SimulatedFolder): string =>
  contactsComeAndGo && note === '' ? '' : `${canary}personne ${id}`;

const columnNames = [
  'nom',
  'ville',
  'adresse',
  'notes',
  'cp',
  'tel',
  'email',
  'commercial',
  'interlocuteur',
] as const;

const namesIn = ({ dates }: Plan): readonly string[] =>
  dates === 'none' ? columnNames : [...columnNames, modifiedColumn];

function modifiedOf({ dates }: Plan, { modifiedAt }: SimulatedFolder): string {
  const local = DateTime.fromMillis(modifiedAt, { zone: 'Europe/Paris' });
  return local.toFormat(dates === 'day' ? 'yyyy-MM-dd' : "yyyy-MM-dd'T'HH:mm:ss");
}

function asFolder(plan: Plan, folder: SimulatedFolder): Folder {
  const { phone, email, postalCode } = customerOf(plan, customerNumber(folder.id));
  const { name, city, note, owner } = folder;
  const person = contactName(plan, folder);
  const modified = modifiedOf(plan, folder);
  const values = [name, city, addressOf(folder), note, postalCode, phone, email, owner, person, modified];
  return {
    id: folder.id,
    columns: namesIn(plan).map((name, index) => ({
      id: `c${index + 1}`,
      name,
      label: name,
      value: values[index] ?? '',
    })),
  };
}

/** Its users, who are Moovago's members too. */
const users = [
  { id: 'u1', firstName: 'Ann', lastName: `${canary}un`, email: null },
  { id: 'u2', firstName: 'Bob', lastName: `${canary}deux`, email: null },
];

export type FakeClavus = ReturnType<typeof createFakeClavus>;

/** Clavus: folders that change while they are read. */
export function createFakeClavus(world: World, outages: Outages) {
  const { plan, scheduler } = world;
  const folders = new Map<string, SimulatedFolder>();
  const listeners: ((folderId: string) => void)[] = [];

  /** The newest change first, where a page's number means little; else as they were made. */
  function sorted(): SimulatedFolder[] {
    const all = [...folders.values()];
    if (!plan.faults.has('clavus-order-shifts')) return all;
    world.count('fault clavus-order-shifts');
    return all.sort((one, other) => other.changedAt - one.changedAt);
  }

  function failure(env: Environment, draw: Chance): Error | undefined {
    if (outages.clavusRefusesKey()) return new ConfigurationError('CLAVUS_API_KEY', 'refused (401)');
    if (env.strikes('clavus-down', draw))
      return new TryLater('Clavus is in trouble (503)', {
        system: 'Clavus',
        applied: 'unknown',
        status: 503,
      });
    return undefined;
  }

  function request<Value>(env: Environment, what: string, answer: (draw: Chance) => Value): Promise<Value> {
    return env.call<Value>(`clavus ${what}`, (reply, draw) => {
      const slow = env.strikes('clavus-slow', draw) ? draw.pick('slow', [3_000, 29_000]) : plan.clavusMs;
      scheduler.at(world.now() + (world.isQuiet() ? 50 : slow), () => {
        const error = failure(env, draw);
        reply(error ? { error } : { value: answer(draw) });
      });
    });
  }

  /** What was modified since, in that order; all where the filter is overlooked, as an unknown column's may be. */
  function wanted({ filterColumns = [], sortBy = [] }: FoldersQuery) {
    const since = filterColumns.find(({ column }) => column === modifiedColumn)?.value;
    const all = sorted();
    if (since === undefined) return all;
    world.count('poll of what was modified');
    if (plan.faults.has('clavus-overlooks-filter')) {
      world.count('fault clavus-overlooks-filter');
      return all;
    }
    const found = all.filter((folder) => modifiedOf(plan, folder) >= since);
    return sortBy.length === 0 ? found : found.sort((one, other) => one.modifiedAt - other.modifiedAt);
  }

  function pageOf(env: Environment, query: FoldersQuery, draw: Chance) {
    if (env.strikes('clavus-empty', draw)) return { totalCount: 0, folders: [] };
    const { page, itemParPage: size } = query;
    const all = wanted(query);
    const found = all.slice((page - 1) * size, page * size).map((folder) => asFolder(plan, folder));
    const isShort = env.strikes('clavus-short-page', draw);
    return { totalCount: all.length, folders: isShort ? found.slice(1) : found };
  }

  const put = (folder: SimulatedFolder) => {
    folders.set(folder.id, folder);
    for (const listener of listeners) listener(folder.id);
  };

  const unsupported = () => Promise.reject(new Error('The simulated Clavus takes no such request'));

  return {
    folders,
    put,
    /** Tells of every folder that is new or changed. */
    onChange: (listener: (folderId: string) => void) => void listeners.push(listener),
    clientFor: (env: Environment): ClavusClient => ({
      getFolders: (query) => request(env, `page ${query.page}`, (draw) => pageOf(env, query, draw)),
      getValuesByIds: (ids) =>
        request(env, 'values', () =>
          ids.flatMap((id) => folders.get(id) ?? []).map((folder) => asFolder(plan, folder)),
        ),
      getColumns: () =>
        request(env, 'columns', () => namesIn(plan).map((label, index) => ({ id: `c${index + 1}`, label }))),
      getTeams: () => request(env, 'teams', () => []),
      getUsers: () => request(env, 'users', () => users),
      introspect: unsupported,
      upsertProspect: unsupported,
    }),
  };
}
