import { attempt } from '../../lib/framework/attempt.ts';
import { TryLater } from '../../lib/framework/errors.ts';
import type { Surroundings } from '../../lib/jobs/app.ts';
import type { BreakApp } from '../app-mutants.ts';
import type { BreakSurroundings } from '../surroundings-mutants.ts';
import type { BreakFetch } from './wire-moovago.ts';

type GraphqlError = {
  message: string;
  path?: unknown[];
  extensions?: { code?: string } | null;
  errorType?: string;
};
type Answer = { data?: unknown; errors?: GraphqlError[] };

/** Shows the client another response. */
const withResponse =
  (change: (response: Response, bytes: Uint8Array) => Response | undefined): BreakFetch =>
  (fetch) =>
  async (...given) => {
    const response = await fetch(...given);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { status, headers } = response;
    return change(response, bytes) ?? new Response(bytes, { status, headers });
  };

const jsonIn = (bytes: Uint8Array, { headers }: Response): Answer | undefined => {
  const charset = /charset=([\w-]+)/.exec(headers.get('content-type') ?? '')?.[1];
  try {
    return JSON.parse(new TextDecoder(charset).decode(bytes));
  } catch {
    return undefined;
  }
};

/** Shows the client another GraphQL answer; the same where nothing is given. */
const withAnswer = (change: (answer: Answer) => Response | Answer | undefined): BreakFetch =>
  withResponse((response, bytes) => {
    const answer = jsonIn(bytes, response);
    const changed = answer && change(answer);
    if (changed === undefined || changed instanceof Response) return changed;
    return Response.json(changed, { status: response.status });
  });

/** What the client takes for a proof that nothing was done. */
const notTaken = ({ errors = [] }: Answer = {}) =>
  Response.json({ errors: errors.map(({ message }) => ({ message })) }, { status: 400 });

const isNull = ({ data, errors }: Answer) => data === null && errors !== undefined;

export const nullIsNothingDone = withAnswer((answer) => (isNull(answer) ? notTaken(answer) : undefined));

const ofProof = /valid|limit|too many/i;
export const wordsAreProof = withAnswer((answer) =>
  isNull(answer) && answer.errors?.some(({ message }) => ofProof.test(message))
    ? notTaken(answer)
    : undefined,
);

const ofThrottling = /rate limit/i;
const asRefusal = (error: GraphqlError): GraphqlError => ({
  message: 'not valid',
  ...(error.path ? { path: error.path } : {}),
  extensions: { code: 'BAD_USER_INPUT' },
});

/** Each error on a record's path, whatever it says, is a refusal of the record. */
export const allAreRefusals = withAnswer(({ data, errors }) =>
  data !== null && errors ? { data, errors: errors.map(asRefusal) } : undefined,
);

export const throttlingIsRefusal = withAnswer(({ data, errors }) =>
  data !== null && errors
    ? { data, errors: errors.map((error) => (ofThrottling.test(error.message) ? asRefusal(error) : error)) }
    : undefined,
);

/** A value with an error is the null that stands there. */
export const valueErrorsAreOverlooked = withAnswer(({ data, errors }) =>
  errors?.some(({ path = [] }) => path.includes('columns')) ? { data } : undefined,
);

export const pagesAreProof = withResponse(({ headers }, bytes) =>
  headers.get('content-type') === 'text/html' && bytes.length > 0 ? notTaken() : undefined,
);

export const halvesAreProof = withResponse((response, bytes) =>
  response.status === 200 && bytes[0] === 0x7b && jsonIn(bytes, response) === undefined
    ? notTaken()
    : undefined,
);

export const timeoutsAreProof = withResponse(({ status }) => (status === 408 ? notTaken() : undefined));

/** A connection that broke is taken for one that never was. */
export const resetsAreProof: BreakFetch =
  (fetch) =>
  async (...given) => {
    const answer = await attempt(fetch(...given));
    if (answer.ok) return answer.value;
    const cause = Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    throw new TypeError('fetch failed', { cause });
  };

/** Bytes that are no text become U+FFFD. */
export const bytesAreReplaced = withResponse(({ status, headers }, bytes) => {
  const charset = /charset=([\w-]+)/.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  return new Response(new TextDecoder(charset).decode(bytes), { status, headers: withoutCharset(headers) });
});

export const charsetIsOverlooked = withResponse(
  ({ status, headers }, bytes) =>
    new Response(new TextDecoder().decode(bytes), { status, headers: withoutCharset(headers) }),
);

/** All headers but the content type, which then says nothing of a charset. */
function withoutCharset(headers: Headers): Headers {
  const rest = new Headers(headers);
  rest.set('content-type', 'application/json');
  return rest;
}

export const onlyJsonIsJson = withResponse(({ status, headers }) =>
  status === 200 && !headers.get('content-type')?.startsWith('application/json')
    ? new Response('', { status: 502 })
    : undefined,
);

export const heavyIsTrouble = withResponse(({ status }) =>
  status === 504 ? new Response('', { status: 503 }) : undefined,
);

const withClavus = (surroundings: Surroundings, changed: Partial<Surroundings['clavus']>): Surroundings => ({
  ...surroundings,
  clavus: { ...surroundings.clavus, ...changed },
});

/** Folders that cannot be read are left out without a word. */
export const unreadableIsLeftOut: BreakSurroundings = (surroundings) =>
  withClavus(surroundings, {
    getFolders: async (query) => {
      const { totalCount, folders } = await surroundings.clavus.getFolders(query);
      return { totalCount, folders };
    },
  });

/** The pages end where the count says so. */
export const countEndsTheList: BreakSurroundings = (surroundings) => {
  let counted = Number.POSITIVE_INFINITY;
  return withClavus(surroundings, {
    getFolders: async (query) => {
      const page = await surroundings.clavus.getFolders(query);
      if (query.page === 1) counted = page.totalCount;
      return (query.page - 1) * query.itemParPage < counted ? page : { ...page, folders: [] };
    },
  });
};

export const noCountIsEmpty: BreakSurroundings = (surroundings) =>
  withClavus(surroundings, {
    getFolders: async (query) => {
      const page = await surroundings.clavus.getFolders(query);
      return page.totalCount === 0 ? { totalCount: 0, folders: [] } : page;
    },
  });

/** A value, but for the name, whose id is not that of a column is blank. */
export const valuesHaveNoNames: BreakSurroundings = (surroundings) => {
  const ids = new Set<string>();
  return withClavus(surroundings, {
    getFolders: async (query) => {
      const page = await surroundings.clavus.getFolders(query);
      for (const { columns } of page.folders) for (const { id } of columns) ids.add(id);
      return page;
    },
    getValuesByIds: async (folderIds) => {
      const folders = await surroundings.clavus.getValuesByIds(folderIds);
      return folders.map(({ id, columns }) => ({
        id,
        columns: columns.map((one) =>
          one.name === 'nom' || ids.has(one.id) ? one : { ...one, value: null },
        ),
      }));
    },
  });
};

export const idsAreNeverHalved: BreakSurroundings = (surroundings) =>
  withClavus(surroundings, {
    getValuesByIds: async (ids) => {
      const answer = await attempt(surroundings.clavus.getValuesByIds(ids));
      if (answer.ok) return answer.value;
      if (!(answer.error instanceof TryLater)) throw answer.error;
      throw new TryLater(answer.error.message, { system: 'Clavus', applied: 'no' });
    },
  });

/** What cannot be read of Moovago's list is left out without a word. */
export const oddCompaniesAreLeftOut: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  moovago: {
    ...surroundings.moovago,
    companyList: async (...given) =>
      Array.from(await surroundings.moovago.companyList(...given), ({ unread: _, ...company }) => company),
  },
});

/** A list that ends at a round number has one company less: nothing of it looks cut. */
export const cutListsAreBelieved: BreakSurroundings = (surroundings) => ({
  ...surroundings,
  moovago: {
    ...surroundings.moovago,
    companyList: async (...given) => {
      const companies = [...(await surroundings.moovago.companyList(...given))];
      return companies.length === 100 ? companies.slice(1) : companies;
    },
  },
});

/** Who is missing once is gone. */
export const missingIsGone: BreakApp = (app) => ({
  ...app,
  directory: {
    ...app.directory,
    save: ({ users, team, ...rest }) =>
      app.directory.save({
        ...rest,
        users: users.filter(({ missingSince }) => missingSince === undefined),
        team: { ...team, members: team.members.filter(({ missingSince }) => missingSince === undefined) },
      }),
  },
});

/** Whose key it is, is looked up anew each time. */
export const anyTeamIsTaken: BreakApp = (app) => ({
  ...app,
  directory: { ...app.directory, read: async () => undefined },
});
