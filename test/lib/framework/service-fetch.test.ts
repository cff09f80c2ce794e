import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fetch } from '../../../lib/framework/service-fetch.ts';
import { failureOf } from '../../support/errors.ts';
import { type ScriptedAnswer, startGraphqlServer } from '../../support/graphql-server.ts';
import {
  canaryName,
  document,
  good,
  later,
  safeFacts,
  transportTo,
  variables,
} from '../../support/graphql-transport.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());
const { transport, failure } = transportTo(server);

const notAnAnswer = later('unknown', 'the answer of Moovago is not a GraphQL answer');

describe('nothing happened, later it may', () => {
  it('after 429, with the time that was asked for', async () => {
    const status = 429;
    const message = 'Moovago had too many requests (429)';
    expect(await failure({ status, headers: { 'retry-after': '3' }, json: {} })).toEqual(
      later('no', message, { status, retryAfterMs: 3000 }),
    );
    expect(await failure({ status, headers: { 'retry-after': 'soon' }, body: '' })).toEqual(
      later('no', message, { status }),
    );
  });

  it.each([400, 413, 418])('after %i without a GraphQL answer', async (status) => {
    expect(await failure({ status, body: `<p>${canaryName}</p>` })).toEqual(
      later('no', `Moovago did not take the request (${status})`, { status }),
    );
    expect(await failure({ status, json: { message: canaryName } })).toEqual(
      later('no', `Moovago did not take the request (${status})`, { status }),
    );
  });

  it('when nobody listens', async () => {
    const gone = await startGraphqlServer();
    await gone.close();
    expect(safeFacts(await failureOf(transport({ url: gone.url })(document, variables)))).toEqual(
      later('no', `Moovago could not be reached at ${gone.url.host} (ECONNREFUSED)`),
    );
  });

  it('when the other side does not speak TLS', async () => {
    const url = new URL(server.url.href.replace('http:', 'https:'));
    expect(safeFacts(await failureOf(transport({ url })(document, variables)))).toEqual(
      later('no', `Moovago could not be reached at ${url.host} (ERR_SSL_WRONG_VERSION_NUMBER)`),
    );
  });

  const fetchFailing =
    (cause: unknown): Fetch =>
    () =>
      Promise.reject(new TypeError(canaryName, { cause }));

  it.each([
    ['ENOTFOUND', 'getaddrinfo'],
    ['EAI_AGAIN', 'getaddrinfo'],
    ['ETIMEDOUT', 'connect'],
    ['ECONNREFUSED', undefined],
    ['EHOSTUNREACH', 'connect'],
    ['ENETUNREACH', undefined],
    ['UND_ERR_CONNECT_TIMEOUT', undefined],
    ['CERT_HAS_EXPIRED', undefined],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined],
  ])('when connecting fails: %s', async (code, syscall) => {
    const fetch = fetchFailing(Object.assign(new Error(canaryName), { code, syscall }));
    expect(await failure(good, { fetch })).toEqual(
      later('no', `Moovago could not be reached at ${server.url.host} (${code})`),
    );
  });

  it('when no address of the host can be reached', async () => {
    const fetch = fetchFailing(Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }));
    expect(await failure(good, { fetch })).toEqual(
      later('no', `Moovago could not be reached at ${server.url.host} (ETIMEDOUT)`),
    );
  });

  it.each([
    ['ECONNRESET', 'read'],
    ['EHOSTUNREACH', 'write'],
    ['ETIMEDOUT', 'read'],
    ['UND_ERR_SOCKET', undefined],
  ])('but not when a connection in use breaks: %s', async (code, syscall) => {
    const fetch = fetchFailing(Object.assign(new Error(canaryName), { code, syscall }));
    expect(await failure(good, { fetch })).toEqual(
      later('unknown', `the connection to Moovago broke (${code})`),
    );
  });

  it.each([undefined, null, 'text', { code: canaryName }, { code: 7 }])(
    'nor for an odd cause',
    async (cause) => {
      expect(await failure(good, { fetch: fetchFailing(cause) })).toEqual(
        later('unknown', 'the connection to Moovago broke'),
      );
    },
  );
});

describe('bytes', () => {
  const named = (text: string) => JSON.stringify({ data: { name: text } });
  const send = async (contentType: string | undefined, body: Buffer) => {
    server.answers({ ...(contentType ? { headers: { 'content-type': contentType } } : {}), body });
    return transport()(document, variables);
  };

  it.each([
    ['application/json; charset=iso-8859-1', Buffer.from(named('Église'), 'latin1')],
    ['application/json; charset="windows-1252"', Buffer.from(named('Église'), 'latin1')],
    ['application/json;charset=UTF-8', Buffer.from(named('Église'))],
    ['text/plain', Buffer.from(named('Église'))],
    ['text/html', Buffer.from(named('Église'))],
    [undefined, Buffer.from(named('Église'))],
  ])('are read by the charset that the answer names: %s', async (contentType, body) => {
    expect(await send(contentType, body)).toEqual({ data: { name: 'Église' }, errors: [] });
  });

  it.each([
    [undefined, 'utf-8'],
    ['application/json; charset=us-ebcdic', 'us-ebcdic'],
  ])('that are no text are no answer: %s', async (contentType, charset) => {
    const headers = contentType ? { headers: { 'content-type': contentType } } : {};
    expect(await failure({ ...headers, body: Buffer.from(named('Église'), 'latin1') })).toEqual(
      later('unknown', `the answer of Moovago holds bytes that are not text in ${charset}`, { status: 200 }),
    );
  });
});

describe('nobody knows what happened', () => {
  it.each([500, 502, 503, 504])('after %i, whatever it says', async (status) => {
    const headers = { 'retry-after': '60' };
    expect(await failure({ status, headers, ...good })).toEqual(
      later('unknown', `Moovago is in trouble (${status})`, { status, retryAfterMs: 60_000 }),
    );
  });

  it.each([408, 409, 499])(
    'after %i, which a server between may send for a request that it passed on',
    async (status) => {
      expect(await failure({ status, body: '' })).toEqual(
        later('unknown', `Moovago did not take the request (${status})`, { status }),
      );
    },
  );

  it('after 204', async () => {
    expect(await failure((response) => response.writeHead(204).end())).toEqual(
      later('unknown', 'Moovago answered nothing (204)', { status: 204 }),
    );
  });

  const json = { 'content-type': 'application/json' };
  it.each<[string, ScriptedAnswer]>([
    ['a page of HTML', { body: `<html>Log in, ${canaryName}</html>` }],
    ['HTML that calls itself JSON', { headers: json, body: '<html></html>' }],
    ['nothing', { headers: json, body: '' }],
    ['half of the JSON', { headers: json, body: `{"data":{"name":"${canaryName}"` }],
    ['nesting without end', { headers: json, body: `{"data":${'['.repeat(100_000)}` }],
    ['a number', { json: 7 }],
    ['null', { json: null }],
    ['an empty object', { json: {} }],
    ['a message', { json: { message: canaryName } }],
    ['data that is a text', { json: { data: canaryName } }],
    ['errors that are no list', { json: { errors: { message: canaryName } } }],
    ['an empty list of errors', { json: { errors: [] } }],
    ['errors that are texts', { json: { data: {}, errors: [canaryName] } }],
  ])('after 200 with %s', async (_, answer) => {
    expect(await failure(answer)).toEqual(notAnAnswer);
  });

  it.each([
    { data: null, errors: [{ message: `could not save ${canaryName}` }] },
    { errors: [{ message: 'Internal server error' }] },
    { errors: [{ message: canaryName, extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    { errors: [{ message: 'Execution timed out' }] },
  ])('after 200 with an error in the execution of the whole document', async (answer) => {
    expect(await failure({ json: answer })).toEqual(
      later('unknown', 'Moovago could not execute the operation', { status: 200 }),
    );
  });

  it('when the connection is reset', async () => {
    expect(await failure((_, socket) => socket.resetAndDestroy())).toEqual(
      later('unknown', 'the connection to Moovago broke (ECONNRESET)'),
    );
  });

  it('when the answer is cut', async () => {
    const cut: ScriptedAnswer = (response, socket) => {
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{"data":', () => setImmediate(() => socket.destroy()));
    };
    expect(await failure(cut)).toEqual(
      later('unknown', 'the connection to Moovago broke (UND_ERR_SOCKET)', {
        status: 200,
      }),
    );
  });

  it('when compressed data is damaged', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' };
    expect(await failure({ headers, body: 'not gzip' })).toEqual(
      later('unknown', 'the connection to Moovago broke (Z_DATA_ERROR)', { status: 200 }),
    );
  });

  it('when no answer comes in time', async () => {
    expect(await failure(() => undefined, { timeoutMs: 50 })).toEqual(
      later('unknown', 'Moovago did not answer within 50 ms'),
    );
  });

  it('when the answer begins in time and does not end', async () => {
    const endless: ScriptedAnswer = (response) => {
      response.writeHead(200, json);
      response.write('{"data":');
    };
    expect(await failure(endless, { timeoutMs: 50 })).toEqual(
      later('unknown', 'Moovago did not answer within 50 ms'),
    );
  });

  it('when the answer is too large, compressed or not', async () => {
    const tooLarge = later('unknown', 'the answer of Moovago is larger than 1000000 bytes', { status: 200 });
    const body = Buffer.from(JSON.stringify({ data: { text: 'x'.repeat(10_000_000) } }));
    const headers = { ...json, 'content-encoding': 'gzip' };
    expect(await failure({ headers: json, body }, { maxBytes: 1_000_000 })).toEqual(tooLarge);
    expect(await failure({ headers, body: gzipSync(body) }, { maxBytes: 1_000_000 })).toEqual(tooLarge);
  });

  it.each([
    ['6.5 million lists', `{"data":{"a":[${'[],'.repeat(6_499_990)}[]]}}`],
    ['6.5 million errors', `{"data":null,"errors":[${'{},'.repeat(6_499_980)}{}]}`],
    ['as many fields', `{"data":{"w0":1${',"":1'.repeat(1_000_001)}}}`],
  ])('when the answer has %s in 20 MB', async (_, body) => {
    expect(Buffer.byteLength(body)).toBeLessThan(20_000_000);
    expect(await failure({ headers: json, body })).toEqual(
      later(
        'unknown',
        'the answer of Moovago has more than 1,000,000 values or records, the most that is read',
      ),
    );
  });

  it.each([
    ['a million and one entries', '{},'.repeat(1_000_000), '{}'],
    ['an entry of a million and one values', `{"a":[${'[],'.repeat(500_000)}`, '[]]}'],
  ])('when a list has %s', async (_, most, last) => {
    const pieces = ['{"data":{"list":[', ...(most.match(/.{1,65536}/gs) ?? []), last, ']}}'];
    const start = (stream: ReadableStreamDefaultController) => {
      for (const piece of pieces) stream.enqueue(Buffer.from(piece));
      stream.close();
    };
    const fetch: Fetch = async () => new Response(new ReadableStream({ start }));
    let taken = 0;
    const list = {
      name: 'list',
      take: () => {
        taken++;
      },
    };
    const failed = await failureOf(transport({ fetch })(document, variables, undefined, list));
    expect(safeFacts(failed)).toMatchObject({
      kind: 'TryLater',
      message: 'the answer of Moovago has more than 1,000,000 values or records, the most that is read',
    });
    expect(Object(failed).isDivisible).toBe(true);
    expect(taken).toBeLessThanOrEqual(1_000_000);
  });

  it('when a list is too large even so: it says how much is read, and what to do', async () => {
    const megabyte = new Uint8Array(1_000_000).fill(0x20);
    const pull = (stream: ReadableStreamDefaultController) => stream.enqueue(megabyte);
    const start = (stream: ReadableStreamDefaultController) =>
      stream.enqueue(Buffer.from('{"data":{"list":['));
    const fetch: Fetch = async () => new Response(new ReadableStream({ start, pull }));
    const list = { name: 'list', take: () => undefined };
    expect(safeFacts(await failureOf(transport({ fetch })(document, variables, undefined, list)))).toEqual(
      later(
        'unknown',
        'the list of Moovago is larger than 400 MB, the most that is read. Delete records or long notes that Moovago needs no more.',
        { status: 200 },
      ),
    );
  });
});
