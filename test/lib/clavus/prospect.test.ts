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

const refusing = (message: string, ...path: string[]): ScriptedAnswer => ({
  json: { data: null, errors: [{ message, path }] },
});
const sent = () =>
  server
    .documents(clavusSchema)
    .map(({ query, variables }) => ({ query: query.replace(/\s+/g, ' '), variables }));

describe('upsertProspect', () => {
  const prospect = {
    firstName: 'first name',
    lastName: 'last name',
    address: '15 Fb saint-jean',
    postalCode: '09100',
    email: 'exempl@clavus.io',
    phone: '0666666666',
    type: 'MORAL',
    siren: '0000000000000',
    puissanceKc: 300,
    prixHT: '23.00',
    gps: ['0.2993', '1.2020'],
    commercialNote: 'Attention au ...',
  } as const;

  it("writes and reads the guide's sample of a new prospect", async () => {
    const saved = { id: 'clnj1a46700kpwjz8vfk5xjwr', ...prospect };
    expect(await clavus({ json: { data: { upsertProspect: saved } } }).upsertProspect(prospect)).toEqual(
      saved,
    );
    expect(sent()).toEqual([
      {
        query:
          'mutation UpsertProspect { upsertProspect( firstName: "first name" lastName: "last name" address: "15 Fb saint-jean" postalCode: "09100" email: "exempl@clavus.io" phone: "0666666666" type: MORAL siren: "0000000000000" puissanceKc: 300 prixHT: "23.00" gps: ["0.2993", "1.2020"] commercialNote: "Attention au ..." ) { id firstName lastName address postalCode email phone type siren puissanceKc prixHT gps commercialNote } }',
        variables: {},
      },
    ]);
  });

  it("writes and reads the guide's sample of an update", async () => {
    const saved = { id: 'clnj1a46700kpwjz8vfk5xjwr', firstName: 'updated' };
    expect(await clavus({ json: { data: { upsertProspect: saved } } }).upsertProspect(saved)).toEqual(saved);
    expect(sent()).toEqual([
      {
        query:
          'mutation UpsertProspect { upsertProspect(id: "clnj1a46700kpwjz8vfk5xjwr", firstName: "updated") { id firstName } }',
        variables: {},
      },
    ]);
  });

  it('is rejected for a prospect that was converted, the words apart from the message', async () => {
    const answer = refusing('Prospect updated was converted', 'upsertProspect');
    expect(await failure(clavus(answer).upsertProspect({ id: 'p1', firstName: 'updated' }))).toEqual({
      kind: 'Rejected',
      message: 'Clavus refused the prospect',
      system: 'Clavus',
      reason: 'Prospect updated was converted',
    });
  });

  it('was saved where its id came back, whatever else of the answer went wrong', async () => {
    const answer: ScriptedAnswer = {
      json: {
        data: { upsertProspect: { id: 'p1', email: null } },
        errors: [{ message: 'Internal error', path: ['upsertProspect', 'email'] }],
      },
    };
    expect(await clavus(answer).upsertProspect(prospect)).toMatchObject({ id: 'p1' });
  });

  it('is unknown where the error tells of trouble: it may have come after the prospect was made', async () => {
    expect(
      await failure(clavus(refusing('Internal server error', 'upsertProspect')).upsertProspect(prospect)),
    ).toEqual({
      kind: 'TryLater',
      message: 'Clavus could not execute upsertProspect',
      system: 'Clavus',
      applied: 'unknown',
    });
  });

  it('is a matter of rights where the key may not do it', async () => {
    expect(
      await failure(clavus(refusing('Forbidden', 'upsertProspect')).upsertProspect(prospect)),
    ).toMatchObject({ kind: 'ConfigurationError', where: 'CLAVUS_API_KEY' });
  });

  it('is unknown without an id in the answer', async () => {
    expect(
      await failure(clavus({ json: { data: { upsertProspect: null } } }).upsertProspect(prospect)),
    ).toEqual({
      kind: 'TryLater',
      message:
        'the answer of Clavus to upsertProspect is not what the guide describes, at data.upsertProspect',
      system: 'Clavus',
      applied: 'unknown',
    });
  });
});
