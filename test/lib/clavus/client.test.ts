import { afterAll, describe, expect, it } from 'vitest';
import { createClavusClient } from '../../../lib/clavus/client.ts';
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
const sent = () =>
  server
    .documents(clavusSchema)
    .map(({ query, variables }) => ({ query: query.replace(/\s+/g, ' '), variables }));

describe('getColumns', () => {
  const guideColumns = [
    { id: 'col1', label: 'Nom du client' },
    { id: 'col2', label: 'Date de création' },
    { id: 'col3', label: 'Statut du dossier' },
  ];

  it("reads the guide's sample, up to an empty page", async () => {
    const client = clavus(erp({ getColumns: guideColumns }), erp({ getColumns: [] }));
    expect(await client.getColumns()).toEqual(guideColumns);
    const query =
      'query GetColumns($page: Int!, $itemParPage: Int!) { erpEnrAPI { getColumns(page: $page, itemParPage: $itemParPage) { id label } } }';
    expect(sent()).toEqual([
      { query, variables: { page: 1, itemParPage: 500 } },
      { query, variables: { page: 2, itemParPage: 500 } },
    ]);
  });

  it('goes on after a page that is shorter than asked', async () => {
    const [first, second, third] = guideColumns;
    const client = clavus(
      erp({ getColumns: [first] }),
      erp({ getColumns: [first, second] }),
      erp({ getColumns: [third] }),
      erp({ getColumns: [] }),
    );
    expect(await client.getColumns()).toEqual(guideColumns);
  });

  it('ends when the server ignores the number of the page', async () => {
    expect(await clavus(erp({ getColumns: guideColumns })).getColumns()).toEqual(guideColumns);
    expect(server.requests).toHaveLength(2);
  });

  it('gives up a list that does not end', async () => {
    let page = 0;
    const endless: ScriptedAnswer = (response) => {
      page += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: { erpEnrAPI: { getColumns: [{ id: `c${page}`, label: 'x' }] } } }));
    };
    expect(await failure(clavus(endless).getColumns())).toEqual({
      kind: 'TryLater',
      message: "Clavus' list of columns does not end",
      system: 'Clavus',
      applied: 'no',
    });
    expect(server.requests).toHaveLength(100);
  });
});

describe('getTeams', () => {
  const teams = [
    { id: '1', name: 'Équipe A', description: 'La première équipe', color: '#ff0000' },
    { id: '2', name: 'Équipe B', description: 'La deuxième équipe', color: '#00ff00' },
  ];

  it("reads the guide's sample, at the root", async () => {
    expect(await clavus({ json: { data: { getTeams: teams } } }).getTeams()).toEqual(teams);
    expect(sent()).toEqual([
      { query: 'query GetTeams { erpEnrAPI { getTeams { id name description color } } }', variables: {} },
    ]);
  });

  it('reads what the query of the guide promises, below erpEnrAPI', async () => {
    expect(await clavus(erp({ getTeams: teams })).getTeams()).toEqual(teams);
  });

  it('does not take the absence of both for no teams', async () => {
    expect(await failure(clavus({ json: { data: { erpEnrAPI: {} } } }).getTeams())).toEqual({
      kind: 'TryLater',
      message: 'the answer of Clavus to getTeams is not what the guide describes, at data',
      system: 'Clavus',
      applied: 'unknown',
    });
  });
});

describe('getUsers', () => {
  it("reads the guide's sample, and the spelling of the guide's query", async () => {
    const answer = erp({
      getUsers: [
        { id: 'user1', firstname: 'John', lastname: 'Doe', email: 'john.doe@example.com' },
        { id: 'user2', firstName: 'Jane', lastName: 'Smith', email: null },
        { id: 'user3', firstName: null },
      ],
    });
    expect(await clavus(answer).getUsers('id1')).toEqual([
      { id: 'user1', firstName: 'John', lastName: 'Doe', email: 'john.doe@example.com' },
      { id: 'user2', firstName: 'Jane', lastName: 'Smith', email: null },
      { id: 'user3', firstName: '', lastName: '', email: null },
    ]);
    expect(sent()).toEqual([
      {
        query: 'query GetUsers { erpEnrAPI { getUsers(teamId: "id1") { id firstName lastName email } } }',
        variables: {},
      },
    ]);
  });

  it('asks without a team where none is given', async () => {
    await clavus(erp({ getUsers: [] })).getUsers();
    expect(sent()).toEqual([
      { query: 'query GetUsers { erpEnrAPI { getUsers { id firstName lastName email } } }', variables: {} },
    ]);
  });
});

describe('getValuesByIds', () => {
  it("reads the guide's sample as folders", async () => {
    const values = [
      {
        id: 'clsc5ug8w001vwjw3neqiqice',
        name: 'commercial.accompagnant',
        label: 'Commercial accompagnant',
        value: 'Marvin',
      },
    ];
    const answer = erp({ getValuesByIds: [{ id: 'clsc618zi01qbwjw3m1hw93ge', values }] });
    expect(await clavus(answer).getValuesByIds(['clsc618zi01qbwjw3m1hw93ge'])).toEqual([
      { id: 'clsc618zi01qbwjw3m1hw93ge', columns: values },
    ]);
    expect(sent()).toEqual([
      {
        query:
          'query GetValues { erpEnrAPI { getValuesByIds(ids: ["clsc618zi01qbwjw3m1hw93ge"]) { id values { id name label value } } } }',
        variables: {},
      },
    ]);
  });

  it('asks nothing for no ids', async () => {
    expect(await clavus(erp({})).getValuesByIds([])).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});
