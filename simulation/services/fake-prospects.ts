import type { ClavusClient } from '../../lib/clavus/client.ts';
import type { Prospect, SavedProspect } from '../../lib/clavus/prospect.ts';
import { ConfigurationError, Rejected, TryLater } from '../../lib/framework/errors.ts';
import { requestMs } from '../../lib/framework/time-budget.ts';
import type { Chance } from '../chance.ts';
import { canary, streetOfCustomer } from '../customers.ts';
import type { Answer, Environment } from '../environment.ts';
import type { World } from '../world.ts';
import type { Companies } from './companies.ts';
import type { FakeClavus } from './fake-clavus.ts';
import type { Outages } from './outages.ts';
import type { Trouble } from './trouble.ts';

/** Each company of a rep has an address of its own, by which one can tell what its prospect was made of. */
export const addressOfCompany = (companyId: string, customer: number): string =>
  `${streetOfCustomer(customer)}, chez ${companyId}`;

export const companyInAddress = (address: string | undefined) =>
  / chez (company-\d+)$/.exec(address ?? '')?.[1];

/** A folder may take a company over while its prospect is on the way, and the sender be frozen, in milliseconds. */
const onTheWayMs = 180_000;

type SimulatedProspect = { id: string; companyId: string; values: Prospect; isConverted: boolean };

type Services = {
  companies: Companies;
  outages: Outages;
  isLinkedSince(companyId: string): number | undefined;
};

/** How each end of a request looks to its sender. */
type Answers<Value> = {
  saved(prospect: SavedProspect, draw: Chance): Answer<Value>;
  refused(refusal: Rejected, draw: Chance): Answer<Value>;
  fails(trouble: Trouble): Answer<Value>;
};

const rejected = (reason: string) =>
  new Rejected('Clavus refused the prospect', { system: 'Clavus', reason });

/** What the client makes of trouble. */
const errorOf = ({ kind }: Trouble): Error =>
  kind === 'key'
    ? new ConfigurationError('CLAVUS_API_KEY', 'refused (401)')
    : new TryLater('Clavus is in trouble', {
        system: 'Clavus',
        applied: kind === 'unreachable' ? 'no' : 'unknown',
      });

export type FakeProspects = ReturnType<typeof createFakeProspects>;

/** Clavus' `upsertProspect`, and the promises about it that can be checked the moment they are broken. */
export function createFakeProspects(world: World, { companies, outages, isLinkedSince }: Services) {
  const { plan, scheduler } = world;
  const prospects = new Map<string, SimulatedProspect>();
  let requests = 0;

  function checkCompany(companyId: string): void {
    const company = companies.get(companyId);
    if (company === undefined || (company.origin !== undefined && !company.isUnrecognisable))
      world.fail('prospect', `${companyId} was sent as a prospect, which the connector made`);
    const since = isLinkedSince(companyId);
    if (since !== undefined && world.now() - since > onTheWayMs)
      world.fail('prospect', `${companyId} was sent as a prospect, which a folder has`);
  }

  function create(values: Prospect): string {
    const companyId = companyInAddress(values.address) ?? `the company at ${values.address}`;
    checkCompany(companyId);
    const twin = [...prospects.values()].find((one) => one.companyId === companyId);
    if (twin) world.fail('one-prospect', `${companyId} is made a second prospect, beside ${twin.id}`);
    // A folder of the same id and customer may come of it.
    const [customer = 0] = companies.get(companyId)?.answersTo ?? [];
    const id = `f${900 + prospects.size}c${customer}`;
    prospects.set(id, { id, companyId, values, isConverted: false });
    world.count('prospect created');
    world.trace(`clavus gets the prospect ${id} of ${companyId}`);
    return id;
  }

  function update(id: string, values: Prospect): string {
    const prospect = prospects.get(id);
    if (prospect === undefined) {
      world.fail('prospect', `${id} is updated and does not exist`);
      throw rejected('not found');
    }
    checkCompany(prospect.companyId);
    if (prospect.isConverted) throw rejected(`${canary} was converted`);
    prospect.values = { ...prospect.values, ...values };
    world.count('prospect updated');
    return id;
  }

  const apply = ({ id, ...values }: Prospect): SavedProspect => ({
    id: id === undefined ? create(values) : update(id, values),
  });

  /** What keeps a prospect from being saved. */
  function refusalOf(env: Environment, draw: Chance): Trouble | Rejected | undefined {
    if (outages.clavusRefusesKey()) return { kind: 'key' };
    if (env.strikes('prospect-unreachable', draw)) return { kind: 'unreachable' };
    if (env.strikes('clavus-down', draw)) return { kind: 'failing', status: 503 };
    return env.strikes('prospect-refused', draw) ? rejected(`${canary} is not valid`) : undefined;
  }

  /** Sends a prospect, and answers in its time, or too late. */
  function request<Value>(
    env: Environment,
    prospect: Prospect,
    { saved, refused, fails }: Answers<Value>,
  ): Promise<Value> {
    return env.call('clavus prospect', (reply, draw) => {
      requests++;
      const refusal = refusalOf(env, draw);
      const isLate = env.strikes('prospect-late', draw);
      const isLost = env.strikes('prospect-answer-lost', draw) || isLate;
      const takesMs = world.isQuiet() ? 50 : plan.clavusMs;
      scheduler.at(world.now() + (isLate ? plan.lateMs : takesMs), () => {
        const done = refusal ?? answerOf(() => apply(prospect));
        const answer =
          done instanceof Rejected ? refused(done, draw) : 'kind' in done ? fails(done) : saved(done, draw);
        if (!isLost) reply(answer);
      });
      if (isLost) scheduler.at(world.now() + requestMs.clavus, () => reply(fails({ kind: 'silent' })));
    });
  }

  const upsertFor =
    (env: Environment): ClavusClient['upsertProspect'] =>
    (prospect) =>
      request(env, prospect, {
        saved: (value) => ({ value }),
        refused: (error) => ({ error }),
        fails: (trouble) => ({ error: errorOf(trouble) }),
      });

  return {
    upsertFor,
    request,
    all: () => [...prospects.values()],
    get: (id: string) => prospects.get(id),
    of: (companyId: string) => [...prospects.values()].find((one) => one.companyId === companyId),
    /** Requests that made no prospect: the rest of them are as many as there are companies, at most. */
    idleRequests: () => requests - prospects.size,
  };
}

/** Clavus with its prospects. */
export const withProspects = (clavus: FakeClavus, prospects: FakeProspects) => ({
  clientFor: (env: Environment): ClavusClient => ({
    ...clavus.clientFor(env),
    upsertProspect: prospects.upsertFor(env),
  }),
});

function answerOf(run: () => SavedProspect): SavedProspect | Rejected {
  try {
    return run();
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
}
