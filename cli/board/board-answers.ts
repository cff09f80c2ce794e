import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { isForUs, keyCheck } from '../../local/request-guard.ts';
import { type BoardAction, boardAction } from './board-action.ts';
import type { BoardCandidates } from './candidates.ts';
import { isFromOurPage, securityHeaders } from './guard.ts';
import type { BoardSnapshot } from './snapshot.ts';

/** An action is small. */
const bodyMax = 64 * 1024;
const actions = '/actions';

const json = 'application/json; charset=utf-8';
const script = 'text/javascript; charset=utf-8';

const styles = ['base', 'flow', 'cards', 'lists'];
const scripts = [
  'ask',
  'board',
  'chart',
  'decide-dialog',
  'elements',
  'failures',
  'flow',
  'folder-dialog',
  'lists',
  'pace-band',
  'speaker',
  'words-en',
  'words-fr',
];

/** The files of the page, and what they are. There are no others. */
const files = new Map([
  ['/', { name: 'index.html', type: 'text/html; charset=utf-8' }],
  ...styles.map(
    (name) => [`/${name}.css`, { name: `${name}.css`, type: 'text/css; charset=utf-8' }] as const,
  ),
  ['/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
  ...scripts.map((name) => [`/${name}.js`, { name: `${name}.js`, type: script }] as const),
]);

const actionText = z
  .string()
  .transform((body, context): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(boardAction);

type Content = [body: string | Buffer, type?: string];

export function reply(response: ServerResponse, status: number, body: string | Buffer, type = json): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': type }).end(body);
}

/**
 * What the page is answered: its files, what it shows (`/board.json`), what a person compares who decides about a folder
 * (`/candidates.json`), and what it asks to be done (`POST /actions`).
 * @param key without which only the files are given: other users of this machine reach the port too
 */
export function createBoardAnswers(
  readSnapshot: (search: string) => Promise<BoardSnapshot>,
  act: (action: BoardAction) => Promise<boolean>,
  readCandidates: (folderId: string) => Promise<BoardCandidates | undefined>,
  key: string,
) {
  const isKey = keyCheck(key);

  /** The HTTP status of a request that is not looked into. Who has no key gets the files, in which no customer is. */
  function refusalOf(request: IncomingMessage, pathname: string): number | undefined {
    if (!isForUs(request)) return 403;
    const [, given = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!files.has(pathname) && !isKey(given)) return 401;
    return request.method === (pathname === actions ? 'POST' : 'GET') ? undefined : 405;
  }

  async function takeAction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    if (!isFromOurPage(request) || length > bodyMax) return refuse(response, 403);
    const action = actionText.safeParse(await text(request));
    if (!action.success) return refuse(response, 400);
    if (!(await act(action.data))) return refuse(response, 403);
    reply(response, 200, '{}');
  }

  /** What the page asks for; `undefined` if there is no such thing. */
  async function contentOf({ pathname, searchParams }: URL): Promise<Content | undefined> {
    if (pathname === '/board.json')
      return [JSON.stringify(await readSnapshot(searchParams.get('search')?.trim() ?? ''))];
    if (pathname === '/candidates.json') {
      const found = await readCandidates(searchParams.get('folder') ?? '');
      return found && [JSON.stringify(found)];
    }
    const file = files.get(pathname);
    return file && [await readFile(new URL(`page/${file.name}`, import.meta.url)), file.type];
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    if (url === null) return refuse(response, 400);
    const status = refusalOf(request, url.pathname);
    if (status !== undefined) return refuse(response, status);
    if (url.pathname === actions) return await takeAction(request, response);
    const content = await contentOf(url);
    if (content === undefined) refuse(response, 404);
    else reply(response, 200, ...content);
  };
}

const refuse = (response: ServerResponse, status: number): void => reply(response, status, '{}');
