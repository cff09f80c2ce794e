import { type ClavusClient, createClavusClient } from '../../lib/clavus/client.ts';
import type { Folder } from '../../lib/clavus/folder.ts';
import type { FoldersQuery } from '../../lib/clavus/operations.ts';
import type { Prospect } from '../../lib/clavus/prospect.ts';
import type { Fetch } from '../../lib/framework/service-fetch.ts';
import type { Chance } from '../chance.ts';
import type { Answer, Environment } from '../environment.ts';
import { type FakeClavus, users } from '../services/fake-clavus.ts';
import type { FakeProspects } from '../services/fake-prospects.ts';
import type { World } from '../world.ts';
import { errorOf } from './graphql-errors.ts';
import { createHttpAnswers } from './http-answers.ts';
import { type Asked, readRequest } from './read-request.ts';
import type { WireServices } from './wire-moovago.ts';
import type { WirePlan } from './wire-plan.ts';

type Services = WireServices & { clavus: FakeClavus; prospects: FakeProspects };
type GraphqlAnswer = { status?: number; data?: unknown; errors?: unknown[] };

const counts: Record<WirePlan['count'], (total: number, shown: number) => unknown> = {
  right: (total) => total,
  low: (total) => Math.floor(total / 2),
  page: (_, shown) => shown,
  high: (total) => total + 3,
  text: (total) => String(total),
  none: () => null,
};

const below = (name: string, value: unknown): GraphqlAnswer => ({ data: { erpEnrAPI: { [name]: value } } });

/** Clavus as a server: the real client talks HTTP to it. */
export function createWireClavus(
  world: World,
  wire: WirePlan,
  { clavus, prospects, breakFetch, arePeopleKnown }: Services,
) {
  const http = createHttpAnswers(wire);
  let usersVanished = false;

  /** A folder of a page, or what is left of one that cannot be read, with the errors about it. */
  function oddFolder(env: Environment, folder: Folder, nth: number, draw: Chance) {
    const path = ['erpEnrAPI', 'getFolders', 'results', nth] as const;
    if (env.strikes('folder-unreadable', draw))
      return { folder: null, errors: [errorOf(wire, 'trouble', { path })] };
    if (!env.strikes('value-unreadable', draw)) return { folder, errors: [] };
    const column = draw.between('column', 0, folder.columns.length - 1);
    const columns = folder.columns.map((one, index) => (index === column ? { ...one, value: null } : one));
    const error = errorOf(wire, 'trouble', { path: [...path, 'columns', column, 'value'] });
    return { folder: { ...folder, columns }, errors: [error] };
  }

  function foldersAnswer(env: Environment, query: FoldersQuery, draw: Chance): GraphqlAnswer {
    const { totalCount, folders } = clavus.pageOf(env, query, draw);
    if (folders.length > wire.heavyAbove) {
      world.count('wire: a page too heavy');
      return { status: 504 };
    }
    const odd = folders.map((folder, nth) => oddFolder(env, folder, nth, draw.of(nth)));
    const errors = odd.flatMap((one) => one.errors);
    const results = odd.map(({ folder }) => folder);
    const answer = below('getFolders', {
      totalCount: counts[wire.count](totalCount, folders.length),
      results,
    });
    return { ...answer, ...(errors.length > 0 ? { errors } : {}) };
  }

  function valuesAnswer(ids: readonly string[]): GraphqlAnswer {
    if (ids.length > wire.idsMax) {
      world.count('wire: too many ids');
      const error = errorOf(wire, 'refusal', {
        path: ['erpEnrAPI', 'getValuesByIds'],
        reason: `At most ${wire.idsMax} ids`,
      });
      return { data: null, errors: [error] };
    }
    const found = clavus.valuesOf(ids).map(({ id, columns }) => ({
      id,
      values: columns.map((one, nth) => (wire.hasValueIds ? { ...one, id: `v${nth}${id}` } : one)),
    }));
    return below('getValuesByIds', found);
  }

  /** Whoever vanishes is there again in the next answer. */
  function usersAnswer(env: Environment, draw: Chance): GraphqlAnswer {
    usersVanished = arePeopleKnown() && !usersVanished && env.strikes('users-vanish', draw);
    return below('getUsers', usersVanished ? users.slice(draw.pick('vanish', [1, 2])) : users);
  }

  function answerTo(env: Environment, { name, args }: Asked, draw: Chance): GraphqlAnswer {
    if (name === 'getFolders') return foldersAnswer(env, args as FoldersQuery, draw);
    if (name === 'getValuesByIds') return valuesAnswer(args.ids as string[]);
    if (name === 'getColumns') return below(name, args.page === 1 ? clavus.columns() : []);
    return name === 'getUsers' ? usersAnswer(env, draw) : below('getTeams', []);
  }

  const labels: Record<string, string> = {
    getValuesByIds: 'values',
    getColumns: 'columns',
    getTeams: 'teams',
    getUsers: 'users',
  };

  const saveProspect = (env: Environment, { name, args }: Asked) =>
    prospects.request<Response>(env, args as Prospect, {
      fails: http.fails,
      saved: ({ id }, draw) => http.json(env, { data: { [name]: { id } } }, draw),
      refused: ({ reason }, draw) =>
        http.json(env, { data: null, errors: [errorOf(wire, 'refusal', { path: [name], reason })] }, draw),
    });

  const fetchFor =
    (env: Environment): Fetch =>
    async (_url, init) => {
      const [root] = readRequest(await new Response(init?.body).text());
      if (root?.name === 'upsertProspect') return saveProspect(env, root);
      const [asked] = root?.below ?? [];
      if (asked === undefined) throw new Error('The simulated Clavus takes no such request');
      return clavus.request<Response>(env, labels[asked.name] ?? `page ${asked.args.page}`, {
        fails: http.fails,
        answers: (draw): Answer<Response> => {
          const { status, ...answer } = answerTo(env, asked, draw);
          return status === 504
            ? { value: new Response('', { status }) }
            : http.json(env, answer, draw.of('http'), status);
        },
      });
    };

  return {
    clientFor: (env: Environment): ClavusClient => {
      const fetch = fetchFor(env);
      return createClavusClient({
        url: new URL('https://clavus.example/graphql'),
        key: async () => 'simulated-key',
        fetch: breakFetch?.(fetch) ?? fetch,
      });
    },
  };
}
