import * as z from 'zod';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { type LateBody, lateBody } from './late-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { serviceSettings } from './service-settings.ts';

export type Fetch = typeof globalThis.fetch;

/** One request that was sent: its HTTP status, where there was one, and how long it took. */
export type RequestOutcome = { status: number | undefined; durationMs: number };

export type ServiceFetchOptions = {
  system: System;
  /** Limit on the whole exchange, reading the answer included. */
  timeoutMs: number;
  /** Limit on the answer after decompression. 20 MB where it is not given. */
  maxBytes?: number | undefined;
  /** Node's own where it is not given. It keeps connections alive by itself, so there is no agent to set up. */
  fetch?: Fetch | undefined;
  /** Called once for every request that was sent, when it has ended. */
  onRequest?: ((outcome: RequestOutcome) => void) | undefined;
};

/** What only the last step before the network may know: the headers with the key, and the last word on sending. */
type Sending = {
  keyHeaders: Record<string, string>;
  /** Waited for when the connection is there; the request leaves in the turn in which it resolves. Rejects to keep it from leaving. */
  beforeSending?: (() => Promise<void>) | undefined;
};

export type ServiceFetch = (
  url: Parameters<Fetch>[0],
  init: RequestInit,
  sending: Sending,
) => Promise<Response>;

/**
 * `fetch` for a service that takes a key: with a limit on time and on size, never following a redirect.
 * Gives 2xx and those 4xx that need a look at the body (all but 401, 403 and 429), the body read.
 * @throws ConfigurationError for 3xx, 401, 403 and a key that no header can carry
 * @throws TryLater for everything else that is not an answer. No error holds a header, a body or a cause
 */
export function createServiceFetch(options: ServiceFetchOptions): ServiceFetch {
  const { system, timeoutMs, maxBytes = 20_000_000, fetch = globalThis.fetch, onRequest } = options;
  return async (url, init, { keyHeaders, beforeSending }) => {
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
      const body = await readText(system, response, maxBytes);
      const contentType = response.headers.get('content-type');
      return new Response(body, {
        status,
        headers: contentType === null ? {} : { 'content-type': contentType },
      });
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
  // Or the length would be unknown, and the body sent in chunks, which not every server takes.
  headers.set('content-length', String(late.byteLength));
  return late;
}

/** What kept a request from leaving comes out as it is; and what never left was not applied. */
function failureOfLate(late: LateBody | undefined, failure: Error): unknown {
  const refusal = late?.refusal();
  if (refusal) return refusal.error;
  const isUnsent = late?.hasLeft() === false && failure instanceof TryLater && failure.status === undefined;
  if (!isUnsent) return failure;
  const { message, system, unreached } = failure;
  return new TryLater(message, { system, applied: 'no', unreached });
}

/** What must not be shown: the key as the header has it, and alone. */
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
    // No cause: the message of the original quotes the key.
    const { key, header } = serviceSettings[system];
    const what = header === undefined ? 'the key' : 'the key, or the name of its header,';
    throw new ConfigurationError(key, `${what} holds a character that HTTP does not allow. Copy it again.`);
  }
  return headers;
}

/** Whom a request went to, and by which header it had the key. */
type Asked = { system: System; host: string; header: string | undefined };

function refuseStatus(asked: Asked, response: Response): void {
  const { status } = response;
  const refusal = refusalOf(asked, status, response.headers);
  if (refusal !== undefined) {
    // Nobody reads this body. Letting go of it can fail like any reading, which is of no interest.
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
    return new TryLater(`${system} is in trouble (${status})`, { ...details, applied: 'unknown' });
  }
  if (status === 204 || status === 205) {
    return new TryLater(`${system} answered nothing (${status})`, { ...details, applied: 'unknown' });
  }
  return undefined;
}

/** What looks like the name of a header: in its place somebody may have put the key. */
const headerName = /^[a-z][a-z-]{0,39}$/i;

function whatToCheck({ system, host, header = '' }: Asked): string {
  const setting = serviceSettings[system].header;
  if (setting === undefined) return `It was sent to ${host}. Check the key and its rights.`;
  const named = headerName.test(header) ? header : `that ${setting} names`;
  return `It was sent to ${host} in the header ${named}. Check the key, its rights and ${setting}.`;
}

/** Decodes UTF-8, with or without a byte order mark. */
async function readText(system: System, response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new TryLater(`the answer of ${system} is larger than ${maxBytes} bytes`, {
        system,
        applied: 'unknown',
        status: response.status,
      });
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function tooSlow(system: System, timeoutMs: number): TryLater {
  return new TryLater(`${system} did not answer within ${timeoutMs} ms`, { system, applied: 'unknown' });
}

const networkError = z.object({ code: z.string().optional(), syscall: z.string().optional() }).catch({});
const beforeTheRequest =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|ERR_SSL_WRONG_VERSION_NUMBER)/;

/** Of an address, what may be shown: no path, and no key that somebody put behind it. */
const hostOf = (url: Parameters<Fetch>[0]) => new URL(url instanceof Request ? url.url : url).host;

/** An error of the network, without what it carries along, which may hold the request. */
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
  // Node's AggregateError: every address of the host was tried, none let us connect.
  return cause instanceof AggregateError || connecting || (!inUse && beforeTheRequest.test(code));
}
