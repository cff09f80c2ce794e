import { parse, visit } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';
import { documentTable, type GraphqlError, type Meaning, meaningOf, shapeOf } from './answer-judgement.ts';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { keyRefused, readGraphqlErrors } from './graphql-errors.ts';
import { parseJsonAnswer, TooManyValues } from './json-answer.ts';
import { ListSieve } from './list-sieve.ts';
import { OperationRefused } from './operation-refused.ts';
import { createServiceFetch, keysIn, type ServiceFetchOptions, tooMany } from './service-fetch.ts';
import { serviceSettings } from './service-settings.ts';

export type GraphqlTransportOptions = ServiceFetchOptions & {
  url: URL;
  /** The headers that carry the key. They are read before each request, so that a new key is used at once. */
  headers: () => Promise<Record<string, string>>;
};

/** The answer to a document that was executed: `data`, and the errors beside it. */
type GraphqlAnswer = { data: unknown; errors: readonly GraphqlError[] };

/**
 * Sends one document.
 * @param beforeSending awaited once the connection is open; the request leaves in the same turn. Its rejection is
 * passed on unchanged
 * @param list a list in `data` whose entries are handed on one by one. An empty one stands in the answer instead.
 * Nothing of them counts if the answer is no answer after all
 * @throws OperationRefused if the whole document was refused and nothing was done
 * @throws ConfigurationError for a wrong key or address
 * @throws TryLater for everything else that is not an answer
 */
export type GraphqlTransport = (
  document: string,
  variables?: Record<string, unknown>,
  beforeSending?: () => Promise<void>,
  list?: { name: string; take: (entry: unknown) => void },
) => Promise<GraphqlAnswer>;

type RawAnswer = { status: number; data?: unknown; errors?: unknown };

/**
 * GraphQL over HTTP. Each kind of failure becomes an error class that says who must act. Errors with a path stay with
 * the answer: only the caller knows the operation that they belong to. No error holds the key, a variable or a body.
 */
export function createGraphqlTransport(options: GraphqlTransportOptions): GraphqlTransport {
  const exchange = createServiceFetch(options);
  return async (document, variables, beforeSending, list) => {
    const keyHeaders = await options.headers();
    let answered = false;
    const client = new GraphQLClient(options.url.href, {
      errorPolicy: 'all',
      // Not application/graphql-response+json: with that, servers answer in ways that the guides do not show.
      headers: { accept: 'application/json' },
      // The guides send `query` and `variables` only.
      excludeOperationName: true,
      jsonSerializer: { stringify: JSON.stringify, parse: parseJsonAnswer },
      // The key is added here, where graphql-request does not see it: its errors carry the whole request.
      fetch: async (url, init) => {
        const sieve = list && new ListSieve(['data', list.name], list.take);
        const response = await exchange(url, init ?? {}, { keyHeaders, beforeSending, sieve });
        answered = true;
        return response;
      },
    });
    const answer = await client.rawRequest(document, variables).catch((error: unknown): RawAnswer => {
      if (!answered) {
        throw error;
      }
      if (error instanceof ClientError) {
        return error.response;
      }
      throw error instanceof TooManyValues ? tooMany(options.system) : notAnAnswer(options.system);
    });
    return judge(options.system, answer, { keys: keysIn(keyHeaders), document, variables });
  };
}

type Sent = { keys: string[]; document: string; variables: Record<string, unknown> | undefined };

function judge(system: System, { status, data, errors: given }: RawAnswer, sent: Sent): GraphqlAnswer {
  const errors = readGraphqlErrors(given, sent.keys);
  if (status === 404 || status === 405) {
    throw new ConfigurationError(
      serviceSettings[system].url,
      `nothing answers GraphQL there (${status}). Check the address.`,
    );
  }
  if (errors === undefined || (data === undefined && errors.length === 0)) {
    throw status >= 400 ? notTaken(system, status) : notAnAnswer(system);
  }
  const [first] = errors;
  if ((data ?? null) === null && first !== undefined && errors.every(({ path }) => path === undefined)) {
    const [shown] = readGraphqlErrors(given, [...sent.keys, ...valuesOf(sent)]) ?? [];
    const meaning = meaningOf(first);
    const proves = documentTable[shapeOf(status, data, errors)];
    const isOpen = errors.some((error) => proves[meaningOf(error)] === 'unknown');
    const applied = isOpen ? 'unknown' : 'no';
    throw refusal(system, { status, meaning, applied, reason: first.message, shown: shown?.message });
  }
  return { data: data ?? null, errors };
}

function notAnAnswer(system: System): TryLater {
  return new TryLater(`the answer of ${system} is not a GraphQL answer`, { system, applied: 'unknown' });
}

/** A 4xx that neither key nor address explains: too large (413), too early (425), a firewall. Waiting costs little. */
function notTaken(system: System, status: number): TryLater {
  // A proxy may send these for a request that it had already passed on.
  const maybePassedOn = [408, 409, 499].includes(status);
  const applied = maybePassedOn ? 'unknown' : 'no';
  return new TryLater(`${system} did not take the request (${status})`, { system, status, applied });
}

/** An error about the whole document. */
function refusal(
  system: System,
  said: {
    status: number;
    meaning: Meaning;
    applied: 'no' | 'unknown';
    reason: string;
    shown: string | undefined;
  },
): Error {
  const { status, meaning, applied, reason, shown } = said;
  if (meaning === 'key') return keyRefused(system, applied);
  if (meaning === 'throttled')
    return new TryLater(`${system} had too many requests`, { system, status, applied, throttled: true });
  if (meaning !== 'refused' && (meaning === 'trouble' || applied === 'unknown'))
    return new TryLater(`${system} could not execute the operation`, { system, status, applied });
  const why = shown && aboutTheOperation.test(shown) ? shown : undefined;
  const hidden = shown ? 'its reason is not shown, it may be about people' : 'no reason given';
  const where = serviceSettings[system].url;
  return new OperationRefused(where, `${system} refused the operation: ${why ?? hidden}`, {
    reason,
    applied: applied === 'unknown' ? applied : undefined,
  });
}

/**
 * What graphql-js and graphql-java say about an operation, not about its values. Any other text may hold personal data.
 */
const aboutTheOperation = new RegExp(
  [
    '^(?:validation error.*: )?cannot query field',
    'unknown (?:field|type|argument|fragment|operation)',
    'field ["\'].+["\'] (?:in type|is not defined|of type|argument|is undefined)',
    '(?:invalid )?syntax(?: error)?\\b',
    'variable ["\']\\$?\\w+["\']',
    'the variables input contains a field name',
    'validation error',
    'a field name|subselection|wrong type for a variable|missing field argument',
  ]
    .map((words) => `(?:${words})`)
    .join('|'),
  'i',
);

/** Every value that was sent: a refusal quotes them, and they may be personal data. */
function valuesOf({ document, variables }: Sent): string[] {
  const values: string[] = [];
  const keep = ({ value }: { value: string }) => {
    values.push(value);
  };
  visit(parse(document), { StringValue: keep, IntValue: keep, FloatValue: keep });
  return [...values, ...textsIn(variables)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
