import { assembleApp } from '../lib/jobs/app.ts';
import { writeJob } from '../lib/jobs/write-job.ts';
import { createAttempts } from './attempts.ts';
import { checkCalm } from './calm.ts';
import { createEnvironment } from './environment.ts';
import type { FaultKind } from './fault-kinds.ts';
import { createLambda } from './lambda.ts';
import type { Mutant } from './mutants.ts';
import { startOperators } from './operators.ts';
import { startOptInChecks } from './opt-in-checks.ts';
import { isLinked, problems } from './oracle.ts';
import { drawPlan, type Plan, type PlanChanges, timeoutMs } from './plan.ts';
import { startProspects } from './prospects.ts';
import { createEventSourceMapping } from './queue/event-source-mapping.ts';
import { createFakeQueue } from './queue/fake-queue.ts';
import type { Remains } from './remains.ts';
import { startReps } from './reps.ts';
import { watchLinks, watchRows } from './row-watch.ts';
import { startSchedules } from './schedules.ts';
import { createCompanies } from './services/companies.ts';
import { createContacts } from './services/contacts.ts';
import { createFakeClavus } from './services/fake-clavus.ts';
import { createFakeMoovago } from './services/fake-moovago.ts';
import { createFakeProspects, withProspects } from './services/fake-prospects.ts';
import { createLedger } from './services/ledger.ts';
import { createMoovagoNetwork } from './services/moovago-network.ts';
import { createMoovagoRecords } from './services/moovago-records.ts';
import { createOutages } from './services/outages.ts';
import { configOf, surroundingsFor } from './surroundings.ts';
import { createFakeTable } from './table/fake-table.ts';
import { startWebhooks } from './webhooks.ts';
import { startReconfigurations } from './wire/reconfigurations.ts';
import { createWireClavus } from './wire/wire-clavus.ts';
import { createWireMoovago } from './wire/wire-moovago.ts';
import { startWorkload } from './workload.ts';
import { createWorld, type SingleCrash, type Violation, type World } from './world.ts';

const minuteMs = 60_000;
/**
 * The bulk window is closed for ten and a half hours at most; then, a record that Moovago never answers for is tried twenty
 * times.
 */
const convergesWithinMs = 18 * 60 * minuteMs;
/** What is not settled by then waits for the evening. */
const patienceMs = 45 * minuteMs;

export type SimulateOptions = PlanChanges & {
  /** Breaks the connector. */
  mutant?: Mutant | undefined;
  singleCrash?: SingleCrash | undefined;
  onTrace?: ((line: string) => void) | undefined;
  /** Changes what the seed has drawn: for small scenarios. */
  adjust?: ((plan: Plan) => Plan) | undefined;
  /** Who works in Clavus, and at what: as the seed draws it, where it is not given. */
  workload?: typeof startWorkload | undefined;
};

export type Outcome = {
  seed: number;
  violation: Violation | undefined;
  faults: readonly FaultKind[];
  counts: Record<string, number>;
  /** The same for the same seed. */
  traceHash: string;
  effects: number;
  hours: number;
};

/** Puts the connector between the fakes. */
function build(world: World, mutant: Mutant | undefined, workload: typeof startWorkload): Remains {
  const { plan } = world;
  const attempts = createAttempts();
  const ledger = createLedger(world, {
    isInClavus: (folderId) => clavus.folders.has(folderId),
    versionsOf: (folderId) => clavus.versionsOf(folderId),
  });
  const outages = createOutages(world);
  const companies = createCompanies(world, ledger);
  const contacts = createContacts(world, companies);
  const table = createFakeTable(world);
  const { items } = table;
  const linkedSince = watchLinks(world, items);
  // A table that was replaced may know nothing of it.
  const isLinkedSince = (companyId: string) =>
    isLinked(items, companyId) ? linkedSince(companyId) : undefined;
  const queue = createFakeQueue(world);
  const clavus = createFakeClavus(world, outages);
  const prospects = createFakeProspects(world, { companies, outages, isLinkedSince });
  const records = createMoovagoRecords(world, { companies, contacts, ledger, attempts });
  const network = createMoovagoNetwork(world, { ledger, outages });
  const forgets = plan.faults.has('table-lost') || plan.faults.has('table-rewound');
  let peopleKnownAt = Number.POSITIVE_INFINITY;
  items.onWrite(({ key }) => {
    if (key === 'DIRECTORY\u0000team') peopleKnownAt = Math.min(peopleKnownAt, world.now());
  });
  // What had begun before has ended by then.
  const arePeopleKnown = () => !forgets && world.now() > peopleKnownAt + timeoutMs.refresh;
  const wired = { breakFetch: mutant?.fetch, arePeopleKnown };
  let config = configOf(plan);
  const servers = plan.wire
    ? {
        clavus: createWireClavus(world, plan.wire, { clavus, prospects, ...wired }),
        moovago: createWireMoovago(world, plan.wire, { records, network, ...wired }),
      }
    : {
        clavus: withProspects(clavus, prospects),
        moovago: createFakeMoovago(world, { records, network }),
      };
  const lambda = createLambda(world, (name) => {
    const env = createEnvironment(world, name, { onPatience: ledger.restUntil, onHarm: attempts.harm });
    const surroundings = surroundingsFor(world, env, config, { table, queue, ...servers });
    const app = assembleApp(mutant?.surroundings?.(surroundings) ?? surroundings);
    return { env, app: mutant?.app?.(app) ?? app };
  });
  createEventSourceMapping(world, queue, (batch, onEnd) =>
    lambda.invoke(
      'write',
      (app, deadline) => writeJob(batch, deadline, app),
      (ending) => onEnd(ending.kind === 'returned' ? Object(ending.value) : undefined),
    ),
  );
  const decided: Remains['decided'] = new Map();
  const remains = { items, queue, clavus, companies, contacts, ledger, attempts, prospects, decided };
  attempts.watch(items);
  watchRows(world, items, (folderId) => clavus.folders.has(folderId));
  startWebhooks(world, lambda, clavus);
  workload(world, clavus);
  startProspects(world, lambda, remains);
  startReps(world, { companies, isLinked: (companyId) => isLinked(items, companyId) });
  startSchedules(world, lambda, remains);
  startOperators(world, lambda, remains);
  startOptInChecks(world, items, config);
  startReconfigurations(world, lambda, () => {
    config = configOf(plan);
  });
  return remains;
}

function readsInSilence({ silenceMs, refreshEveryMs, faults, isReadable }: Plan): number {
  const turns = Math.ceil(silenceMs / refreshEveryMs) + 1;
  // A list that is not believed, as most of its companies are gone, is read again by Lambda's retries.
  const tries = faults.has('rep-tidies') ? 3 : 1;
  return turns * tries * (isReadable ? 2 : 3);
}

/** Faults, then quiet until all has converged, then silence. */
async function runPhases(world: World, remains: Remains): Promise<void> {
  const { plan, scheduler } = world;
  const runUntil = (until: number) => {
    scheduler.at(until, () => {});
    return scheduler.run(() => world.violation() !== undefined || world.now() >= until);
  };
  // A poll or two later the last edits have been seen.
  await runUntil(plan.quietAt + 2 * plan.pollEveryMs + minuteMs);
  for (let open = problems(world, remains); open.length > 0; open = problems(world, remains)) {
    if (world.violation()) return;
    if (world.now() > plan.quietAt + convergesWithinMs) return world.fail('delivered', open.join('\n'));
    if (world.now() > plan.quietAt + patienceMs) world.setSlowness(6);
    await runUntil(world.now() + minuteMs);
  }
  world.setSlowness(1);
  const before = remains.ledger.traffic();
  const prospectRequests = remains.prospects.idleRequests();
  await runUntil(world.now() + plan.silenceMs);
  if (world.violation()) return;
  const after = remains.ledger.traffic();
  if (remains.prospects.idleRequests() > prospectRequests)
    world.fail('silence', 'prospects were sent again although no rep did anything');
  const writes = after.writeRequests - before.writeRequests;
  if (writes > 0) world.fail('silence', `${writes} requests that write although nothing changed`);
  const reads = after.readRequests - before.readRequests;
  if (reads > readsInSilence(plan)) world.fail('silence', `${reads} requests that read within an hour`);
  const left = problems(world, remains);
  if (left.length > 0) world.fail('delivered', left.join('\n'));
  if (plan.isCalm) checkCalm(world, remains);
}

function checkCounts(world: World): void {
  const counts = world.counts();
  const [claimed = 0, accepted = 0] = [counts['metric PointersEnqueued'], counts['messages accepted']];
  if (claimed > accepted) world.fail('enqueued', `${claimed} pointers counted, ${accepted} on the queue`);
}

/** Runs one seed. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<Outcome> {
  const { mutant, adjust = (plan) => plan, workload = startWorkload, ...rest } = options;
  const plan = adjust(drawPlan(seed, rest));
  const world = createWorld(plan, rest);
  const remains = build(world, mutant, workload);
  await runPhases(world, remains);
  await remains.items.close();
  checkCounts(world);
  return {
    seed,
    violation: world.violation(),
    faults: [...plan.faults.keys()],
    counts: world.counts(),
    traceHash: world.traceHash(),
    effects: world.effects(),
    hours: (world.now() - plan.startsAt) / 3_600_000,
  };
}
