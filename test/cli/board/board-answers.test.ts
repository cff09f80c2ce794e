import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BoardAction } from '../../../cli/board/board-action.ts';
import { createBoardAnswers } from '../../../cli/board/board-answers.ts';
import type { BoardSnapshot } from '../../../cli/board/snapshot.ts';
import { breakOffMany } from '../../support/stranger.ts';

const retry = JSON.stringify({ action: 'retry', folderId: 'f1' });

/** The answers on a server of their own, and a way to ask it anything, as no browser would let a page. */
async function setUp({ isAllowed = true } = {}) {
  const done: BoardAction[] = [];
  const searches: string[] = [];
  const answer = createBoardAnswers(
    async (search) => {
      searches.push(search);
      return { at: 1 } as BoardSnapshot;
    },
    async (action) => {
      done.push(action);
      return isAllowed;
    },
    async (folderId) =>
      folderId === 'f1' ? { folderId, name: 'Dupont', fields: [], companies: [] } : undefined,
    'right-key',
  );
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  async function ask(
    path: string,
    { method = 'GET', headers = {} as Record<string, string>, body = '' } = {},
  ) {
    const authorization = 'Bearer right-key';
    const asked = request({ port, host: '127.0.0.1', path, method, headers: { authorization, ...headers } });
    asked.end(body);
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  }
  const ours = {
    origin: `http://127.0.0.1:${port}`,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
    'content-length': String(retry.length),
  };
  const act = (headers: Record<string, string | undefined>, body = retry) =>
    ask('/actions', {
      method: 'POST',
      headers: JSON.parse(JSON.stringify({ ...ours, 'content-length': String(body.length), ...headers })),
      body,
    });
  return { ask, act, port, done, searches };
}

describe('the answers to the page', () => {
  it('let it load nothing from elsewhere, and nobody frame or keep it', async () => {
    const { ask } = await setUp();
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<main>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';.*frame-ancestors 'none'/,
      ),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
  });

  it('are the files of the page and nothing else', async () => {
    const { ask } = await setUp();
    expect((await ask('/board.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    for (const path of ['/tsconfig.json', '/../guard.ts', '/%2e%2e/guard.ts', '/index.html'])
      expect((await ask(path)).status, path).toBe(404);
    expect((await ask('/', { method: 'POST' })).status).toBe(405);
    expect((await ask('/actions')).status).toBe(405);
  });

  it('are given by the name of this machine only, so that no web site gets them by its own', async () => {
    const { ask, port, searches } = await setUp();
    const statuses = [];
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      'localhost',
      `evil.example:${port}`,
      '127.0.0.1:1',
    ])
      statuses.push((await ask('/board.json?search=%20Nice%20', { headers: { host } })).status);
    expect(statuses).toEqual([200, 200, 403, 403, 403]);
    expect(searches).toEqual(['Nice', 'Nice']);
  });
});

describe('a stranger on this machine', () => {
  it('gets the files of the page, and without the key nothing that it shows or does', async () => {
    const { ask, act, searches, done } = await setUp();
    const statuses = [];
    for (const authorization of ['', 'Bearer ', 'Bearer right-ke', 'Bearer right-key2', 'right-key']) {
      for (const path of ['/board.json', '/candidates.json?folder=f1', '/nothing'])
        statuses.push((await ask(path, { headers: { authorization } })).status);
      statuses.push((await act({ authorization })).status);
    }
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 401));
    expect([searches, done]).toEqual([[], []]);
    expect((await ask('/board.js', { headers: { authorization: '' } })).status).toBe(200);
  });

  it('ends nothing by an address that is none, nor by requests that break off', async () => {
    const { ask, port } = await setUp();
    expect((await ask('//')).status).toBe(400);
    await breakOffMany(port, {});
    expect((await ask('/')).status).toBe(200);
  });
});

describe('what a person compares', () => {
  it('is given for a folder that waits for one, and for no other, nor by another name of this machine', async () => {
    const { ask } = await setUp();
    const found = await ask('/candidates.json?folder=f1');
    expect([found.status, JSON.parse(found.body)]).toEqual([
      200,
      { folderId: 'f1', name: 'Dupont', fields: [], companies: [] },
    ]);
    expect((await ask('/candidates.json?folder=f2')).status).toBe(404);
    expect((await ask('/candidates.json')).status).toBe(404);
    const headers = { host: 'evil.example' };
    expect((await ask('/candidates.json?folder=f1', { headers })).status).toBe(403);
  });
});

describe('an action', () => {
  it('is done when our own page asks for it', async () => {
    const { act, done } = await setUp();
    expect((await act({})).status).toBe(200);
    expect((await act({ 'sec-fetch-site': undefined })).status).toBe(200);
    expect(done).toEqual([
      { action: 'retry', folderId: 'f1' },
      { action: 'retry', folderId: 'f1' },
    ]);
  });

  it('is not done for another origin, without one, or as a form sends it', async () => {
    const { act, done } = await setUp();
    const statuses = [];
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: undefined },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'content-type': 'text/plain' },
      { 'content-type': undefined },
      { 'content-length': undefined, 'transfer-encoding': 'chunked' },
    ])
      statuses.push((await act(headers)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 403, 403, 403]);
    expect(done).toEqual([]);
  });

  it('must be one that there is', async () => {
    const { act, done } = await setUp();
    const statuses = [];
    for (const body of [
      '',
      '{',
      '{}',
      '{"action":"delete"}',
      '{"action":"retry"}',
      '{"action":"link","folderId":"f1"}',
      '{"action":"add","more":1}',
    ])
      statuses.push((await act({}, body)).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 400]);
    expect(done).toEqual([]);
  });

  it('that may not be done here is refused', async () => {
    const { act } = await setUp({ isAllowed: false });
    expect((await act({})).status).toBe(403);
  });
});
