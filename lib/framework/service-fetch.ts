import * as z from 'zod';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { valuesMax } from './json-answer.ts';
import { type LateBody, lateBody } from './late-body.ts';
import type { ListSieve } from './list-sieve.ts';
import { retryAfterMs } from './retry-after.ts';
import { serviceSettings } from './service-settings.ts';

export type Fetch = typeof globalThis.fetch;

/** One request that was sent: its HTTP status, if there was one, and its duration. */
export type RequestOutcome = { status: number | undefined; durationMs: number };

export type ServiceFetchOptions = {
  system: System;
  /** Limit for the whole exchange, including reading the answer. */
  timeoutMs: number;
  /** Limit for the answer after decompression, but for a list that is taken out of it. Default: 20 MB. */
  maxBytes?: number | undefined;
  /** Default: Node's own. It keeps connections alive by itself, so no agent is needed. */
  fetch?: Fetch | undefined;
  /** Called once for every request that was sent, when it has ended. */
  onRequest?: ((outcome: RequestOutcome) => void) | undefined;
};

/** What only the last step before the network may know: the headers with the key, and the last check before sending. */
type Sending = {
  keyHeaders: Record<string, string>;
  /**
   * Awaited once the connection is open; the request leaves in the turn in which it resolves. A rejection stops the
   * request.
   */
  beforeSending?: (() => Promise<void>) | undefined;
  /** Takes a list out of the answer, which may then be of {@link listBytesMax}. */
  sieve?: ListSieve | undefined;
};

/** Limit for an answer whose list is taken out of it, after decompression: 400,000 records of 1 kB. */
const listBytesMax = 400_000_000;

export type ServiceFetch = (
  url: Parameters<Fetch>[0],
  init: RequestInit,
  sending: Sending,
) => Promise<Response>;

/**
 * `fetch` for a service with a key: limited in time and size, never following a redirect. Returns 2xx, and those 4xx
 * whose body matters (all except 401, 403 and 429), with the body read.
 * @throws ConfigurationError for 3xx, 401, 403 and a key that no header can carry
 * @throws TryLater for everything else that is not an answer. No error holds a header, a body or a cause
 */
export function createServiceFetch(options: ServiceFetchOptions): ServiceFetch {
  const { system, timeoutMs, maxBytes = 20_000_000, fetch = globalThis.fetch, onRequest } = options;
  return async (url, init, { keyHeaders, beforeSending, sieve }) => {
    const headers = withKey(system, init.headers, keyHeaders);
    const late = await lateBodyOf(init, headers, beforeSending);
    const signal = AbortSignal.timeout(timeoutMs);
    const startedAt = performance.now();
    let status: number | undefined;
    const host = hostOf(url);
    try {
      const response = await fetch(url, { ...init, ...late?.init, headers, redirect: 'manual', signal });
      status = response.status;
      refuseStatus({ system, host, header: Object.keys(keyHeaders)[0] }, response);
      if (late?.hold() === true) throw tooEarly(system, status);
      const body = await readText(system, response, { maxBytes, sieve });
      // JSON is read as JSON, whatever a proxy calls it.
      return new Response(body, { status, headers: { 'content-type': 'application/json' } });
    } catch (error) {
      const failure = signal.aborted ? tooSlow(system, timeoutMs) : broken({ system, host, status }, error);
      throw failureOfLate(late, failure);
    } finally {
      if (late?.refusal() === undefined) onRequest?.({ status, durationMs: performance.now() - startedAt });
    }
  };
}

async function lateBodyOf(
  { body }: RequestInit,
  headers: Headers,
  ready: Sending['beforeSending'],
): Promise<LateBody | undefined> {
  if (ready === undefined) return undefined;
  const late = lateBody(await new Response(body).text(), ready);
  // Otherwise the length is unknown, and the body is sent in chunks, which not every server accepts.
  headers.set('content-length', String(late.byteLength));
  return late;
}

/** A rejection of `beforeSending` is passed on unchanged. A request that never left was not applied. */
function failureOfLate(late: LateBody | undefined, failure: Error): unknown {
  const refusal = late?.refusal();
  if (refusal) return refusal.error;
  if (late?.hold() !== true || !(failure instanceof TryLater)) return failure;
  const { message, system, status, retryAfterMs, unreached } = failure;
  return new TryLater(message, {
    system,
    applied: 'no',
    unreached,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What must not be shown: the key as it is in the header, and alone. */
export function keysIn(keyHeaders: Record<string, string>): string[] {
  return Object.values(keyHeaders).flatMap((value) => [value, value.replace(/^Bearer /, '')]);
}

function withKey(system: System, init: RequestInit['headers'], keyHeaders: Record<string, string>): Headers {
  const headers = new Headers(init);
  try {
    for (const [name, value] of Object.entries(keyHeaders)) {
      headers.set(name, value);
    }
  } catch {
    // No cause: the original message quotes the key.
    const { key, header } = serviceSettings[system];
    const what = header === undefined ? 'the key' : 'the key, or the name of its header,';
    throw new ConfigurationError(key, `${what} holds a character that HTTP does not allow. Copy it again.`);
  }
  return headers;
}

/** Where a request went, and which header had the key. */
type Asked = { system: System; host: string; header: string | undefined };

function refuseStatus(asked: Asked, response: Response): void {
  const { status } = response;
  const refusal = refusalOf(asked, status, response.headers);
  if (refusal !== undefined) {
    // This body is not read. Cancelling it can fail, which does not matter.
    response.body?.cancel().catch(() => undefined);
    throw refusal;
  }
}

function refusalOf(asked: Asked, status: number, headers: Headers): Error | undefined {
  const { system } = asked;
  const { url, key } = serviceSettings[system];
  if (status >= 300 && status < 400) {
    return new ConfigurationError(
      url,
      `${system} redirects (${status}), which is not followed: the key would go along. Set the final address.`,
    );
  }
  if (status === 401 || status === 403) {
    return new ConfigurationError(key, `${system} refuses the key (${status}). ${whatToCheck(asked)}`);
  }
  const details = { system, status, retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) };
  if (status === 429) {
    return new TryLater(`${system} had too many requests (429)`, { ...details, applied: 'no' });
  }
  if (status >= 500) {
    // A gateway gave the service up: a smaller request may be answered in time.
    const isDivisible = status === 504;
    return new TryLater(`${system} is in trouble (${status})`, {
      ...details,
      applied: 'unknown',
      isDivisible,
    });
  }
  if (status === 204 || status === 205) {
    return new TryLater(`${system} answered nothing (${status})`, { ...details, applied: 'unknown' });
  }
  return undefined;
}

/** Looks like the name of a header. Otherwise the operator may have put the key there. */
const headerName = /^[a-z][a-z-]{0,39}$/i;

function whatToCheck({ system, host, header = '' }: Asked): string {
  const setting = serviceSettings[system].header;
  if (setting === undefined) return `It was sent to ${host}. Check the key and its rights.`;
  const named = headerName.test(header) ? header : `that ${setting} names`;
  return `It was sent to ${host} in the header ${named}. Check the key, its rights and ${setting}.`;
}

/**
 * The text of an answer, without the list that a sieve takes out of it. The bytes are decoded by the charset that the
 * answer names, UTF-8 by default, with or without a byte order mark.
 * @throws TryLater if they are not valid in it: a replaced character would overwrite a good one
 */
async function readText(
  system: System,
  { status, headers, body }: Response,
  { maxBytes, sieve }: { maxBytes: number; sieve: ListSieve | undefined },
): Promise<string> {
  const unreadable = (message: string) =>
    new TryLater(message, { system, applied: 'unknown', status, isDivisible: true });
  const charset = /charset="?([\w.:-]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  const decode = decoderOf(charset);
  const tooLarge = `the answer of ${system} is larger than ${maxBytes} bytes`;
  const texts: string[] = [];
  let [bytes, chars] = [0, 0];
  const take = (chunk?: Uint8Array) => {
    const text = decode(chunk);
    if (text === undefined)
      throw unreadable(`the answer of ${system} holds bytes that are not text in ${charset}`);
    const left = sieve ? sieve.push(text) : text;
    if (sieve?.hasTooMany) throw tooMany(system);
    chars += left.length;
    if (left !== '') texts.push(left);
  };
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (sieve && bytes > listBytesMax) throw unreadable(tooLong(system));
    if (!sieve && bytes > maxBytes) throw unreadable(tooLarge);
    take(chunk);
    if (chars > maxBytes) throw unreadable(tooLarge);
  }
  take();
  return texts.join('');
}

/** A page of folders is read in smaller ones. */
export const tooMany = (system: System) =>
  new TryLater(
    `the answer of ${system} has more than ${valuesMax.toLocaleString('en')} values or records, the most that is read`,
    { system, applied: 'unknown', isDivisible: true },
  );

const tooLong = (system: System) =>
  `the list of ${system} is larger than ${listBytesMax / 1_000_000} MB, the most that is read. Delete records or long notes that ${system} needs no more.`;

/** Decodes one piece after the other; the end without one. `undefined`: the bytes are not text in this charset. */
function decoderOf(charset: string): (chunk?: Uint8Array) => string | undefined {
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return (chunk) => {
      try {
        return decoder.decode(chunk, { stream: chunk !== undefined });
      } catch {
        return undefined;
      }
    };
  } catch {
    return () => undefined;
  }
}

/** The answer cannot be one to this request: nothing of it has left. */
function tooEarly(system: System, status: number): TryLater {
  return new TryLater(`${system} answered before it was asked (${status})`, {
    system,
    applied: 'no',
    status,
  });
}

function tooSlow(system: System, timeoutMs: number): TryLater {
  return new TryLater(`${system} did not answer within ${timeoutMs} ms`, { system, applied: 'unknown' });
}

const networkError = z.object({ code: z.string().optional(), syscall: z.string().optional() }).catch({});
const beforeTheRequest =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|ERR_SSL_WRONG_VERSION_NUMBER)/;

/** The part of an address that may be shown: no path, and no key behind it. */
const hostOf = (url: Parameters<Fetch>[0]) => new URL(url instanceof Request ? url.url : url).host;

/** A network error without its details, which may hold the request. */
function broken(
  { system, host, status }: { system: System; host: string; status: number | undefined },
  error: unknown,
): Error {
  if (error instanceof TryLater || error instanceof ConfigurationError) {
    return error;
  }
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code = '', syscall = '' } = networkError.parse(cause);
  const why = /^[A-Z0-9_]{1,60}$/.test(code) ? ` (${code})` : '';
  if (status === undefined && neverSent(cause, code, syscall)) {
    return new TryLater(`${system} could not be reached at ${host}${why}`, {
      system,
      applied: 'no',
      unreached: true,
    });
  }
  const details = status === undefined ? { system } : { system, status };
  return new TryLater(`the connection to ${system} broke${why}`, { ...details, applied: 'unknown' });
}

/** An unreachable host is also reported on a connection in use: then the request may have arrived. */
function neverSent(cause: unknown, code: string, syscall: string): boolean {
  const inUse = syscall === 'read' || syscall === 'write';
  const connecting = syscall === 'connect' || syscall === 'getaddrinfo';
  // Node's AggregateError: it tried all addresses of the host, and none accepted the connection.
  return cause instanceof AggregateError || connecting || (!inUse && beforeTheRequest.test(code));
}
