import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createPlainClient } from '../plain-client.ts';
import type { Say, Section } from '../section-lines.ts';
import { quantile } from '../statistics.ts';
import { type BenchStack, type Systems, startStack, startSystems } from '../world.ts';
import { deliverBacklog } from './delivery.ts';

const folders = 100;
/** How long Moovago takes over an answer, in milliseconds. It keeps a change at the end of that. */
const latencyMs = 800;
/** After an edit arrived, so that nothing else runs when the next is made. */
const restMs = 800;
const patienceMs = 60_000;
/** From a poll to the company, for 95 of 100 changes. */
const targetMs = 3000;

const edits = 24;

export type LatencyOptions = { bundles: string; say: Say };

/** One edit at a time, from the poll that sees it to the company that was changed. */
export async function measureLatency(options: LatencyOptions): Promise<Section> {
  // Beside each other, as both wait nearly all the time.
  const [night, business] = await Promise.all([
    editOneByOne('night', options),
    editOneByOne('business', options),
  ]);
  const row = (what: string, { product, plain }: typeof night) => ({
    what: `${what}, 95 of 100`,
    unit: 's',
    measured: quantile(product, 0.95) / 1000,
    target: { atMost: targetMs / 1000 },
    compared: quantile(plain, 0.95) / 1000,
  });
  return {
    title: `One edit, when nothing else runs: from the poll that sees it to the company; Moovago takes ${latencyMs / 1000} s`,
    comparedWith: 'a script that reads Clavus and writes to Moovago at once, without table, queue or pace',
    figures: [row('at night', night), row('in business hours', business)],
    notes: [
      `${edits} edits each. What the poll interval adds (5 minutes at most) is not in it.`,
      'A second of it is the batching window of the queue, which lets bulk changes share requests.',
    ],
  };
}

async function editOneByOne(hours: 'night' | 'business', { bundles, say }: LatencyOptions) {
  await using systems = await startSystems({ folders, moovagoLatencyMs: latencyMs });
  await using stack = await startStack({ systems, bundles, hours });
  await deliverBacklog(stack, systems, { folders, say });
  const folderIds = (await systems.folderIds()).slice(0, edits);
  const plain = createPlainClient({ url: systems.moovagoUrl, headers: systems.moovagoHeaders }, 5);
  const product: number[] = [];
  const compared: number[] = [];
  for (const [index, folderId] of folderIds.entries()) {
    if (index % 10 === 0) say(`${hours}: edit ${index + 1} of ${edits}`);
    product.push(await millisecondsUntilWritten(stack, systems, { folderId, city: `Ville ${index}` }));
    await sleep(restMs);
    compared.push(await plainMilliseconds(systems, plain, folderId));
    await sleep(restMs);
  }
  return { product, plain: compared };
}

type Edit = { folderId: string; city: string };

async function millisecondsUntilWritten(
  stack: BenchStack,
  systems: Systems,
  { folderId, city }: Edit,
): Promise<number> {
  await systems.edit(folderId, { ville: city });
  const startedAt = Date.now();
  await stack.invoke('pollClavus', {});
  return (await writtenAfter(startedAt, systems, folderId)) - startedAt;
}

async function writtenAfter(startedAt: number, systems: Systems, folderId: string): Promise<number> {
  while (Date.now() - startedAt < patienceMs) {
    const { at } = await systems.companyOf(folderId);
    if (at >= startedAt) return at;
    await sleep(20);
  }
  throw new Error(`an edit did not arrive within ${patienceMs / 1000} s`);
}

const query =
  '{ erpEnrAPI { getFolders(page: 1, itemParPage: 200) { totalCount results { id columns { id name value } } } } }';
const answered = z.object({ data: z.object({ erpEnrAPI: z.object({ getFolders: z.unknown() }) }) });

async function plainMilliseconds(
  systems: Systems,
  client: ReturnType<typeof createPlainClient>,
  folderId: string,
): Promise<number> {
  const { id } = await systems.companyOf(folderId);
  const startedAt = Date.now();
  const response = await fetch(systems.clavusUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...systems.clavusHeaders },
    body: JSON.stringify({ query }),
  });
  answered.parse(await response.json());
  await client.update(id, { city: `Ville ${startedAt}` });
  return (await writtenAfter(startedAt, systems, folderId)) - startedAt;
}
