import { afterAll, describe, expect, it } from 'vitest';
import { canaryKey, failureOf } from '../../support/errors.ts';
import { startGraphqlServer } from '../../support/graphql-server.ts';
import { canaryName, good, refusedOperation, transportTo, wrong } from '../../support/graphql-transport.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());
const { transport, failure } = transportTo(server);

describe('the key or the address is wrong', () => {
  it.each([401, 403])('when the answer is %i', async (status) => {
    expect(await failure({ status, json: { message: canaryKey } })).toEqual(
      wrong(
        'MOOVAGO_API_KEY',
        `Moovago refuses the key (${status}). It was sent to ${server.url.host} in the header x-api-key. Check the key, its rights and MOOVAGO_API_KEY_HEADER.`,
      ),
    );
  });

  it('for Clavus by its own names', async () => {
    expect(await failure({ status: 401, body: '' }, { system: 'Clavus' })).toEqual(
      wrong(
        'CLAVUS_API_KEY',
        `Clavus refuses the key (401). It was sent to ${server.url.host}. Check the key and its rights.`,
      ),
    );
  });

  it('without the name of the header where somebody has put the key there', async () => {
    const headers = async () => ({ [canaryKey]: 'x-api-key' });
    expect(await failure({ status: 401, body: '' }, { headers })).toEqual(
      wrong(
        'MOOVAGO_API_KEY',
        `Moovago refuses the key (401). It was sent to ${server.url.host} in the header that MOOVAGO_API_KEY_HEADER names. Check the key, its rights and MOOVAGO_API_KEY_HEADER.`,
      ),
    );
  });

  it.each([301, 302, 303, 307, 308])('when it redirects (%i): the key goes nowhere else', async (status) => {
    const other = await startGraphqlServer();
    other.answers(good);
    expect(await failure({ status, headers: { location: other.url.href }, body: '' })).toEqual(
      wrong(
        'MOOVAGO_API_URL',
        `Moovago redirects (${status}), which is not followed: the key would go along. Set the final address.`,
      ),
    );
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it.each([404, 405])('when nothing answers GraphQL there (%i)', async (status) => {
    expect(await failure({ status, body: '<h1>Not found</h1>' })).toEqual(
      wrong('MOOVAGO_API_URL', `nothing answers GraphQL there (${status}). Check the address.`),
    );
  });

  const keyless = wrong(
    'MOOVAGO_API_KEY',
    'Moovago refuses what the key asks for (in GraphQL). Check the key and its rights.',
  );

  it.each([
    { message: 'no', extensions: { code: 'UNAUTHENTICATED' } },
    { message: 'no', extensions: { code: 'FORBIDDEN' } },
    { message: 'no', errorType: 'UnauthorizedException' },
  ])('when a code of GraphQL says so about the whole document', async (error) => {
    expect(await failure({ json: { errors: [error] } })).toEqual(keyless);
    expect(await failure({ json: { data: null, errors: [error] } })).toEqual({
      ...keyless,
      applied: 'unknown',
    });
  });

  it('when words say so, and then something may have been applied', async () => {
    const errors = [{ message: 'You are not authorized to access this data' }];
    expect(await failure({ json: { data: null, errors } })).toEqual({ ...keyless, applied: 'unknown' });
    expect(await failure({ json: { errors } })).toEqual(keyless);
  });
});

describe('the operation is refused as a whole', () => {
  const unknownField = 'Cannot query field "recordId" on type "Company".';

  it.each([200, 400, 422])('when there are errors and no data (%i)', async (status) => {
    expect(await failure({ status, json: { errors: [{ message: unknownField }] } })).toEqual(
      refusedOperation(unknownField, unknownField),
    );
  });

  it('when data is null and the error is one of validation', async () => {
    const errors = [{ message: 'Unknown field', path: null, errorType: 'ValidationError' }];
    expect(await failure({ json: { data: null, errors } })).toEqual({
      ...refusedOperation('Unknown field', 'Unknown field'),
      applied: 'unknown',
    });
  });

  it('without the values that it quotes, even cut ones: those are for the record only', async () => {
    const quoted = `Variable "$w0" got invalid value { name: "${canaryName}" }; ${'y'.repeat(120)} ${canaryName}`;
    const facts = await failure({ json: { errors: [{ message: `${quoted} ${canaryKey}` }] } });
    expect(facts).toEqual(
      refusedOperation(
        `Variable "$w0" got invalid value { name: "…" }; ${'y'.repeat(120)} … …`,
        `Variable "$w0" got invalid value { name: "${canaryName}" }; ${'y'.repeat(120)} Canary Solai…`,
      ),
    );
  });

  it('without the values that stand in the document itself', async () => {
    const inline = `mutation { upsertProspect(lastName: "${canaryName}", puissanceKc: 123456) { id } }`;
    server.answers({ json: { errors: [{ message: `Cannot query field "${canaryName}" or 123456?` }] } });
    const error = await failureOf(transport()(inline));
    expect(Object(error).message).toBe(
      'MOOVAGO_API_URL: Moovago refused the operation: Cannot query field "…" or …?',
    );
  });

  it('even when it gives no reason', async () => {
    expect(await failure({ json: { errors: [{}] } })).toEqual(refusedOperation('no reason given', ''));
  });
});
