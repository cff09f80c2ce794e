import { afterAll, describe, expect, it } from 'vitest';
import { createClavusClient } from '../../../lib/clavus/client.ts';
import type { FolderColumn } from '../../../lib/clavus/folder.ts';
import { clavusSchema } from '../../support/clavus-schema.ts';
import { canaryKey, safeFailure as failure } from '../../support/errors.ts';
import { type ScriptedAnswer, startGraphqlServer } from '../../support/graphql-server.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());

function clavus(...answers: ScriptedAnswer[]) {
  server.answers(...answers);
  return createClavusClient({ url: server.url, key: async () => canaryKey });
}

const erp = (fields: Record<string, unknown>): ScriptedAnswer => ({ json: { data: { erpEnrAPI: fields } } });
const refusing = (message: string, ...path: string[]): ScriptedAnswer => ({
  json: { data: null, errors: [{ message, path }] },
});
const sent = () =>
  server
    .documents(clavusSchema)
    .map(({ query, variables }) => ({ query: query.replace(/\s+/g, ' '), variables }));

describe('getFolders', () => {
  const guideAnswer = erp({
    getFolders: {
      totalCount: 100,
      results: [
        {
          id: 'abc123',
          columns: [
            { id: 'col1', name: 'Nom du client', value: 'John Doe' },
            { id: 'col2', name: 'Date de création', value: '2022-01-01' },
          ],
        },
        {
          id: 'def456',
          columns: [
            { id: 'col1', name: 'Nom du client', value: 'Jane Smith' },
            { id: 'col2', name: 'Date de création', value: '2022-02-15' },
          ],
        },
      ],
    },
  });

  it("reads the guide's sample, asked for with nothing but a page", async () => {
    expect(await clavus(guideAnswer).getFolders({ page: 2, itemParPage: 25 })).toEqual({
      totalCount: 100,
      folders: [
        {
          id: 'abc123',
          columns: [
            { id: 'col1', name: 'Nom du client', value: 'John Doe' },
            { id: 'col2', name: 'Date de création', value: '2022-01-01' },
          ],
        },
        {
          id: 'def456',
          columns: [
            { id: 'col1', name: 'Nom du client', value: 'Jane Smith' },
            { id: 'col2', name: 'Date de création', value: '2022-02-15' },
          ],
        },
      ],
    });
    expect(sent()).toEqual([
      {
        query:
          'query GetFolders($page: Int!, $itemParPage: Int!) { erpEnrAPI { getFolders(page: $page, itemParPage: $itemParPage) { totalCount results { id columns { id name value } } } } }',
        variables: { page: 2, itemParPage: 25 },
      },
    ]);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${canaryKey}`);
  });

  it('asks with everything, the order inline', async () => {
    await clavus(guideAnswer).getFolders({
      page: 1,
      itemParPage: 200,
      search: '"Octavia Butler"',
      columns: ['nom', 'ville'],
      filterColumns: [{ column: 'commercial', operator: '=', value: 'user1' }],
      sortBy: [{ column: 'date "x"', direction: 'desc' }],
    });
    expect(sent()).toEqual([
      {
        query:
          'query GetFolders($page: Int!, $itemParPage: Int!, $search: String, $columns: [String], $filterColumns: [FilterInput]) { erpEnrAPI { getFolders( page: $page itemParPage: $itemParPage search: $search columns: $columns filterColumns: $filterColumns sortBy: [{column: "date \\"x\\"", direction: "desc"}] ) { totalCount results { id columns { id name value } } } } }',
        variables: {
          page: 1,
          itemParPage: 200,
          search: '"Octavia Butler"',
          columns: ['nom', 'ville'],
          filterColumns: [{ column: 'commercial', operator: '=', value: 'user1' }],
        },
      },
    ]);
  });

  it('keeps odd values and names, and pollutes nothing', async () => {
    const columns: FolderColumn[] = [
      { id: 'c1', name: '__proto__', value: 'x' },
      { id: 'c2', name: 'constructor', value: null },
      { id: 'c3', name: 'a\u0000\ud800\u202e😀é', value: 'b\u0000\udfff' },
      { id: 'c4', name: null, value: -0.5 },
      { id: 'c5', value: ['a', ['b', null, true, [[[[7]]]]]] },
      { id: 'c6', name: 'long', value: 'x'.repeat(1_000_000) },
    ];
    const answer = erp({ getFolders: { totalCount: 1, results: [{ id: 'f1', columns }] } });
    expect(await clavus(answer).getFolders({ page: 1, itemParPage: 1 })).toEqual({
      totalCount: 1,
      folders: [{ id: 'f1', columns }],
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('reads each folder by itself, and names those that it cannot read by place and id', async () => {
    const columns = [{ id: 'c1', name: 'nom', value: 'Dupont' }];
    const results = [{ id: 'f0', columns }, null, { id: 'f2', columns: null }, { id: 'f3', columns }, 'odd'];
    const path = ['erpEnrAPI', 'getFolders', 'results', 3, 'columns', 0, 'value'];
    const errors = [{ message: 'Internal', path }];
    const answer = { json: { data: { erpEnrAPI: { getFolders: { totalCount: 5, results } } }, errors } };
    expect(await clavus(answer).getFolders({ page: 1, itemParPage: 5 })).toEqual({
      totalCount: 5,
      folders: [{ id: 'f0', columns }],
      unreadable: [{ place: 1 }, { place: 2, id: 'f2' }, { place: 3, id: 'f3' }, { place: 4 }],
    });
  });

  it('takes numbers for ids and names, and a count as text or none at all', async () => {
    const results = [{ id: 42, columns: [{ id: 7, name: 2026, value: 1 }, { value: 'Jane' }] }];
    for (const [totalCount, read] of [
      ['600', 600],
      [null, 0],
    ])
      expect(
        await clavus(erp({ getFolders: { totalCount, results } })).getFolders({ page: 1, itemParPage: 1 }),
      ).toEqual({
        totalCount: read,
        folders: [
          {
            id: '42',
            columns: [
              { id: '7', name: '2026', value: 1 },
              { id: '', value: 'Jane' },
            ],
          },
        ],
      });
  });

  it.each([
    [{ data: null, errors: [{ message: 'Internal', path: ['erpEnrAPI', 'getFolders', 'results', 1] }] }],
    [
      {
        data: { erpEnrAPI: { getFolders: null } },
        errors: [{ message: 'x', path: ['erpEnrAPI', 'getFolders'] }],
      },
    ],
  ])(
    'reads nothing of a page that has an error of its own: a smaller one may show what it is',
    async (json) => {
      server.answers({ json });
      const client = createClavusClient({ url: server.url, key: async () => canaryKey });
      await expect(client.getFolders({ page: 1, itemParPage: 5 })).rejects.toMatchObject({
        isDivisible: true,
      });
    },
  );

  it.each([
    ['data.erpEnrAPI', null],
    ['data.erpEnrAPI.getFolders', {}],
    ['data.erpEnrAPI.getFolders.results', { getFolders: { totalCount: 0, results: null } }],
  ])('says where an answer is not as the guide has it: %s', async (place, erpEnrAPI) => {
    const answer = { json: { data: { erpEnrAPI } } };
    expect(await failure(clavus(answer).getFolders({ page: 1, itemParPage: 1 }))).toEqual({
      kind: 'TryLater',
      message: `the answer of Clavus to getFolders is not what the guide describes, at ${place}`,
      system: 'Clavus',
      applied: 'unknown',
    });
  });

  const query = {
    page: 1,
    itemParPage: 10,
    columns: ['nom'],
    filterColumns: [{ column: 'Statut (signé)', operator: 'IN', value: 'x' }] as const,
    sortBy: [{ column: 'date_modification', direction: 'asc' }] as const,
  };

  it.each([
    ['nom', 'Unknown column "nom"'],
    ['Statut (signé)', 'La colonne Statut (signé) est inconnue'],
    ['date_modification', 'cannot sort by `date_modification`.'],
  ])('takes an error that names a column for a wrong configuration: %s', async (column, message) => {
    const answer = refusing(message, 'erpEnrAPI', 'getFolders');
    expect(await failure(clavus(answer).getFolders(query))).toEqual({
      kind: 'ConfigurationError',
      where: 'sync.config.ts',
      message: `sync.config.ts: Clavus does not take the column "${column}" (getFolders). Run \`clavus-moovago check\` for the columns that it has.`,
    });
  });

  it('comes back later after any other error, without its words, even beside data', async () => {
    const data = { erpEnrAPI: { getFolders: { totalCount: 0, results: [] } } };
    const errors = [
      { message: 'nombre de Jane Smith', path: ['erpEnrAPI'], extensions: { code: 'INTERNAL' } },
    ];
    expect(await failure(clavus({ json: { data, errors } }).getFolders(query))).toEqual({
      kind: 'TryLater',
      message: 'Clavus could not answer getFolders (INTERNAL)',
      system: 'Clavus',
      applied: 'no',
    });
  });

  it('takes a lack of rights for a matter of the key', async () => {
    const answer = refusing('You are not authorized', 'erpEnrAPI', 'getFolders');
    expect(await failure(clavus(answer).getFolders(query))).toEqual({
      kind: 'ConfigurationError',
      where: 'CLAVUS_API_KEY',
      message: 'CLAVUS_API_KEY: Clavus does not let the key use getFolders. Check the rights of the key.',
    });
  });
});
