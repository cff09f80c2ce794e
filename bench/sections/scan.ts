import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { readStack } from '../../local/template.ts';
import type { Figure, Say, Section } from '../figures.ts';
import { type Child, startChild } from '../processes/child.ts';
import { median } from '../statistics.ts';
import { type CallCount, callCount } from '../table/call-counts.ts';
import { type BenchStack, type Systems, stage, startStack, startSystems } from '../world.ts';

/** What a full scan of so many unchanged folders took. */
export type ScanPoint = {
  folders: number;
  /** Milliseconds, as a person waits for it, and of the processor. */
  elapsedMs: number;
  cpuMs: number;
  /** Of all processes that polled, the one that went on after the kill among them. */
  peakMegabytes: number;
  readUnits: number;
  /** Write units for folders, and for the scan's own bookkeeping. */
  folderWriteUnits: number;
  otherWriteUnits: number;
  clavusRequests: number;
  moovagoRequests: number;
  tableCalls: number;
  /** The fingerprints alone, as the poll reads them, and one `BatchGetItem` for a hundred folders instead. */
  load: Reading;
  batchGet: Reading;
  /** Of a scan that is killed in the middle: the pages that the next one reads again. */
  pagesAgain?: number | undefined;
};
type Reading = { elapsedMs: number; readUnits: number };

const polled = z.object({
  invocations: z.number(),
  elapsedMs: z.number(),
  cpuMs: z.number(),
  peakMegabytes: z.number(),
});
const read = z.object({ elapsedMs: z.number() });

/** The folders of the simulated Clavus that the directory is read from; the polled ones come from a formula. */
const sampleFolders = 50;
/** So many folders in all are polled for a point, twice at least; one poll is enough of a million. */
const foldersPerPoint = 20_000;
const oncePastFolders = 500_000;

/** A smaller scan may be over before it is killed. */
const killedFrom = 100_000;
const lookEveryMs = 5;

/** What a poll may need, in megabytes. */
const memoryMax = 256;

export type ScanOptions = { sizes: readonly number[]; bundles: string; say: Say };

/** Full scans of Clavus in which nothing has changed, at growing sizes. */
export async function measureScans({ sizes, bundles, say }: ScanOptions): Promise<ScanPoint[]> {
  const points: ScanPoint[] = [];
  for (const folders of sizes) {
    await using systems = await startSystems({ folders: sampleFolders, moovagoLatencyMs: 0 });
    await using stack = await startStack({ systems, bundles, hours: 'night' });
    points.push(await measureScan({ folders, bundles, say, systems, stack }));
  }
  return points;
}

type OneScan = { folders: number; bundles: string; say: Say; systems: Systems; stack: BenchStack };

async function measureScan({ folders, bundles, say, systems, stack }: OneScan): Promise<ScanPoint> {
  const { table, tableName } = stack;
  await stack.invoke('refreshDirectory', {});
  const environment: Record<string, string> = {
    ...stack.environmentOf('pollClavus'),
    CLAVUS_API_URL: await systems.startManyFolders(folders),
  };
  say(`${folders} folders: writing their fingerprints`);
  const { AWS_REGION: region = '' } = environment;
  await table.ask('seed', { folders, region, tableName, stage }, z.undefined());
  const takeCalls = () => table.ask('takeCounts', undefined, z.array(callCount));

  const startPoller = () => startChild('poll-process', { environment, megabytes: memoryMax });
  await using poller = startPoller();
  const handler = handlerOf(bundles, environment);
  const poll = () => poller.ask('poll', handler, polled);
  say(`${folders} folders: polling`);
  if (folders <= oncePastFolders) await poll();
  await takeCalls();
  const requestsBefore = (await systems.requests()).length;
  const askedBefore = await systems.manyFoldersRequests();
  const times = folders > oncePastFolders ? 1 : Math.max(2, Math.floor(foldersPerPoint / folders));
  const polls: z.infer<typeof polled>[] = [];
  while (polls.length < times) polls.push(await poll());
  const calls = await takeCalls();

  const clavusRequests = ((await systems.manyFoldersRequests()) - askedBefore) / times;
  const moovagoRequests = ((await systems.requests()).length - requestsBefore) / times;

  const killed =
    folders >= killedFrom ? await killScan({ startPoller, handler, systems, clavusRequests }) : undefined;
  await takeCalls();

  say(`${folders} folders: the same with BatchGetItem`);
  await using reader = startChild('read-process', { environment });
  const readAs = async (way: 'load' | 'batchGet'): Promise<Reading> => {
    const { elapsedMs } = await reader.ask(way, { tableName, folders }, read);
    return { elapsedMs, readUnits: unitsOf(await takeCalls()).readUnits };
  };
  const load = await readAs('load');
  await reader.ask('learnKeys', { tableName, folders }, z.undefined());
  await takeCalls();
  const units = unitsOf(calls);
  return {
    folders,
    elapsedMs: median(polls.map(({ elapsedMs }) => elapsedMs)),
    cpuMs: median(polls.map(({ cpuMs }) => cpuMs)),
    peakMegabytes: Math.max(...polls.map(({ peakMegabytes }) => peakMegabytes), killed?.peakMegabytes ?? 0),
    readUnits: units.readUnits / times,
    folderWriteUnits: units.folderWriteUnits / times,
    otherWriteUnits: units.otherWriteUnits / times,
    clavusRequests,
    moovagoRequests,
    tableCalls: calls.reduce((sum, call) => sum + call.calls, 0) / times,
    load,
    batchGet: await readAs('batchGet'),
    pagesAgain: killed?.pagesAgain,
  };
}

type KilledScan = {
  startPoller: () => Child;
  handler: object;
  systems: Systems;
  clavusRequests: number;
};

/** Kills the process of a scan in the middle, and lets another one go on. */
async function killScan({
  startPoller,
  handler,
  systems,
  clavusRequests,
}: KilledScan): Promise<{ pagesAgain: number; peakMegabytes: number }> {
  const before = await systems.manyFoldersRequests();
  await using first = startPoller();
  const killed = first.ask('poll', handler, polled).then(
    () => {
      throw new Error('the scan ended before it was killed');
    },
    () => undefined,
  );
  while ((await systems.manyFoldersRequests()) - before < clavusRequests / 2) await sleep(lookEveryMs);
  await first.kill();
  await killed;
  await using second = startPoller();
  // Who knows that the first one is dead need not wait for the end of its lease.
  const event = { takeOver: true };
  const { peakMegabytes } = await second.ask('poll', { ...handler, event }, polled);
  const pagesAgain = (await systems.manyFoldersRequests()) - before - clavusRequests;
  return { pagesAgain, peakMegabytes };
}

const ofFolders = new Set(['FOLDER', 'F']);

function unitsOf(calls: readonly CallCount[]) {
  const sum = (test: (call: CallCount) => boolean, unit: 'readUnits' | 'writeUnits') =>
    calls.filter(test).reduce((total, call) => total + call[unit], 0);
  return {
    readUnits: sum(() => true, 'readUnits'),
    folderWriteUnits: sum(({ kind }) => ofFolders.has(kind), 'writeUnits'),
    otherWriteUnits: sum(({ kind }) => !ofFolders.has(kind), 'writeUnits'),
  };
}

/** Where the polling function is. Its own limit on time is lifted: the whole scan counts, in however many invocations. */
function handlerOf(bundles: string, environment: Record<string, string>) {
  const { functions } = readStack(process.cwd(), { stage, environment });
  const poller = functions.find(({ name }) => name === 'pollClavus');
  if (poller === undefined) throw new Error('serverless.yml has no function pollClavus');
  return {
    moduleUrl: pathToFileURL(join(bundles, `${poller.handler.file}.mjs`)).href,
    exportName: poller.handler.exportName,
    timeoutMs: 3_600_000,
  };
}

/** A scan of a given size, against its targets. */
export function scanSection(point: ScanPoint): Section {
  const { folders, load, batchGet } = point;
  const size = folders / 100_000;
  const figures: Figure[] = [
    {
      what: 'read units',
      unit: '',
      measured: point.readUnits,
      target: { atMost: 600 * size },
      compared: point.readUnits - load.readUnits + batchGet.readUnits,
    },
    { what: 'write units for folders', unit: '', measured: point.folderWriteUnits, target: { atMost: 0 } },
    { what: 'write units for cursor, lease and the like', unit: '', measured: point.otherWriteUnits },
    { what: 'requests to Moovago', unit: '', measured: point.moovagoRequests, target: { atMost: 0 } },
    { what: 'peak memory', unit: 'MB', measured: point.peakMegabytes, target: { atMost: memoryMax } },
    {
      what: 'time, with a Clavus that answers at once',
      unit: 's',
      measured: point.elapsedMs / 1000,
      compared: (point.elapsedMs - load.elapsedMs + batchGet.elapsedMs) / 1000,
    },
    { what: 'time per folder', unit: 'µs', measured: (point.elapsedMs * 1000) / folders },
    { what: '  of which processor', unit: 'µs', measured: (point.cpuMs * 1000) / folders },
    {
      what: 'time to learn all fingerprints',
      unit: 's',
      measured: load.elapsedMs / 1000,
      compared: batchGet.elapsedMs / 1000,
    },
  ];
  return {
    name: 'scan',
    title: `A full scan of ${folders} folders that did not change`,
    comparedWith: 'one BatchGetItem for every hundred folders',
    figures,
    notes: [
      'The table and Clavus answer from formulas, in processes of their own.',
      `The poll is the packaged function in a process of its own, with half of ${memoryMax} MB for its heap.`,
    ],
  };
}

/** One that was being worked on, and two that were on their way. */
const afterKill = (pagesAgain: number): Figure => ({
  what: 'pages read again after a SIGKILL in the middle',
  unit: '',
  measured: pagesAgain,
  target: { atMost: 3 },
});

/** The smallest scan against the largest. */
export function growthSection(points: readonly ScanPoint[]): Section {
  const [first, last] = [points.at(0), points.at(-1)];
  const each = (point: ScanPoint | undefined, value: (point: ScanPoint) => number) =>
    point === undefined ? Number.NaN : value(point);
  const row = (what: string, unit: string, value: (point: ScanPoint) => number): Figure => ({
    what,
    unit,
    measured: each(last, value),
    compared: each(first, value),
  });
  return {
    name: 'growth',
    title: `${last?.folders} folders, beside ${first?.folders}`,
    comparedWith: `${first?.folders} folders`,
    figures: [
      row('time per folder', 'µs', ({ elapsedMs, folders }) => (elapsedMs * 1000) / folders),
      row('processor per folder', 'µs', ({ cpuMs, folders }) => (cpuMs * 1000) / folders),
      row('read units per 1000 folders', '', ({ readUnits, folders }) => (readUnits * 1000) / folders),
      row('DynamoDB calls per 1000 folders', '', ({ tableCalls, folders }) => (tableCalls * 1000) / folders),
      row('peak memory', 'MB', ({ peakMegabytes }) => peakMegabytes),
      ...(last?.pagesAgain === undefined ? [] : [afterKill(last.pagesAgain)]),
    ],
    notes: [],
  };
}
