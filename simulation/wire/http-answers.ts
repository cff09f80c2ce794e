import type { Chance } from '../chance.ts';
import type { Answer, Environment } from '../environment.ts';
import type { Trouble } from '../services/trouble.ts';
import type { WirePlan } from './wire-plan.ts';

/** Node's `fetch` rejects like this. */
const networkError = (code: string, syscall: string) => ({
  error: new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, syscall }) }),
});

const page = '<!doctype html><title>Please sign in</title><p>This network asks you to accept its terms.</p>';

/** Answers as they come over the network: complete and well encoded, or not. */
export function createHttpAnswers({ charset, contentType }: WirePlan) {
  const headers = { 'content-type': `${contentType}; charset=${charset}` };
  const encode = (text: string) => Buffer.from(text, charset === 'utf-8' ? 'utf8' : 'latin1');

  function spoiled(env: Environment, text: string, draw: Chance): Answer<Response> | undefined {
    if (env.strikes('wire-reset', draw)) return networkError('ECONNRESET', 'read');
    if (env.strikes('wire-passed-on', draw)) return { value: new Response('', { status: 408 }) };
    if (env.strikes('wire-page', draw))
      return { value: new Response(page, { headers: { 'content-type': 'text/html' } }) };
    if (env.strikes('wire-truncated', draw))
      return { value: new Response(encode(text.slice(0, Math.floor(text.length / 2))), { headers }) };
    if (env.strikes('wire-bad-bytes', draw)) return { value: badBytes(text) };
    return undefined;
  }

  /** A text with a byte that UTF-8 does not have, in the first value that is written by people. */
  function badBytes(text: string): Response {
    const at = Math.max(text.indexOf('Zqx'), text.indexOf('"') + 1, 0);
    const [before, after] = [text.slice(0, at), text.slice(at)];
    const bytes = Buffer.concat([
      Buffer.from(before, 'utf8'),
      Buffer.from([0xc9]),
      Buffer.from(after, 'utf8'),
    ]);
    return new Response(bytes, { headers: { 'content-type': `${contentType}; charset=utf-8` } });
  }

  return {
    json: (env: Environment, body: unknown, draw: Chance, status = 200): Answer<Response> => {
      const text = JSON.stringify(body);
      return spoiled(env, text, draw) ?? { value: new Response(encode(text), { status, headers }) };
    },
    fails: (trouble: Trouble): Answer<Response> => {
      if (trouble.kind === 'unreachable') return networkError('ECONNREFUSED', 'connect');
      if (trouble.kind === 'silent') return networkError('UND_ERR_HEADERS_TIMEOUT', '');
      if (trouble.kind === 'key') return { value: new Response('', { status: 401 }) };
      if (trouble.kind === 'failing') return { value: new Response('', { status: trouble.status }) };
      const { retryAfterMs } = trouble;
      const asked: Record<string, string> =
        retryAfterMs === undefined ? {} : { 'retry-after': String(retryAfterMs / 1_000) };
      return { value: new Response('', { status: 429, headers: asked }) };
    },
  };
}
