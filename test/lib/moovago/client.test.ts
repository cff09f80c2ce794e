import { afterAll, describe, expect, it } from 'vitest';
import { createMoovagoClient } from '../../../lib/moovago/client.ts';
import { textFields } from '../../../lib/moovago/company.ts';
import { type Slot, SlotMissed } from '../../../lib/moovago/slot.ts';
import { canaryKey, safeFailure as failure } from '../../support/errors.ts';
import { type ScriptedAnswer, startGraphqlServer } from '../../support/graphql-server.ts';
import { moovagoSchema } from '../../support/moovago-schema.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());

const slot: Slot = { at: 0, lane: 'live', ready: async () => {} };

function moovago(...answers: ScriptedAnswer[]) {
  server.answers(...answers);
  return createMoovagoClient({ url: server.url, key: async () => canaryKey, keyHeader: 'X-Moovago-Key' });
}

const data = (fields: unknown): ScriptedAnswer => ({ json: { data: fields } });
const sent = () => server.documents(moovagoSchema);

const guideCompany = {
  ownerIds: ['XYZ'],
  name: 'Moovago',
  city: 'Niort',
  address: '46 Rue du 14 Juillet',
  postalCode: '79000',
  phone: '07 68 45 46 74',
  email: 'support@moovago.com',
  note: 'L application du commercial',
};

/** Word for word from the guide. */
const notAuthorized = {
  data: null,
  errors: [
    {
      message: 'You are not authorized to access this data',
      locations: [],
      errorType: 'DataFetchingException',
      path: ['companyList'],
      extensions: null,
    },
  ],
};

describe('reading', () => {
  it('gives the team of the key', async () => {
    const members = [
      { id: 'm1', alias: 'Julie' },
      { id: 'm2', alias: null },
    ];
    expect(await moovago(data({ team: { id: 't1', name: 'Ouest', members } })).team(slot)).toEqual({
      id: 't1',
      name: 'Ouest',
      members: [
        { id: 'm1', alias: 'Julie' },
        { id: 'm2', alias: '' },
      ],
    });
    expect(sent()).toEqual([
      { query: 'query Team { team { id name members { id alias } } }', variables: undefined },
    ]);
    expect(server.requests[0]?.headers['x-moovago-key']).toBe(canaryKey);
  });

  it('gives the companies of a team with the fields that the guide documents', async () => {
    const answer = data({
      companyList: [
        { id: 'c1', name: 'Moovago', ownerIds: ['m1', 'm2'] },
        { id: 'c2', name: null, ownerIds: null },
      ],
    });
    expect([...(await moovago(answer).companyList({ teamId: 'XYZ' }, slot))]).toEqual([
      { id: 'c1', name: 'Moovago', ownerIds: ['m1', 'm2'] },
      { id: 'c2' },
    ]);
    expect(sent()).toEqual([
      {
        query:
          'query CompanyList($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { id name ownerIds } }',
        variables: { filter: { teamId: 'XYZ' } },
      },
    ]);
  });

  it('asks for more fields of a company on request; one that is null is absent, one that is empty is empty', async () => {
    const answer = data({
      companyList: [{ id: 'c1', ...guideCompany, email: null, phone: '', city: undefined }],
    });
    const [company] = await moovago(answer).companyList({ teamId: 'XYZ' }, slot, textFields);
    const { email: _, city: __, ...rest } = guideCompany;
    expect(company).toStrictEqual({ id: 'c1', ...rest, phone: '' });
    expect(sent().map(({ query }) => query)).toEqual([
      'query CompanyList($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { id name ownerIds city address postalCode phone email note } }',
    ]);
  });

  it('gives the mandators of a team', async () => {
    const mandatorList = [{ id: 'd1', name: 'Panneaux SA' }];
    expect(await moovago(data({ mandatorList })).mandatorList({ teamId: 'XYZ' }, slot)).toEqual(mandatorList);
    expect(sent()).toEqual([
      {
        query:
          'query MandatorList($filter: FilterManyMandatorInput!) { mandatorList(filter: $filter) { id name } }',
        variables: { filter: { teamId: 'XYZ' } },
      },
    ]);
  });

  it("takes the guide's sample of an error for a matter of the key", async () => {
    expect(await failure(moovago({ json: notAuthorized }).companyList({ teamId: 'XYZ' }, slot))).toEqual({
      kind: 'ConfigurationError',
      where: 'MOOVAGO_API_KEY',
      message: 'MOOVAGO_API_KEY: Moovago does not let the key use companyList. Check the rights of the key.',
    });
  });

  it('comes back later after any other error: part of a list is no list', async () => {
    const answer = { data: { companyList: [] }, errors: [{ message: 'too slow', path: ['companyList'] }] };
    expect(await failure(moovago({ json: answer }).companyList({ teamId: 'XYZ' }, slot))).toEqual({
      kind: 'TryLater',
      message: 'Moovago could not answer companyList',
      system: 'Moovago',
      applied: 'no',
    });
  });

  it('reads each company by itself: what it cannot read is unknown, and counted where not even an id is there', async () => {
    const companyList = [
      null,
      { id: '' },
      { id: 7, name: 2026, ownerIds: ['m1', null], phone: { odd: true } },
      { id: 'c2', ownerIds: 'm1' },
    ];
    const errors = [{ message: 'Internal', path: ['companyList', 0] }];
    const found = await moovago({ json: { data: { companyList }, errors } }).companyList(
      { teamId: 'XYZ' },
      slot,
    );
    expect([...found]).toEqual([
      { id: '7', name: '2026', unread: ['ownerIds', 'phone'] },
      { id: 'c2', unread: ['ownerIds'] },
    ]);
    expect(found.unreadable).toBe(2);
  });

  it('does not take a company for whole whose error stands behind the list, or before it', async () => {
    const companyList = JSON.stringify([
      null,
      { id: 'c1', name: 'A' },
      { id: 'c2', name: 'B' },
      { id: 'c3' },
    ]);
    const errors = JSON.stringify([
      { message: 'Internal', path: ['companyList', 2, 'name'] },
      { message: 'Internal', path: ['companyList', 0] },
    ]);
    for (const body of [
      `{"data":{"companyList":${companyList}},"errors":${errors}}`,
      `{"errors":${errors},"data":{"companyList":${companyList}}}`,
    ]) {
      const found = await moovago({ body }).companyList({ teamId: 'XYZ' }, slot);
      expect([...found]).toEqual([{ id: 'c1', name: 'A' }, { id: 'c2', unread: ['name'] }, { id: 'c3' }]);
      expect([0, 1, 2, 3].map((place) => found.at(place)?.id)).toEqual(['c1', 'c2', 'c3', undefined]);
      expect(found).toMatchObject({ length: 3, unreadable: 1 });
    }
  });

  it('reads a list that is larger than any other answer may be', async () => {
    const note = 'x'.repeat(10_000);
    const companyList = Array.from({ length: 2_500 }, (_, n) => ({ id: `c${n}`, note }));
    const found = await moovago(data({ companyList })).companyList({ teamId: 'XYZ' }, slot);
    expect(found.length).toBe(2_500);
    expect(found.at(2_499)).toEqual({ id: 'c2499', note });
  });

  it.each([
    [{ companyList: null }, 'data.companyList'],
    [{}, 'data.companyList'],
    [null, 'data'],
  ])('does not take %j for a list of companies', async (answer, place) => {
    expect(await failure(moovago(data(answer)).companyList({ teamId: 'XYZ' }, slot))).toEqual({
      kind: 'TryLater',
      message: `the answer of Moovago to companyList is not what the guide describes, at ${place}`,
      system: 'Moovago',
      applied: 'unknown',
    });
  });
});

describe('a slot', () => {
  const missed: Slot = {
    ...slot,
    ready: async () => {
      throw new SlotMissed('too late');
    },
  };

  it.each<[string, (client: ReturnType<typeof moovago>) => Promise<unknown>]>([
    ['team', (client) => client.team(missed)],
    ['companyList', (client) => client.companyList({ teamId: 'XYZ' }, missed)],
    ['mandatorList', (client) => client.mandatorList({ teamId: 'XYZ' }, missed)],
    ['writeCompanies', (client) => client.writeCompanies([{ kind: 'create', fields: guideCompany }], missed)],
  ])('that was missed sends nothing: %s', async (_, call) => {
    expect(await failure(call(moovago(data({}))))).toEqual({ kind: 'SlotMissed', message: 'too late' });
    expect(server.requests).toEqual([]);
  });

  it('is waited for after the key has come, once', async () => {
    const events: string[] = [];
    server.answers(data({ mandatorList: [] }));
    const key = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      events.push('key');
      return canaryKey;
    };
    const client = createMoovagoClient({ url: server.url, key, keyHeader: 'x-api-key' });
    await client.mandatorList(
      { teamId: 'XYZ' },
      {
        ...slot,
        ready: async () => {
          events.push('ready');
        },
      },
    );
    expect(events).toEqual(['key', 'ready']);
  });
});
