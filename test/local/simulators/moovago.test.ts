import { afterEach, describe, expect, it } from 'vitest';
import {
  type MoovagoSimulator,
  type MoovagoSimulatorOptions,
  startMoovagoSimulator,
} from '../../../local/simulators/moovago.ts';
import { ask, post } from './ask.ts';

let moovago: MoovagoSimulator;
let now: number;
afterEach(() => moovago.close());

const team = { id: 'T', name: 'Équipe', members: [{ id: 'M1', alias: 'Camille' }] };

async function start(options: Partial<MoovagoSimulatorOptions> = {}): Promise<void> {
  now = 1_000_000;
  moovago = await startMoovagoSimulator({ key: 'k', team, now: () => now, ...options });
}
const withKey = { 'x-api-key': 'k' };
const asked = async (query: string, variables?: Record<string, unknown>) =>
  (await ask(moovago.url, withKey, query, variables)).json;
const names = () => [...moovago.companies.values()].map(({ name }) => name);
const failure = (message: string, path: (string | number)[]) => ({
  message,
  locations: [],
  errorType: 'DataFetchingException',
  path,
  extensions: null,
});

describe('The simulated Moovago', () => {
  it('refuses a request without its key', async () => {
    await start();
    for (const headers of [{}, { 'x-api-key': 'K' }, { authorization: 'Bearer k' }]) {
      expect(
        (await post(moovago.url, headers as Record<string, string>, { query: '{ team { id } }' })).status,
      ).toBe(401);
    }
    expect(moovago.requests.map(({ outcome }) => outcome)).toEqual([
      'unauthorized',
      'unauthorized',
      'unauthorized',
    ]);
  });

  it('takes the key from another header where that is configured', async () => {
    await start({ keyHeader: 'X-Moovago-Token' });
    const { json } = await ask(moovago.url, { 'x-moovago-token': 'k' }, '{ team { id } }');
    expect(json).toEqual({ data: { team: { id: 'T' } } });
    expect((await post(moovago.url, withKey, { query: '{ team { id } }' })).status).toBe(401);
  });

  it('has introspection off', async () => {
    await start();
    expect(await asked('{ __schema { types { name } } }')).toEqual({
      errors: [
        {
          message: 'Introspection has been disabled',
          locations: [],
          errorType: 'ValidationError',
          path: null,
          extensions: null,
        },
      ],
    });
    expect(await asked('{ __type(name: "Company") { name } }')).not.toHaveProperty('data');
    expect(await asked('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });

  it('refuses a document that is not valid as a whole, with HTTP 200 and no data', async () => {
    await start();
    const query = 'mutation { a: company { create(input: { name: "A" }) { recordId } } b: company { nope } }';
    const { status, json } = await ask(moovago.url, withKey, query);
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('data');
    expect(moovago.companies.size).toBe(0);
  });

  it('answers 400 to what is no GraphQL request', async () => {
    await start();
    expect((await post(moovago.url, withKey, 'hello')).status).toBe(400);
    expect(moovago.requests).toMatchObject([{ operation: '', operations: [], args: {} }]);
  });

  it('answers 404 and 405 where nothing is', async () => {
    await start();
    expect((await fetch(`${moovago.url}/else`)).status).toBe(404);
    expect((await fetch(moovago.url, { headers: withKey })).status).toBe(405);
  });

  it('lets five requests into a second and answers 429 to the sixth, before any effect', async () => {
    await start();
    const create = 'mutation { company { create(input: { name: "A" }) { recordId } } }';
    const statuses = [];
    for (const at of [0, 100, 200, 300, 400, 500, 999, 1000, 1050]) {
      now = 1_000_000 + at;
      statuses.push((await post(moovago.url, withKey, { query: create })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 200, 429]);
    expect(moovago.companies.size).toBe(6);
    // 100 to 1050, refused ones too.
    expect(moovago.busiestSecond()).toBe(8);
    expect(moovago.requests[5]).toMatchObject({
      status: 429,
      outcome: 'throttled',
      operation: 'company.create',
    });
  });

  it('does each write of a document in order, and tells which failed', async () => {
    await start();
    const { id } = moovago.addCompany({ name: 'There' });
    const json = await asked(
      `mutation ($two: CompanyCreateInput!, $three: CompanyUpdateInput!) {
        w0: company { create(input: { name: "One", ownerIds: ["M1"] }) { recordId } }
        w1: company { create(input: { name: " " }) { recordId } }
        w2: company { create(input: $two) { recordId } }
        w3: company { update(input: $three) { recordId } }
        w4: company { update(input: { id: "gone", input: { note: "x" } }) { recordId } }
      }`,
      { two: { name: 'Two', email: 'nobody' }, three: { id, input: { city: 'Niort', note: null } } },
    );
    const [, one] = moovago.companies.values();
    expect(json).toEqual({
      data: {
        w0: { create: { recordId: one?.id } },
        w1: { create: null },
        w2: { create: null },
        w3: { update: { recordId: id } },
        w4: { update: null },
      },
      errors: [
        failure('name must not be empty', ['w1', 'create']),
        failure('email is not a valid e-mail address', ['w2', 'create']),
        failure('Company not found', ['w4', 'update']),
      ],
    });
    expect(names()).toEqual(['There', 'One']);
    expect(moovago.companies.get(id)).toEqual({
      id,
      name: 'There',
      ownerIds: [],
      city: 'Niort',
      address: null,
      postalCode: null,
      phone: null,
      email: null,
      note: null,
      createdAt: 1_000_000,
      updatedAt: 1_000_000,
      createdBy: 0,
      updatedBy: 1,
    });
    expect(moovago.requests[0]).toMatchObject({
      operation: 'company.create,company.update',
      operations: [
        {
          path: 'w0.create',
          operation: 'company.create',
          args: { input: { name: 'One', ownerIds: ['M1'] } },
        },
        { path: 'w1.create' },
        { path: 'w2.create', args: { input: { name: 'Two', email: 'nobody' } } },
        { path: 'w3.update', operation: 'company.update' },
        { path: 'w4.update' },
      ],
      outcome: 'errors',
    });
  });

  it.each([
    ['{ name: "" }', 'name must not be empty'],
    ['{ ownerIds: ["M1", "M2"] }', 'ownerIds holds an unknown member'],
    ['{ email: "nobody" }', 'email is not a valid e-mail address'],
  ])('refuses to update a company with %s', async (input, message) => {
    await start();
    const { id } = moovago.addCompany({ name: 'A', email: 'a@b.fr' });
    const json = await asked(
      `mutation { company { update(input: { id: "${id}", input: ${input} }) { recordId } } }`,
    );
    expect(json).toEqual({
      data: { company: { update: null } },
      errors: [failure(message, ['company', 'update'])],
    });
    expect(moovago.companies.get(id)).toMatchObject({ name: 'A', ownerIds: [], email: 'a@b.fr' });
  });

  it('empties a field with an empty text', async () => {
    await start();
    const { id } = moovago.addCompany({ name: 'A', email: 'a@b.fr' });
    await asked(`mutation { company { update(input: { id: "${id}", input: { email: "" } }) { recordId } } }`);
    expect(moovago.companies.get(id)?.email).toBe('');
  });

  it('reads back every documented field of a company', async () => {
    await start();
    const fields = {
      ownerIds: ['M1'],
      name: 'A',
      city: 'Niort',
      address: '1 rue',
      postalCode: '79000',
      phone: '05',
      email: 'a@b.fr',
      note: 'n',
    };
    const { id } = moovago.addCompany(fields);
    const query =
      '{ companyList(filter: { teamId: "T" }) { id ownerIds name city address postalCode phone email note } }';
    expect(await asked(query)).toEqual({ data: { companyList: [{ id, ...fields }] } });
  });

  it('fails both lists for another team', async () => {
    await start();
    expect(await asked('{ mandatorList(filter: { teamId: "U" }) { id } }')).toEqual({
      data: null,
      errors: [failure('You are not authorized to access this data', ['mandatorList'])],
    });
    expect(await asked('{ mandatorList(filter: { teamId: "T" }) { id } }')).toEqual({
      data: { mandatorList: [] },
    });
  });

  it('lists a company only when it is as old as the lag', async () => {
    await start({ listLagMs: 2000 });
    moovago.addCompany({ name: 'A' });
    const query = '{ companyList(filter: { teamId: "T" }) { name } }';
    now += 1999;
    expect(await asked(query)).toEqual({ data: { companyList: [] } });
    now += 1;
    expect(await asked(query)).toEqual({ data: { companyList: [{ name: 'A' }] } });
  });

  it('keeps what it makes of a value, where it alters values', async () => {
    await start({
      alter: ({ note, ...fields }) => ({
        ...fields,
        ...(note === undefined ? {} : { note: note.slice(0, 3) }),
      }),
    });
    await asked('mutation { company { create(input: { name: "A", note: "abcdef" }) { recordId } } }');
    expect([...moovago.companies.values()][0]?.note).toBe('abc');
  });

  it('gives ids that are the same in every run and tell nothing', async () => {
    await start();
    expect(moovago.addCompany({ name: 'A' }).id).toMatch(/^[0-9a-f]{24}$/);
    expect(moovago.addCompany({ name: 'A' }).id).not.toBe([...moovago.companies.keys()][0]);
  });
});
