import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { RequestOutcome } from '../../../lib/framework/service-fetch.ts';
import { canaryKey, failureOf } from '../../support/errors.ts';
import { type ScriptedAnswer, startGraphqlServer } from '../../support/graphql-server.ts';
import { document, good, transportTo, variables, wrong } from '../../support/graphql-transport.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());
const { transport, failure } = transportTo(server);

describe('what is sent', () => {
  it('is a POST of query and variables with the key in its header', async () => {
    server.answers(good);
    await transport()(document, variables);
    expect(server.requests).toEqual([
      {
        method: 'POST',
        path: '/graphql',
        headers: expect.objectContaining({
          'x-api-key': canaryKey,
          'content-type': 'application/json',
          accept: 'application/json',
        }),
        body: { query: document, variables },
      },
    ]);
  });

  it('has no variables when there are none', async () => {
    server.answers({ json: { data: {} } });
    await transport()('{ team { id } }');
    expect(server.requests.map(({ body }) => body)).toEqual([{ query: '{ team { id } }' }]);
  });

  it('goes over connections that stay open', async () => {
    server.answers(good);
    const send = transport();
    for (let n = 0; n < 20; n += 1) await send(document, variables);
    expect(server.requests).toHaveLength(20);
    // Two at most: the next request may start before the pool has its connection back.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('asks for the key before each request', async () => {
    server.answers(good);
    let asked = 0;
    const send = transport({ headers: async () => ({ 'x-api-key': `key-${++asked}` }) });
    await send(document, variables);
    await send(document, variables);
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['key-1', 'key-2']);
  });

  it('waits with its connection open, after the key, and leaves in the turn in which the wait is over', async () => {
    const fresh = await startGraphqlServer();
    fresh.answers(good);
    const events: string[] = [];
    const onSent = () => events.push('sent');
    const onConnected = () => events.push('connected');
    subscribe('undici:request:bodySent', onSent);
    subscribe('undici:client:connected', onConnected);
    const headers = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      events.push('key');
      return {};
    };
    await transportTo(fresh).transport({ headers })('{ a }', {}, async () => {
      events.push('asked');
      await new Promise((resolve) => setImmediate(resolve));
      setImmediate(() => events.push('next turn'));
    });
    unsubscribe('undici:request:bodySent', onSent);
    unsubscribe('undici:client:connected', onConnected);
    expect(events).toEqual(['key', 'connected', 'asked', 'sent', 'next turn']);
    expect(fresh.requests.map(({ headers }) => headers)).toMatchObject([{ 'content-length': '32' }]);
    expect(fresh.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
    await fresh.close();
  });

  it('has certainly not arrived when its connection breaks, or the time is over, before it leaves', async () => {
    server.answers(good);
    const breaking = createServer((socket) => setTimeout(() => socket.destroy(), 10));
    await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
    const { port } = breaking.address() as AddressInfo;
    const never = () => new Promise<void>(() => {});
    const broken = transport({ url: new URL(`http://127.0.0.1:${port}`) })(document, variables, never);
    const late = transport({ timeoutMs: 50 })(document, variables, never);
    expect(await Promise.all([broken, late].map(failureOf))).toMatchObject([
      { name: 'TryLater', applied: 'no' },
      { name: 'TryLater', applied: 'no' },
    ]);
    expect(server.requests).toEqual([]);
    await new Promise((resolve) => breaking.close(resolve));
  });

  it.each(['200 OK', '400 Bad Request', '408 Request Timeout', '413 Payload Too Large', '502 Bad Gateway'])(
    'has certainly not arrived when %s comes before it leaves, and does not leave after that',
    async (statusLine) => {
      const body = '{"data":{"ok":true}}';
      const head = `HTTP/1.1 ${statusLine}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      let received = 0;
      const hasty = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (bytes) => {
          received += bytes.length;
        });
        socket.write(head);
        setTimeout(() => socket.writable && socket.end(body), 60);
      });
      await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
      const { port } = hasty.address() as AddressInfo;
      const ready = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
      const sending = transport({ url: new URL(`http://127.0.0.1:${port}`) })(document, variables, ready);
      expect(await failureOf(sending)).toMatchObject({ name: 'TryLater', applied: 'no' });
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(received).toBe(0);
      await new Promise((resolve) => hasty.close(resolve));
    },
  );

  it('does not leave when what it waits for rejects, and what that says comes out', async () => {
    server.answers(good);
    const outcomes: RequestOutcome[] = [];
    const missed = new Error('the slot has passed');
    const sending = transport({ onRequest: (outcome) => outcomes.push(outcome) })(document, variables, () =>
      Promise.reject(missed),
    );
    expect(await failureOf(sending)).toBe(missed);
    expect([server.requests, outcomes]).toEqual([[], []]);
  });

  it('does not leave without a key', async () => {
    server.answers(good);
    const noKey = new Error('no key');
    const headers = () => Promise.reject(noKey);
    expect(await failureOf(transport({ headers })(document, variables))).toBe(noKey);
    expect(server.requests).toEqual([]);
  });

  it.each([`${canaryKey}\nx`, `${canaryKey}’`])(
    'does not leave with a key that no header can carry',
    async (key) => {
      const headers = async () => ({ 'x-api-key': key });
      expect(await failure(good, { headers })).toEqual(
        wrong(
          'MOOVAGO_API_KEY',
          'the key, or the name of its header, holds a character that HTTP does not allow. Copy it again.',
        ),
      );
      expect(server.requests).toEqual([]);
    },
  );

  it('is counted once, with its status and its time', async () => {
    const outcomes: RequestOutcome[] = [];
    const send = transport({ onRequest: (outcome) => outcomes.push(outcome) });
    server.answers(good, { status: 429, json: {} }, (_, socket) => socket.destroy());
    await send(document, variables);
    await failureOf(send(document, variables));
    await failureOf(send(document, variables));
    expect(outcomes).toEqual([
      { status: 200, durationMs: expect.any(Number) },
      { status: 429, durationMs: expect.any(Number) },
      { status: undefined, durationMs: expect.any(Number) },
    ]);
  });
});

describe('an answer', () => {
  const answer = async (scripted: ScriptedAnswer) => {
    server.answers(scripted);
    return transport()(document, variables);
  };

  it('is data, and no errors', async () => {
    expect(await answer(good)).toEqual({ data: { w0: { create: { recordId: 'c1' } } }, errors: [] });
  });

  it("is Moovago's sample of an error, word for word", async () => {
    const json = {
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
    expect(await answer({ json })).toEqual({
      data: null,
      errors: [
        {
          message: 'You are not authorized to access this data',
          path: ['companyList'],
          code: 'DataFetchingException',
        },
      ],
    });
  });

  it('keeps errors beside data, with and without a path, on one line and without the key', async () => {
    const errors = [
      {
        message: `bad phone\n for key ${canaryKey}`,
        path: ['w0', 'create', 0],
        extensions: { code: 'BAD_INPUT' },
      },
      { message: 'half done', path: [], extensions: { classification: 'Partial', code: 7 } },
      { path: 'w0' },
    ];
    expect(await answer({ json: { data: { w0: null }, errors } })).toEqual({
      data: { w0: null },
      errors: [
        { message: 'bad phone for key …', path: ['w0', 'create', 0], code: 'BAD_INPUT' },
        { message: 'half done', path: undefined, code: 'Partial' },
        { message: '', path: undefined, code: '' },
      ],
    });
  });

  it('may have a path and no data, or come with a 4xx: it was executed', async () => {
    const errors = [{ message: 'no', path: ['w0'] }];
    const expected = { data: null, errors: [{ message: 'no', path: ['w0'], code: '' }] };
    expect(await answer({ json: { errors } })).toEqual(expected);
    expect(await answer({ status: 422, json: { data: null, errors } })).toEqual(expected);
  });

  it('may be compressed, start with a byte order mark, or have null for no errors', async () => {
    const body = Buffer.from(`\ufeff${JSON.stringify({ ...good.json, errors: null, extensions: null })}`);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await answer({ headers, body: gzipSync(body) })).toEqual({
      data: { w0: { create: { recordId: 'c1' } } },
      errors: [],
    });
  });

  it('may hold odd text', async () => {
    const odd = { text: 'a\u0000b\ud800c\u202e😀é', __proto__: null };
    expect(await answer({ json: { data: odd } })).toEqual({ data: { text: odd.text }, errors: [] });
  });
});
