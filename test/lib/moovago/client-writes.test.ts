import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createMoovagoClient } from '../../../lib/moovago/client.ts';
import type { Slot } from '../../../lib/moovago/slot.ts';
import type { CompanyWrite } from '../../../lib/moovago/write.ts';
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

describe('writeCompanies', () => {
  const create: CompanyWrite = { kind: 'create', fields: guideCompany };
  const update: CompanyWrite = { kind: 'update', companyId: 'c7', fields: { note: 'Here is my new note' } };
  const write = (writes: readonly CompanyWrite[], json: unknown) =>
    moovago({ json }).writeCompanies(writes, slot);

  it("writes the guide's create and update in one document", async () => {
    const answer = { data: { w0: { create: { recordId: 'c1' } }, w1: { update: { recordId: 'c7' } } } };
    expect(await write([create, update], answer)).toEqual([
      { kind: 'written', companyId: 'c1' },
      { kind: 'written', companyId: 'c7' },
    ]);
    expect(sent()).toEqual([
      {
        query:
          'mutation WriteCompanies($w0: CompanyCreateInput!, $w1: CompanyUpdateInput!) {\n' +
          '  w0: company { create(input: $w0) { recordId } }\n' +
          '  w1: company { update(input: $w1) { recordId } }\n' +
          '}',
        variables: { w0: guideCompany, w1: { id: 'c7', input: { note: 'Here is my new note' } } },
      },
    ]);
  });

  it('deletes by the id, among other writes and alone', async () => {
    const remove: CompanyWrite = { kind: 'delete', companyId: 'c"9\\', fields: {} };
    const answer = { data: { w0: { delete: { recordId: 'c9' } }, w1: { update: { recordId: 'c7' } } } };
    expect(await write([remove, update], answer)).toEqual([
      { kind: 'written', companyId: 'c9' },
      { kind: 'written', companyId: 'c7' },
    ]);
    expect(sent()).toEqual([
      {
        query:
          'mutation WriteCompanies($w1: CompanyUpdateInput!) {\n' +
          '  w0: company { delete(id: "c\\"9\\\\") { recordId } }\n' +
          '  w1: company { update(input: $w1) { recordId } }\n' +
          '}',
        variables: { w1: { id: 'c7', input: { note: 'Here is my new note' } } },
      },
    ]);
    await write([{ kind: 'delete', companyId: 'c1', fields: {} }], { data: { w0: { delete: null } } });
    expect(sent()).toEqual([
      {
        query: 'mutation WriteCompanies {\n  w0: company { delete(id: "c1") { recordId } }\n}',
        variables: {},
      },
    ]);
  });

  it('sends the documented fields only, empty ones included', async () => {
    const fields = { note: '', name: 'A', ownerIds: [], city: undefined, secret: 'x' };
    await write([{ kind: 'create', fields }], { data: { w0: { create: { recordId: 'c1' } } } });
    expect(sent().map(({ variables }) => variables)).toEqual([{ w0: { ownerIds: [], name: 'A', note: '' } }]);
  });

  it('sends nothing for nothing', async () => {
    expect(await write([], {})).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('judges each write by its own path and its own id', async () => {
    const answer = {
      data: {
        w0: { create: { recordId: 'c0' } },
        w1: { create: null },
        w2: { create: { recordId: 'c2' } },
        w3: null,
        w4: { create: { recordId: '' } },
        w5: { create: { recordId: 5 } },
        w6: { create: {} },
        w7: 'text',
      },
      errors: [
        { message: 'bad phone\n06', path: ['w1', 'create'] },
        { message: 'later ones do not count', path: ['w1'] },
        { message: 'saved, but', path: ['w2', 'create', 'recordId'] },
        { message: '', path: ['w3'] },
        { message: 'about the whole' },
        { message: 'about somebody else', path: ['w10'] },
      ],
    };
    const unknown = { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' };
    expect(await write(Array(9).fill(create), answer)).toEqual([
      { kind: 'written', companyId: 'c0' },
      { kind: 'rejected', reason: 'bad phone 06' },
      { kind: 'rejected', reason: 'saved, but', companyId: 'c2' },
      { kind: 'rejected', reason: 'no reason given' },
      unknown,
      // A service may write its ids as numbers.
      { kind: 'written', companyId: '5' },
      unknown,
      unknown,
      unknown,
    ]);
  });

  it('knows nothing of several when there is no data: the error of one hides the others', async () => {
    const answer = { data: null, errors: [{ message: 'converted', path: ['w1'] }] };
    const unknown = { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' };
    expect(await write([create, update], answer)).toEqual([unknown, unknown]);
  });

  it.each([
    [{ kind: 'throttled' }, { message: 'later', errorType: 'ThrottlingException' }],
    [{ kind: 'throttled' }, { message: 'Rate limit exceeded, retry later' }],
    [{ kind: 'unknown' }, { message: 'Internal error' }],
    [{ kind: 'unknown' }, { message: 'Query timed out', errorType: 'DataFetchingException' }],
    [
      { kind: 'rejected', reason: 'bad phone' },
      { message: 'bad phone', errorType: 'DataFetchingException' },
    ],
  ])('takes trouble and the pace for no fault of a record: %o', async (outcome, error) => {
    const answer = {
      data: { w0: { create: null }, w1: { create: { recordId: 'c1' } } },
      errors: [{ ...error, path: ['w0', 'create'] }],
    };
    expect(await write([create, create], answer)).toMatchObject([
      outcome,
      { kind: 'written', companyId: 'c1' },
    ]);
  });

  it.each([
    [{ message: 'You are not authorized' }, 'ConfigurationError'],
    [{ message: 'validation failed: email' }, 'OperationRefused'],
    [{ message: 'Too Many Requests' }, 'TryLater'],
    [{ message: 'something' }, 'TryLater'],
  ])('never takes the words of an answer without data for a proof: %o', async (error, kind) => {
    const answer = { data: null, errors: [error] };
    expect(await failure(write([create, create], answer))).toMatchObject({ kind, applied: 'unknown' });
  });

  it('rejects the one record of a document that is refused, whatever the words: it keeps its intent', async () => {
    const errors = [{ message: 'Numéro invalide', extensions: { code: 'BAD_USER_INPUT' } }];
    expect(await write([create], { data: null, errors })).toEqual([
      { kind: 'rejected', reason: 'Numéro invalide' },
    ]);
  });

  it('knows nothing where one of several errors leaves it open', async () => {
    const errors = [
      { message: 'bad', extensions: { code: 'BAD_USER_INPUT' } },
      { message: 'oops', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ];
    expect(await failure(write([create, create], { data: null, errors }))).toMatchObject({
      applied: 'unknown',
    });
  });

  it('takes missing rights of every record for a matter of the key, and knows nothing of the records', async () => {
    const path = (n: number) => ({ message: 'You are not authorized', path: [`w${n}`, 'create'] });
    const answer = { data: { w0: null, w1: null }, errors: [path(0), path(1)] };
    expect(await failure(write([create, create], answer))).toMatchObject({
      kind: 'ConfigurationError',
      applied: 'unknown',
    });
    const alone = { data: null, errors: [path(0)] };
    expect(await write([create], alone)).toEqual([{ kind: 'rejected', reason: 'You are not authorized' }]);
  });

  it('knows nothing when data is null and nothing else is said', async () => {
    expect(await write([update], { data: null })).toEqual([
      { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' },
    ]);
  });

  it('knows nothing of a write whose alias is absent', async () => {
    expect(await write([create, create], { data: { w1: { create: { recordId: 'c1' } } } })).toEqual([
      { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' },
      { kind: 'written', companyId: 'c1' },
    ]);
  });

  it('takes any path for that of a write that is alone', async () => {
    const answer = { data: null, errors: [{ message: 'bad phone', path: ['company', 'create'] }] };
    expect(await write([create], answer)).toEqual([{ kind: 'rejected', reason: 'bad phone' }]);
  });

  const badValue = 'Variable "$w0" got invalid value "x" at "w0.email"; Expected type "EmailAddress".';

  it('rejects the one write of a document that is refused for its values', async () => {
    expect(await write([create], { errors: [{ message: badValue }] })).toEqual([
      { kind: 'rejected', reason: badValue },
    ]);
  });

  it.each([
    [[create, create], badValue],
    [
      [create],
      'Variable "$w0" got invalid value {}; Field "note" is not defined by type "CompanyCreateInput".',
    ],
    [[create], 'Cannot query field "recordId" on type "Company".'],
  ])('throws when a document is refused for anything else', async (writes, message) => {
    expect((await failure(write(writes, { errors: [{ message }] }))).kind).toBe('OperationRefused');
  });

  it('throws when nobody knows what happened to the document', async () => {
    expect(await failure(moovago({ status: 502, body: '' }).writeCompanies([create], slot))).toEqual({
      kind: 'TryLater',
      message: 'Moovago is in trouble (502)',
      system: 'Moovago',
      applied: 'unknown',
      status: 502,
    });
  });

  it('gives as many outcomes as writes, and an id only where the answer has it, whatever the answer', async () => {
    const anything = fc.dictionary(
      fc.constantFrom('w0', 'w1', 'w2', '__proto__', 'constructor'),
      fc.oneof(fc.jsonValue(), fc.record({ create: fc.record({ recordId: fc.jsonValue() }) })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (answer) => {
        const outcomes = await write([create, create, create], { data: answer });
        const ids = outcomes.flatMap((outcome) => ('companyId' in outcome ? [outcome.companyId] : []));
        expect(outcomes).toHaveLength(3);
        for (const companyId of ids)
          expect(JSON.stringify(answer)).toContain(JSON.stringify(companyId).slice(1, -1));
      }),
    );
  });
});
