import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { chunks } from '../../lib/framework/chunks.ts';
import { inParallel } from '../../lib/framework/in-parallel.ts';
import { functionMs } from '../../lib/framework/time-budget.ts';
import { createFingerprints } from '../../lib/state/fingerprints.ts';
import { documentClient, queryPages } from '../../lib/state/table.ts';
import { readStack } from '../../local/template.ts';
import { callCounts } from '../counting-table.ts';
import { type Child, startChild } from '../processes/child.ts';
import type { Figure, Say, Section } from '../section-lines.ts';
import { median } from '../statistics.ts';
import { type BenchStack, type Systems, stage, startStack, startSystems } from '../world.ts';

const polled = z.object({ elapsedMs: z.number(), processorSeconds: z.number(), peakMegabytes: z.number() });
/** What Lambda gives a whole processor for, in megabytes; the memory of pollClavus, and half of its time-out in seconds. */
const [processorMegabytes, functionMegabytes, halfOfTimeout] = [1_769, 1_024, functionMs.pollClavus / 2000];

/** The folders of the simulated Clavus that the directory is read from; the polled ones come from a formula. */
const sampleFolders = 50;
/** So many folders in all are polled for a size, twice at least; one poll is enough of a million. */
const foldersPerSize = 20_000;
const oncePastFolders = 500_000;

/** A smaller scan may be over before it is killed. */
const killedFrom = 100_000;
const lookEveryMs = 5;

/** What a poll may need, in megabytes. */
const memoryMax = 256;

type ScanOptions = { folders: number; bundles: string; say: Say };

/** A full scan of Clavus in which nothing has changed. */
export async function measureScan({ folders, bundles, say }: ScanOptions): Promise<Section> {
  await using systems = await startSystems({ folders: sampleFolders, moovagoLatencyMs: 0 });
  await using stack = await startStack({ systems, bundles, hours: 'night' });
  const { table, tableName } = stack;
  await stack.invoke('refreshDirectory', {});
  const environment: Record<string, string> = {
    ...stack.environmentOf('pollClavus'),
    CLAVUS_API_URL: await systems.startManyFolders(folders),
  };
  say(`${folders} folders: writing their fingerprints`);
  await table.ask('seed', { folders, tableName }, z.undefined());
  const takeCounts = () => table.ask('takeCounts', undefined, callCounts);

  const startPoller = () => startChild('poll-process', { environment, megabytes: memoryMax });
  await using poller = startPoller();
  const handler = handlerOf(bundles, environment);
  const poll = () => poller.ask('poll', handler, polled);
  say(`${folders} folders: polling`);
  if (folders <= oncePastFolders) await poll();
  await takeCounts();
  const requestsBefore = (await systems.requests()).length;
  const askedBefore = await systems.manyFoldersRequests();
  const times = folders > oncePastFolders ? 1 : Math.max(2, Math.floor(foldersPerSize / folders));
  const polls: z.infer<typeof polled>[] = [];
  while (polls.length < times) polls.push(await poll());
  const counts = await takeCounts();
  const clavusRequests = ((await systems.manyFoldersRequests()) - askedBefore) / times;
  const moovagoRequests = (await systems.requests()).length - requestsBefore;
  const killed =
    folders >= killedFrom ? await killScan({ startPoller, handler, systems, clavusRequests }) : undefined;

  say(`${folders} folders: the same with BatchGetItem`);
  const instead = await readUnitsInstead(stack, folders);
  const readUnits = counts.readUnits / times;
  const peaks = [...polls, ...(killed ? [killed] : [])].map(({ peakMegabytes }) => peakMegabytes);
  const perThousand = (what: string, value: number): Figure => ({
    what: `${what} per 1000 folders`,
    unit: '',
    measured: (value * 1000) / folders,
  });
  return {
    title: `A full scan of ${folders} folders that did not change`,
    comparedWith: 'one BatchGetItem for every hundred folders',
    figures: [
      {
        what: 'read units',
        unit: '',
        measured: readUnits,
        ...(folders < killedFrom ? {} : { target: { atMost: (600 * folders) / 100_000 } }),
        compared: readUnits + instead,
      },
      { what: 'writes for folders', unit: '', measured: counts.folderWrites, target: { atMost: 0 } },
      { what: 'requests to Moovago', unit: '', measured: moovagoRequests, target: { atMost: 0 } },
      perThousand('requests to Clavus', clavusRequests),
      perThousand('requests to DynamoDB', counts.calls / times),
      { what: 'peak memory', unit: 'MB', measured: Math.max(...peaks), target: { atMost: memoryMax } },
      {
        what: 'time per folder, with a Clavus that answers at once',
        unit: 'µs',
        measured: (median(polls.map(({ elapsedMs }) => elapsedMs)) * 1000) / folders,
      },
      {
        what: `time in a function of ${functionMegabytes} MB, a scan in parts`,
        unit: 's',
        measured: (median(polls.map((one) => one.processorSeconds)) * processorMegabytes) / functionMegabytes,
        target: { atMost: halfOfTimeout },
      },
      ...(killed ? [pagesAgain(killed.pagesAgain)] : []),
    ],
    notes: [
      'The table and Clavus are in processes of their own.',
      `The poll is the packaged function in a process of its own, with half of ${memoryMax} MB for its heap.`,
    ],
  };
}

/** One that was being worked on, and two that were on their way. */
const pagesAgain = (measured: number): Figure => ({
  what: 'pages read again after a SIGKILL in the middle',
  unit: '',
  measured,
  target: { atMost: 3 },
});

/** What it costs more to ask for the fingerprints by their folders than to read all, as the poll does. */
async function readUnitsInstead({ dynamodb, table, tableName }: BenchStack, folders: number) {
  const client = documentClient(dynamodb);
  const ours = { client, name: tableName };
  const takeUnits = async () => (await table.ask('takeCounts', undefined, callCounts)).readUnits;
  await takeUnits();
  await createFingerprints(ours).load();
  const loading = await takeUnits();
  const keys: Record<string, unknown>[] = [];
  for (let shard = 0, before = -1; before < keys.length; shard++) {
    before = keys.length;
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `F#${shard}` } };
    for await (const { Items = [] } of queryPages(ours, query))
      keys.push(...Items.map(({ pk, sk }) => ({ pk, sk })));
  }
  await takeUnits();
  const readBatch = async (Keys: Record<string, unknown>[]) => {
    const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys } } }));
    return Responses?.[tableName]?.length ?? 0;
  };
  const found = (await inParallel(chunks(keys, 100), readBatch, 4)).reduce((sum, one) => sum + one, 0);
  if (found !== folders) throw new Error(`${found} fingerprints were read of ${folders}`);
  return (await takeUnits()) - loading;
}

type KilledScan = {
  startPoller: () => Child;
  handler: object;
  systems: Systems;
  clavusRequests: number;
};

/** Kills the process of a scan in the middle, and lets another one go on. */
async function killScan({ startPoller, handler, systems, clavusRequests }: KilledScan) {
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
  return { peakMegabytes, pagesAgain: (await systems.manyFoldersRequests()) - before - clavusRequests };
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
