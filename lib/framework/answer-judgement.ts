// What an answer with errors proves. No sentence and no code of a server proves that a write was not applied. Only the
// shape of an answer does. Codes, or else words, choose what the operator reads and what becomes of a record.

/** One entry of `errors[]`. */
export type GraphqlError = {
  /** The service's words, shortened, on one line, without the key. They may hold personal data: never for a log. */
  message: string;
  /** Where in the answer the error occurred. `undefined`: it concerns the whole document. */
  path: readonly (string | number)[] | undefined;
  /** The service's code for the error, from all places where servers put it; '' if there is none. */
  code: string;
};

/**
 * What an error is about. `throttled`: too many requests. `key`: a right is missing. `trouble`: the service fails.
 * `refused`: the request is wrong. `unsaid`: none of these.
 */
export type Meaning = 'throttled' | 'key' | 'trouble' | 'refused' | 'unsaid';

/**
 * The codes of known GraphQL servers, in capitals, letters and digits only. They are Apollo Server, graphql-java and
 * Spring, Hasura, Shopify, and AWS AppSync. `DataFetchingException` of graphql-java is in none of the lists. It stands
 * for every exception, of one record or of the database.
 */
const codes: Record<Exclude<Meaning, 'unsaid'>, ReadonlySet<string>> = {
  throttled: new Set([
    'THROTTLED',
    'THROTTLING',
    'THROTTLINGEXCEPTION',
    'RATELIMIT',
    'RATELIMITED',
    'RATELIMITEXCEEDED',
    'TOOMANYREQUESTS',
    'TOOMANYREQUESTSEXCEPTION',
  ]),
  key: new Set([
    'UNAUTHENTICATED',
    'UNAUTHORIZED',
    'UNAUTHORIZEDEXCEPTION',
    'FORBIDDEN',
    'ACCESSDENIED',
    'INVALIDJWT',
  ]),
  trouble: new Set([
    'INTERNAL',
    'INTERNALERROR',
    'INTERNALSERVERERROR',
    'INTERNALFAILURE',
    'UNKNOWN',
    'UNAVAILABLE',
    'SERVICEUNAVAILABLE',
    'TIMEOUT',
    'GATEWAYTIMEOUT',
    'EXECUTIONTIMEOUT',
    'EXECUTIONABORTED',
    'DOWNSTREAMSERVICEERROR',
  ]),
  refused: new Set([
    'GRAPHQLPARSEFAILED',
    'PARSEFAILED',
    'INVALIDSYNTAX',
    'GRAPHQLVALIDATIONFAILED',
    'VALIDATIONFAILED',
    'VALIDATIONERROR',
    'VALIDATIONEXCEPTION',
    'BADREQUEST',
    'BADREQUESTEXCEPTION',
    'BADUSERINPUT',
    'OPERATIONNOTSUPPORTED',
    'OPERATIONRESOLUTIONFAILURE',
  ]),
};

const words: Record<Exclude<Meaning, 'unsaid'>, RegExp> = {
  throttled: /throttl|too many requests|rate.?limit|quota exceeded|trop de requêtes/i,
  key: /unauthenti|forbidden|un-?authori[sz]ed|not (been )?(authori[sz]ed|authenticated)|non autoris|accès refusé/i,
  trouble:
    /internal (?:server |system )?error|^internal\b|server error|time[d-]? ?-?out|unavailable|unexpected error|try again|deadlock|lock wait|connection (?:pool|refused|reset|closed)|database|indisponible|erreur interne|réessayez/i,
  refused: /validation|syntax|parse|invalid|must (?:be|not|have)|required|invalide|obligatoire/i,
};

const meanings = ['throttled', 'key', 'trouble', 'refused'] as const;

/** What an error is about by its codes alone. Of several, the most doubtful one counts. */
function meaningByCode({ code }: GraphqlError): Meaning {
  const said = code.split(' ').map((name) => name.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  return meanings.find((meaning) => said.some((name) => codes[meaning].has(name))) ?? 'unsaid';
}

/** What an error is about by its codes, or else by its words. */
export function meaningOf(error: GraphqlError): Meaning {
  const byCode = meaningByCode(error);
  if (byCode !== 'unsaid') return byCode;
  return meanings.find((meaning) => words[meaning].test(error.message)) ?? 'unsaid';
}

/**
 * How an answer without results came. `status`: HTTP 4xx without data, but not 408, 409 and 499. `request`: no `data` key
 * and no path, so nothing was executed (GraphQL specification 7.1). `null`: data is null, whatever is said. Where a
 * payload must not be null, the refusal of one record makes `data` null after others were applied. Not even a code
 * proves anything then: servers that mask their errors drop the path.
 */
export type Shape = 'status' | 'request' | 'null';

/** Whether the request may have been applied, by the shape of the answer and what its errors are about. */
export const documentTable: Record<Shape, Record<Meaning, 'no' | 'unknown'>> = {
  status: { throttled: 'no', key: 'no', trouble: 'no', refused: 'no', unsaid: 'no' },
  request: { throttled: 'no', key: 'no', trouble: 'unknown', refused: 'no', unsaid: 'no' },
  null: { throttled: 'unknown', key: 'unknown', trouble: 'unknown', refused: 'unknown', unsaid: 'unknown' },
};

export function shapeOf(status: number, data: unknown, errors: readonly GraphqlError[]): Shape {
  // A proxy may send these for a request that it had already passed on.
  const maybePassedOn = [408, 409, 499].includes(status);
  const isExecuted = data !== undefined || errors.some(({ path }) => path !== undefined);
  if (isExecuted || maybePassedOn) return 'null';
  return status >= 400 ? 'status' : 'request';
}

/**
 * What an error on a record's own path says, while the rest of the document has results. `rejected`: the record is
 * refused, and may have been applied even so. `throttled`: Moovago asks to slow down. `unknown`: nothing about the record.
 */
const recordTable: Record<Meaning, 'rejected' | 'throttled' | 'unknown'> = {
  throttled: 'throttled',
  key: 'rejected',
  trouble: 'unknown',
  refused: 'rejected',
  unsaid: 'rejected',
};

export const recordVerdict = (error: GraphqlError) => recordTable[meaningOf(error)];
