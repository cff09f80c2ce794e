import { DateTime } from 'luxon';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import type { Folder } from '../../lib/clavus/folder.ts';
import type { FoldersQuery } from '../../lib/clavus/operations.ts';
import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import type { Chance } from '../chance.ts';
import { canary, customerNumber, customerOf, streetOfCustomer } from '../customers.ts';
import type { Answer, Environment } from '../environment.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';
import type { Outages } from './outages.ts';
import type { Trouble } from './trouble.ts';

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
  /** Somebody has typed another customer's e-mail and telephone. */
  isMistyped?: boolean;
  changedAt: number;
  /** What its column says; older than the last change where an import made that. */
  modifiedAt: number;
};

/** What follows the street names the folder, so that every company tells who wrote it. */
export const addressOf = ({ id, serial }: Pick<SimulatedFolder, 'id' | 'serial'>): string =>
  `${streetOfCustomer(customerNumber(id))}, ${serial} ${id}`;

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

/** Columns that were made again have other ids. */
const columnId = ({ areColumnsRemade }: Plan, nth: number) => `${areColumnsRemade ? 'd' : 'c'}${nth + 1}`;

const columnsOf = (plan: Plan) => namesIn(plan).map((label, nth) => ({ id: columnId(plan, nth), label }));

/** What tells whose folder it is. */
export function valuesOf(plan: Plan, { id, isMistyped = false }: SimulatedFolder) {
  const number = customerNumber(id);
  const { phone, email, postalCode } = customerOf(plan, number);
  // Not that of the customer who has the same name, nor one that both may be given: nothing could tell the two.
  const other = customerOf(number > 2 ? plan : { ...plan, hasSharedValues: false }, number + 2);
  return isMistyped ? { phone: other.phone, email: other.email, postalCode } : { phone, email, postalCode };
}

function asFolder(plan: Plan, folder: SimulatedFolder): Folder {
  const { phone, email, postalCode } = valuesOf(plan, folder);
  const { name, city, note, owner } = folder;
  const person = contactName(plan, folder);
  const modified = modifiedOf(plan, folder);
  const values = [name, city, addressOf(folder), note, postalCode, phone, email, owner, person, modified];
  return {
    id: folder.id,
    columns: namesIn(plan).map((name, index) => ({
      id: columnId(plan, index),
      name,
      label: name,
      value: values[index] ?? '',
    })),
  };
}

/** Its users, who are Moovago's members too. */
export const users = [
  { id: 'u1', firstName: 'Ann', lastName: `${canary}un`, email: null },
  { id: 'u2', firstName: 'Bob', lastName: `${canary}deux`, email: null },
];

/** What the client makes of trouble. */
const errorOf = ({ kind }: Trouble): Error =>
  kind === 'key'
    ? new ConfigurationError('CLAVUS_API_KEY', 'refused (401)')
    : new TryLater('Clavus is in trouble (503)', { system: 'Clavus', applied: 'unknown', status: 503 });

export type FakeClavus = ReturnType<typeof createFakeClavus>;

/** Clavus: folders that change while they are read. */
export function createFakeClavus(world: World, outages: Outages) {
  const { plan, scheduler } = world;
  const folders = new Map<string, SimulatedFolder>();
  /** What folders were before, oldest first: a list that lags shows them so. */
  const versions = new Map<string, SimulatedFolder[]>();
  const listeners: ((folderId: string) => void)[] = [];

  /** The folders as the list has them. */
  function listed(): SimulatedFolder[] {
    const seenAt = world.now() - (plan.wire?.lagMs ?? 0);
    if (seenAt === world.now()) return [...folders.values()];
    return [...folders.keys()].flatMap(
      (id) => versions.get(id)?.findLast(({ changedAt }) => changedAt <= seenAt) ?? [],
    );
  }

  /** The newest change first, where a page's number means little; else as they were made. */
  function sorted(): SimulatedFolder[] {
    const all = listed();
    if (!plan.faults.has('clavus-order-shifts')) return all;
    world.count('fault clavus-order-shifts');
    return all.sort((one, other) => other.changedAt - one.changedAt);
  }

  function troubleOf(env: Environment, draw: Chance): Trouble | undefined {
    if (outages.clavusRefusesKey()) return { kind: 'key' };
    return env.strikes('clavus-down', draw) ? { kind: 'failing', status: 503 } : undefined;
  }

  /** Sends a request, and answers it in its time. */
  function request<Value>(
    env: Environment,
    what: string,
    { answers, fails }: { answers(draw: Chance): Answer<Value>; fails(trouble: Trouble): Answer<Value> },
  ): Promise<Value> {
    return env.call<Value>(`clavus ${what}`, (reply, draw) => {
      const slow = env.strikes('clavus-slow', draw) ? draw.pick('slow', [3_000, 29_000]) : plan.clavusMs;
      scheduler.at(world.now() + (world.isQuiet() ? 50 : slow), () => {
        const trouble = troubleOf(env, draw);
        reply(trouble ? fails(trouble) : answers(draw));
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
    versions.set(folder.id, [...(versions.get(folder.id) ?? []), folder]);
    for (const listener of listeners) listener(folder.id);
  };

  const valuesOf = (ids: readonly string[]) =>
    ids.flatMap((id) => folders.get(id) ?? []).map((folder) => asFolder(plan, folder));

  const unsupported = () => Promise.reject(new Error('The simulated Clavus takes no such request'));
  const read = <Value>(env: Environment, what: string, value: (draw: Chance) => Value) =>
    request<Value>(env, what, {
      answers: (draw) => ({ value: value(draw) }),
      fails: (trouble) => ({ error: errorOf(trouble) }),
    });

  return {
    folders,
    put,
    request,
    pageOf,
    valuesOf,
    columns: () => columnsOf(plan),
    /** What a folder ever was, oldest first. */
    versionsOf: (id: string) => versions.get(id) ?? [],
    /** Tells of every folder that is new or changed. */
    onChange: (listener: (folderId: string) => void) => void listeners.push(listener),
    clientFor: (env: Environment): ClavusClient => ({
      getFolders: (query) => read(env, `page ${query.page}`, (draw) => pageOf(env, query, draw)),
      getValuesByIds: (ids) => read(env, 'values', () => valuesOf(ids)),
      getColumns: () => read(env, 'columns', () => columnsOf(plan)),
      getTeams: () => read(env, 'teams', () => []),
      getUsers: () => read(env, 'users', () => users),
      introspect: unsupported,
      upsertProspect: unsupported,
    }),
  };
}
