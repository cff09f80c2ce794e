import type { CompanyRecord, Mandator, Team } from '../../lib/moovago/company.ts';
import { ChildBook } from './children.ts';
import { CompanyBook, type SimulatedCompany } from './companies.ts';
import type { FaultDesk } from './faults.ts';
import { graphqlRoute } from './graphql-route.ts';
import { likeMoovagoErrors, moovagoResolvers, moovagoTypeDefs } from './moovago-schema.ts';
import { moovagoTeam } from './people.ts';
import { busiestSecond, RateWindow } from './rate-window.ts';
import type { RecordedRequest } from './request-log.ts';
import { startSimulatorServer } from './server.ts';

export type MoovagoSimulatorOptions = {
  key: string;
  /** The header that carries the key; the guide leaves its name to a mail. `x-api-key` by default. */
  keyHeader?: string;
  /** 5, as in the guide. */
  requestsPerSecond?: number;
  latencyMs?: number;
  port?: number;
  /** Milliseconds since 1970, for arrivals, and so for the limit. */
  now?: () => number;
  team?: Team;
  mandators?: Mandator[];
  /** A company stays out of `companyList` until it is this old. */
  listLagMs?: number;
  /** `companyList` gives so many companies at most, without a word. */
  listLimit?: number | undefined;
  /** What Moovago silently does to values before it keeps them, such as cutting a long note. Refuses the record where it throws. */
  alter?: (fields: CompanyRecord) => CompanyRecord;
};

export type MoovagoSimulator = {
  url: string;
  team: Team;
  /** Live: change, add or delete companies as their users would. */
  companies: Map<string, SimulatedCompany>;
  /** What belongs to companies. */
  contacts: ChildBook;
  turnovers: ChildBook;
  /** Adds a company that a user typed in, by the same rules as the API's. */
  addCompany(fields: CompanyRecord): SimulatedCompany;
  requests: RecordedRequest[];
  faults: FaultDesk;
  /** The greatest number of arrivals, refused ones too, in any 1000 ms. */
  busiestSecond(): number;
  close(): Promise<void>;
};

/** Moovago as its public guide describes it, on 127.0.0.1. */
export async function startMoovagoSimulator(options: MoovagoSimulatorOptions): Promise<MoovagoSimulator> {
  const now = options.now ?? (() => Date.now());
  const team = options.team ?? moovagoTeam;
  const book = new CompanyBook(
    team.members.map(({ id }) => id),
    options.alter ?? ((fields) => fields),
  );
  const hasCompany = (companyId: string) => book.companies.has(companyId);
  const contacts = new ChildBook('Contact', hasCompany);
  const turnovers = new ChildBook('Turnover', hasCompany);
  const limit = new RateWindow(options.requestsPerSecond ?? 5);
  const keyHeader = (options.keyHeader ?? 'x-api-key').toLowerCase();
  const graphql = graphqlRoute({
    typeDefs: moovagoTypeDefs,
    resolvers: moovagoResolvers({
      team,
      mandators: options.mandators ?? [],
      book,
      contacts,
      turnovers,
      now,
      listLagMs: options.listLagMs ?? 0,
      listLimit: options.listLimit ?? Number.POSITIVE_INFINITY,
    }),
    introspection: false,
    errorShape: likeMoovagoErrors,
  });
  const server = await startSimulatorServer({
    port: options.port ?? 0,
    now,
    latencyMs: options.latencyMs ?? 0,
    routes: new Map([['/graphql', graphql]]),
    refuse(at, headers) {
      if (!limit.admit(at)) return { status: 429, outcome: 'throttled' };
      return headers[keyHeader] === options.key ? undefined : { status: 401, outcome: 'unauthorized' };
    },
  });
  return {
    url: `${server.origin}/graphql`,
    team,
    companies: book.companies,
    contacts,
    turnovers,
    addCompany: (fields) => book.create(fields, { at: now(), request: 0 }),
    requests: server.requests,
    faults: server.faults,
    busiestSecond: () => busiestSecond(server.requests.map(({ at }) => at)),
    close: server.close,
  };
}
