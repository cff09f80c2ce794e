import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClavusSimulator,
  type ClavusSimulatorOptions,
  startClavusSimulator,
} from '../../../local/simulators/clavus.ts';
import { ask, foldersQuery, getFolders, withKey } from './ask.ts';
import { guideTenant, powerTenant } from './guide-tenant.ts';

let clavus: ClavusSimulator;
afterEach(() => clavus.close());

async function start(options: Partial<ClavusSimulatorOptions> = {}): Promise<void> {
  clavus = await startClavusSimulator({ key: 'k', tenant: guideTenant, now: () => 5000, ...options });
}

const page = (args: string) => getFolders(clavus.url, args);
const ids = async (args: string) => (await page(args)).results.map(({ id }) => id);

async function refusalOf(query: string, path: string[]): Promise<string | undefined> {
  const { json, status } = await ask(clavus.url, withKey, query);
  expect(status).toBe(200);
  expect(json).toMatchObject({ errors: [{ path }] });
  return (json as { errors: { message: string }[] }).errors[0]?.message;
}

describe('The simulated Clavus', () => {
  it.each([{}, { authorization: 'k' }, { authorization: 'Bearer K' }])(
    'answers 401 to %j',
    async (headers) => {
      await start();
      const { status } = await ask(
        clavus.url,
        headers as Record<string, string>,
        foldersQuery('page: 1, itemParPage: 1'),
      );
      expect(status).toBe(401);
      expect(clavus.requests).toMatchObject([{ status: 401, outcome: 'unauthorized' }]);
    },
  );

  it('listens on 127.0.0.1 only', async () => {
    await start();
    expect(clavus.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/external\/graphql$/);
  });

  it('takes variables of the types that the guide names', async () => {
    await start();
    const { json } = await ask(
      clavus.url,
      withKey,
      `query ($page: Int!, $size: Int!, $search: String, $columns: [String], $filters: [FilterInput]) {
        erpEnrAPI { getFolders(page: $page, itemParPage: $size, search: $search, columns: $columns, filterColumns: $filters) { totalCount results { id } } }
      }`,
      {
        page: 1,
        size: 1,
        search: 'jane',
        columns: ['col1'],
        filters: [{ column: 'col3', operator: '=', value: 'user1' }],
      },
    );
    expect(json).toEqual({
      data: { erpEnrAPI: { getFolders: { totalCount: 1, results: [{ id: 'def456' }] } } },
    });
  });

  it('refuses variables of types that the guide does not name', async () => {
    await start();
    const query = 'query ($team: String) { erpEnrAPI { getUsers(teamId: $team) { id } } }';
    expect((await ask(clavus.url, withKey, query)).json).not.toHaveProperty('data');
  });

  it('answers introspection, as a playground needs it', async () => {
    await start();
    const { json } = await ask(clavus.url, withKey, '{ __type(name: "ErpEnrAPI") { fields { name } } }');
    const names = ['getFolders', 'getColumns', 'getTeams', 'getUsers', 'getValuesByIds'];
    expect(json).toEqual({ data: { __type: { fields: names.map((name) => ({ name })) } } });
  });

  it('gives the names of columns as technical names unless told to give labels', async () => {
    await start();
    const { results } = await page('page: 1, itemParPage: 1, columns: ["Nom du client"]');
    expect(results).toEqual([{ id: 'abc123', columns: [{ id: 'col1', name: 'client', value: 'John Doe' }] }]);
  });

  it.each([
    ['{ column: "puissance", operator: "=", value: "9" }', ['a']],
    ['{ column: "puissance", operator: "<", value: "10" }', ['a']],
    ['{ column: "puissance", operator: ">", value: "9" }', ['b']],
    ['{ column: "puissance", operator: ">=", value: "9" }', ['a', 'b']],
    ['{ column: "puissance", operator: "<=", value: "36" }', ['a', 'b']],
    ['{ column: "date_modification", operator: ">=", value: "2026-01-02" }', ['a', 'd']],
    ['{ column: "date_modification", operator: "<", value: "2026-01-02" }', ['b']],
    ['{ column: "nom", operator: "IN", value: "Octavia Butler, Jean-Noël Butler" }', ['b', 'd']],
    ['{ column: "nom", operator: "CONTAINS", value: "butler" }', ['b', 'c', 'd']],
    ['{ column: "options", operator: "=", value: "Borne" }', ['a', 'd']],
    ['{ column: "c2", operator: "=", value: "36" }', ['b']],
    ['{ column: "Puissance (kWc)", operator: "=", value: "36" }', ['b']],
    ['{ column: "NOM", operator: "CONTAINS", value: "é" }', ['a']],
    [
      '{ column: "nom", operator: "CONTAINS", value: "Butler" }, { column: "options", operator: "=", value: "Borne" }',
      ['d'],
    ],
    ['', ['a', 'b', 'c', 'd']],
  ])('filters by [%s]', async (filters, expected) => {
    await start({ tenant: powerTenant });
    expect(await ids(`page: 1, itemParPage: 9, filterColumns: [${filters}]`)).toEqual(expected);
  });

  it.each([
    ['date_modification', 'asc', ['b', 'd', 'a', 'c']],
    ['date_modification', 'desc', ['a', 'd', 'b', 'c']],
    ['Nom', 'asc', ['b', 'd', 'c', 'a']],
  ])('sorts by %s %s, folders without a value last', async (column, direction, expected) => {
    await start({ tenant: powerTenant });
    const sorted = await ids(
      `page: 1, itemParPage: 9, sortBy: [{ column: "${column}", direction: "${direction}" }]`,
    );
    expect(sorted).toEqual(expected);
  });

  it('searches the names of folders, phrases within quotes in their order', async () => {
    await start({ tenant: powerTenant });
    expect(await ids(String.raw`page: 1, itemParPage: 9, search: "\"octavia butler\""`)).toEqual(['d']);
    expect(await ids(String.raw`page: 1, itemParPage: 9, search: "\"Octavia.Butler\""`)).toEqual(['c', 'd']);
    expect(await ids('page: 1, itemParPage: 9, search: "lefevre"')).toEqual(['a']);
  });

  it.each([
    [
      'filterColumns: [{ column: "nope", operator: "=", value: "" }]',
      'Unknown column "nope" in filterColumns',
    ],
    ['filterColumns: [{ column: "nom", operator: "~", value: "" }]', 'Unknown operator "~" in filterColumns'],
    ['sortBy: [{ column: "nope", direction: "asc" }]', 'Unknown column "nope" in sortBy'],
    ['sortBy: [{ column: "nom", direction: "up" }]', 'Unknown direction "up" in sortBy'],
  ])('refuses %s', async (args, message) => {
    await start({ tenant: powerTenant });
    const refused = await refusalOf(foldersQuery(`page: 1, itemParPage: 9, ${args}`), [
      'erpEnrAPI',
      'getFolders',
    ]);
    expect(refused).toBe(message);
  });

  it('numbers pages from 1 and gives an empty one past the end', async () => {
    await start({ tenant: powerTenant });
    expect(await ids('page: 1, itemParPage: 3')).toEqual(['a', 'b', 'c']);
    expect(await ids('page: 2, itemParPage: 3')).toEqual(['d']);
    expect(await page('page: 3, itemParPage: 3')).toEqual({ totalCount: 4, results: [] });
    const refused = await refusalOf(foldersQuery('page: 0, itemParPage: 3'), ['erpEnrAPI', 'getFolders']);
    expect(refused).toBe('page and itemParPage start at 1');
  });

  it('cuts pages short where it has a cap', async () => {
    await start({ tenant: powerTenant, maxItemsPerPage: 2 });
    expect(await ids('page: 1, itemParPage: 9')).toEqual(['a', 'b']);
    expect(await ids('page: 2, itemParPage: 9')).toEqual(['c', 'd']);
    expect(await ids('page: 3, itemParPage: 9')).toEqual([]);
  });

  it('leaves out columns that the key may not read, everywhere and without an error', async () => {
    await start({ hiddenColumns: ['client'] });
    expect((await page('page: 1, itemParPage: 1')).results[0]?.columns.map(({ name }) => name)).toEqual([
      'creation',
      'commercial',
    ]);
    const { json } = await ask(
      clavus.url,
      withKey,
      '{ erpEnrAPI { getColumns(page: 1, itemParPage: 9) { id } getValuesByIds(ids: ["abc123", "gone"]) { id values { name } } } }',
    );
    expect(json).toEqual({
      data: {
        erpEnrAPI: {
          getColumns: [{ id: 'col2' }, { id: 'col3' }],
          getValuesByIds: [{ id: 'abc123', values: [{ name: 'creation' }, { name: 'commercial' }] }],
        },
      },
    });
  });

  it('lists active users only, of all teams where none is named', async () => {
    await start();
    const { json } = await ask(clavus.url, withKey, '{ erpEnrAPI { getUsers { id } } }');
    const users = [{ id: 'user1' }, { id: 'user2' }, { id: 'user3' }];
    expect(json).toEqual({ data: { erpEnrAPI: { getUsers: users } } });
  });

  it('refuses to update a prospect that was converted, or that there is not', async () => {
    await start();
    const upsert = (args: string) => `mutation { upsertProspect(${args}) { id } }`;
    const { json } = await ask(clavus.url, withKey, upsert('firstName: "A", type: PHYSIQUE'));
    const { id } = (json as { data: { upsertProspect: { id: string } } }).data.upsertProspect;
    Object.assign(clavus.prospects.get(id) ?? {}, { converted: true });
    expect(await refusalOf(upsert(`id: "${id}", firstName: "B"`), ['upsertProspect'])).toBe(
      'A converted prospect cannot be updated',
    );
    expect(await refusalOf(upsert('id: "nobody"'), ['upsertProspect'])).toBe('Prospect not found');
    expect(clavus.prospects.get(id)).toEqual({ id, converted: true, firstName: 'A', type: 'PHYSIQUE' });
  });

  it('gives prospects ids of their own', async () => {
    await start();
    const add =
      'mutation { a: upsertProspect(firstName: "A") { id } b: upsertProspect(firstName: "A") { id } }';
    await ask(clavus.url, withKey, add);
    expect(clavus.prospects.size).toBe(2);
  });

  it('records what it was asked', async () => {
    await start();
    await ask(
      clavus.url,
      withKey,
      'query ($p: Int!) { erpEnrAPI { mine: getColumns(page: $p, itemParPage: 2) { id } } }',
      {
        p: 3,
      },
    );
    const operation = {
      path: 'erpEnrAPI.mine',
      operation: 'getColumns',
      args: { page: 3, itemParPage: 2 },
    };
    expect(clavus.requests).toEqual([
      {
        number: 1,
        at: 5000,
        operation: 'getColumns',
        operations: [operation],
        args: { page: 3, itemParPage: 2 },
        status: 200,
        outcome: 'answered',
      },
    ]);
  });
});
