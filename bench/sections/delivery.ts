import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { inParallel } from '../../lib/framework/in-parallel.ts';
import { feedEveryMs } from '../../lib/framework/time-budget.ts';
import { arrivalFigures } from '../arrivals.ts';
import type { Say, Section } from '../figures.ts';
import { createPlainClient } from '../plain-client.ts';
import { plainRecords } from '../plain-records.ts';
import { type CallCount, callCount } from '../table/call-counts.ts';
import { type Arrival, type BenchStack, type Systems, startStack, startSystems } from '../world.ts';

/** How long Moovago takes over an answer, in milliseconds. */
export const latencyMs = 800;
/** Seconds' worth of records for the plain client, which goes no slower after a thousand. */
const plainRecordsMax = 100;
const lookEveryMs = 250;
/** No backlog stands still for so long without a reason, in milliseconds. */
const standstillMs = 180_000;

export type DeliveryOptions = { folders: number; bundles: string; say: Say };

/** A backlog of new folders, at night, from rows that are due to companies in Moovago. */
export async function measureDelivery({ folders, bundles, say }: DeliveryOptions): Promise<Section> {
  const plain = await deliverPlainly(say);
  const { writes, calls, stalls } = await deliverAtNight({ folders, bundles, say });
  const { requestsPerSecond, recordsPerRequest, recordsPerSecond, refused, unused } = arrivalFigures(writes);
  const perRecord = (test: (call: CallCount) => boolean) =>
    calls.filter(test).reduce((sum, call) => sum + call.calls, 0) / folders;
  const isWrite = ({ writeUnits }: CallCount) => writeUnits > 0;
  return {
    name: 'delivery',
    title: `A backlog of ${folders} new folders, at night; Moovago answers after ${latencyMs / 1000} s and takes 5 requests in any second`,
    comparedWith: 'one record a request, p-throttle at 5 a second',
    figures: [
      {
        what: 'requests a second',
        unit: '',
        measured: requestsPerSecond,
        target: { atLeast: 4.6 },
        compared: plain.requestsPerSecond,
      },
      {
        what: 'records a request',
        unit: '',
        measured: recordsPerRequest,
        target: { atLeast: 20 },
        compared: plain.recordsPerRequest,
      },
      {
        what: 'requests refused (429)',
        unit: '',
        measured: refused,
        target: { atMost: 0 },
        compared: plain.refused,
      },
      { what: 'records a second', unit: '', measured: recordsPerSecond, compared: plain.recordsPerSecond },
      { what: 'slots that nobody used', unit: '', measured: unused },
      { what: 'DynamoDB writes a record', unit: '', measured: perRecord(isWrite) },
      { what: 'DynamoDB reads a record', unit: '', measured: perRecord((call) => !isWrite(call)) },
    ],
    notes: [
      `The plain client wrote ${plainRecordsMax} records to the same simulator, just before.`,
      stallNote(stalls),
    ],
  };
}

/** Brings new folders to Moovago on a stack of their own. */
export async function deliverAtNight({ folders, bundles, say }: DeliveryOptions) {
  await using systems = await startSystems({ folders, moovagoLatencyMs: latencyMs });
  await using stack = await startStack({ systems, bundles, hours: 'night' });
  const delivered = await deliverBacklog(stack, systems, { folders, say });
  return { ...delivered, stalls: await systems.stalls() };
}

/** @param stalls how often what counts the arrivals came more than 20 ms late to what it wanted to do */
export const stallNote = (stalls: number) =>
  `A process that had nothing to do was held up by the machine for more than 20 ms, which is what a request may be late without asking, ${stalls} times meanwhile.`;

async function deliverPlainly(say: Say) {
  await using systems = await startSystems({ folders: 1, moovagoLatencyMs: latencyMs });
  const client = createPlainClient({ url: systems.moovagoUrl, headers: systems.moovagoHeaders }, 5);
  say(`plain client: ${plainRecordsMax} records`);
  const records = plainRecords(plainRecordsMax);
  await inParallel(records, client.create, records.length);
  return arrivalFigures(await systems.requests());
}

type Backlog = { folders: number; say: Say };

/** Brings everything from Clavus to Moovago, and tells what reached Moovago and what the table was asked meanwhile. */
export async function deliverBacklog(
  stack: BenchStack,
  systems: Systems,
  { folders, say }: Backlog,
  feedMs = feedEveryMs,
): Promise<{ writes: Arrival[]; calls: CallCount[] }> {
  await stack.invoke('refreshDirectory', {});
  say(`polling ${folders} new folders`);
  await stack.invoke('pollClavus', {});
  const before = (await systems.requests()).length;
  const takeCalls = () => stack.table.ask('takeCounts', undefined, z.array(callCount));
  await takeCalls();
  await systems.stalls();
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
  return { writes: (await systems.requests()).slice(before), calls: await takeCalls() };
}

function standstill(arrived: number, folders: number, { problems }: BenchStack): string {
  return `the delivery stands still at ${arrived} of ${folders}: ${problems.slice(-3).join('\n')}`;
}

/** Whether the functions have written everything down. */
async function isSettled({ idle, queueDepth, due }: BenchStack): Promise<boolean> {
  const { waiting, inFlight } = await queueDepth();
  return waiting + inFlight === 0 && idle() && (await due()) === 0;
}
