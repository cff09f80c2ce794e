import type { ClavusClient } from '../../lib/clavus/client.ts';
import type { Folder } from '../../lib/clavus/folder.ts';
import { ConfigurationError, TryLater } from '../../lib/framework/errors.ts';
import type { Chance } from '../chance.ts';
import type { Environment } from '../environment.ts';
import type { World } from '../world.ts';
import type { Outages } from './outages.ts';

/** Every personal value contains it, so that one that gets into a log is found. */
export const canary = 'Zqx';

export type SimulatedFolder = {
  id: string;
  name: string;
  city: string;
  note: string;
  serial: number;
  changedAt: number;
};

const columnsOf = ({ name, city, note, serial }: SimulatedFolder) =>
  [
    { id: 'c1', name: 'nom', label: 'Nom', value: name },
    { id: 'c2', name: 'ville', label: 'Ville', value: city },
    { id: 'c3', name: 'adresse', label: 'Adresse', value: `${serial} rue ${canary}` },
    { id: 'c4', name: 'notes', label: 'Notes', value: note },
  ] satisfies Folder['columns'];

const asFolder = (folder: SimulatedFolder): Folder => ({ id: folder.id, columns: columnsOf(folder) });

export type FakeClavus = ReturnType<typeof createFakeClavus>;

/** Clavus: folders that change while they are read. */
export function createFakeClavus(world: World, outages: Outages) {
  const { plan, scheduler } = world;
  const folders = new Map<string, SimulatedFolder>();

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

  function pageOf(env: Environment, page: number, size: number, draw: Chance) {
    if (env.strikes('clavus-empty', draw)) return { totalCount: 0, folders: [] };
    const all = sorted();
    const found = all.slice((page - 1) * size, page * size).map(asFolder);
    const isShort = env.strikes('clavus-short-page', draw);
    return { totalCount: all.length, folders: isShort ? found.slice(1) : found };
  }

  const unsupported = () => Promise.reject(new Error('The simulated Clavus takes no such request'));

  return {
    folders,
    clientFor: (env: Environment): ClavusClient => ({
      getFolders: ({ page, itemParPage }) =>
        request(env, `page ${page}`, (draw) => pageOf(env, page, itemParPage, draw)),
      getValuesByIds: (ids) =>
        request(env, 'values', () => ids.flatMap((id) => folders.get(id) ?? []).map(asFolder)),
      getColumns: () =>
        request(env, 'columns', () =>
          ['nom', 'ville', 'adresse', 'notes'].map((label, index) => ({ id: `c${index + 1}`, label })),
        ),
      getTeams: () => request(env, 'teams', () => []),
      getUsers: () => request(env, 'users', () => []),
      introspect: unsupported,
      upsertProspect: unsupported,
      downloadFile: unsupported,
    }),
  };
}
