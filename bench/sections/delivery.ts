import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../lib/framework/in-parallel.ts';
import { feedEveryMs } from '../../lib/framework/time-budget.ts';
import { createPlainClient, plainRecords } from '../plain-client.ts';
import type { Figure, Say, Section } from '../section-lines.ts';
import { arrivalFigures } from '../statistics.ts';
import { type Arrival, type BenchStack, type Systems, startStack, startSystems } from '../world.ts';

/** How long Moovago takes over an answer, in milliseconds. */
const latencyMs = 800;
/** Seconds' worth of records for the plain client, which goes no slower after a thousand. */
const plainRecordsMax = 100;
const lookEveryMs = 250;
/** No backlog stands still for so long without a reason, in milliseconds. */
const standstillMs = 180_000;

/** A busy loop ends by itself after so long, in milliseconds, should nobody be there any more to end it. */
const longestMs = 15 * 60_000;

export type DeliveryOptions = { folders: number; bundles: string; say: Say };

/** A backlog of new folders, at night, from rows that are due to companies in Moovago. */
export async function measureDelivery({ folders, bundles, say }: DeliveryOptions): Promise<Section> {
  const plain = await deliverPlainly(say);
  return {
    title: titleOf(folders, ''),
    comparedWith: 'one record a request, p-throttle at 5 a second',
    figures: figuresOf(await deliverAtNight({ folders, bundles, say }), 4.6, plain),
    notes: [`The plain client wrote ${plainRecordsMax} records to the same simulator, just before.`],
  };
}

/** The same, beside processes that want every core all the time. */
export async function measureBusyDelivery(options: Omit<DeliveryOptions, 'folders'>): Promise<Section> {
  const folders = 1500;
  const count = availableParallelism();
  const script = `const end = Date.now() + ${longestMs}; while (Date.now() < end);`;
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', script], { stdio: 'ignore' }),
  );
  // However this process ends: what waits for the end of the measurement is left out when it is killed by an error.
  const killAll = () => loops.forEach((loop) => void loop.kill('SIGKILL'));
  process.once('exit', killAll);
  try {
    const arrivals = await deliverAtNight({ folders, ...options });
    return {
      title: titleOf(folders, `, beside ${count} busy loops on ${count} cores`),
      figures: figuresOf(arrivals, 4),
    };
  } finally {
    process.off('exit', killAll);
    killAll();
  }
}

const titleOf = (folders: number, beside: string) =>
  `A backlog of ${folders} new folders, at night${beside}; Moovago answers after ${latencyMs / 1000} s and takes 5 requests in any second`;

type Arrivals = ReturnType<typeof arrivalFigures>;

function figuresOf(arrivals: Arrivals, requestsPerSecond: number, plain?: Arrivals): Figure[] {
  const row = (what: string, name: keyof Arrivals, target?: Figure['target']): Figure => ({
    what,
    unit: '',
    measured: arrivals[name],
    ...(target && { target }),
    ...(plain && { compared: plain[name] }),
  });
  return [
    row('requests a second', 'requestsPerSecond', { atLeast: requestsPerSecond }),
    row('records a request', 'recordsPerRequest', { atLeast: 20 }),
    row('requests refused (429)', 'refused', { atMost: 0 }),
    row('records a second', 'recordsPerSecond'),
  ];
}

async function deliverAtNight({ folders, bundles, say }: DeliveryOptions) {
  await using systems = await startSystems({ folders, moovagoLatencyMs: latencyMs });
  await using stack = await startStack({ systems, bundles, hours: 'night' });
  return arrivalFigures(await deliverBacklog(stack, systems, { folders, say }));
}

async function deliverPlainly(say: Say) {
  await using systems = await startSystems({ folders: 1, moovagoLatencyMs: latencyMs });
  const client = createPlainClient({ url: systems.moovagoUrl, headers: systems.moovagoHeaders }, 5);
  say(`plain client: ${plainRecordsMax} records`);
  const records = plainRecords(plainRecordsMax);
  await inParallel(records, client.create, records.length);
  return arrivalFigures(await systems.requests());
}

type Backlog = { folders: number; say: Say };

/** Brings everything from Clavus to Moovago, and tells what reached Moovago. */
export async function deliverBacklog(
  stack: BenchStack,
  systems: Systems,
  { folders, say }: Backlog,
  feedMs = feedEveryMs,
): Promise<Arrival[]> {
  await stack.invoke('refreshDirectory', {});
  say(`polling ${folders} new folders`);
  await stack.invoke('pollClavus', {});
  const before = (await systems.requests()).length;
  stack.startMappings();
  let arrived = 0;
  let [fedAt, movedAt, saidAt] = [Date.now(), Date.now(), 0];
  do {
    await sleep(lookEveryMs);
    if (Date.now() - movedAt > standstillMs) throw new Error(standstill(arrived, folders, stack));
    if (Date.now() - fedAt >= feedMs) {
      fedAt = Date.now();
      await stack.invoke('feedQueue', {});
    }
    const companies = await systems.companies();
    if (companies > arrived) movedAt = Date.now();
    arrived = companies;
    if (Date.now() - saidAt > 5000) say(`delivered ${arrived} of ${folders}`);
    if (Date.now() - saidAt > 5000) saidAt = Date.now();
  } while (arrived < folders || !(await isSettled(stack)));
  return (await systems.requests()).slice(before);
}

function standstill(arrived: number, folders: number, { problems }: BenchStack): string {
  return `the delivery stands still at ${arrived} of ${folders}: ${problems.slice(-3).join('\n')}`;
}

/** Whether the functions have written everything down. */
async function isSettled({ idle, queueDepth, due }: BenchStack): Promise<boolean> {
  const { waiting, inFlight } = await queueDepth();
  return waiting + inFlight === 0 && idle() && (await due()) === 0;
}
