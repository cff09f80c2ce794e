import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Say, Section } from '../figures.ts';
import { createPlainClient } from '../plain-client.ts';
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

export type LatencyOptions = { edits: number; bundles: string; say: Say };

/** One edit at a time, from the poll that sees it to the company that was changed. */
export async function measureLatency({ edits, bundles, say }: LatencyOptions): Promise<Section> {
  // Beside each other, as both wait nearly all the time.
  const [night, business] = await Promise.all([
    editOneByOne('night', { edits, bundles, say }),
    editOneByOne('business', { edits, bundles, say }),
  ]);
  const row = (what: string, product: readonly number[], plain: readonly number[], share: number) => ({
    what,
    unit: 's',
    measured: quantile(product, share) / 1000,
    compared: quantile(plain, share) / 1000,
  });
  const target = { atMost: targetMs / 1000 };
  return {
    name: 'latency',
    title: `One edit, when nothing else runs: from the poll that sees it to the company; Moovago takes ${latencyMs / 1000} s`,
    comparedWith: 'a script that reads Clavus and writes to Moovago at once, without table, queue or pace',
    figures: [
      row('at night, half of all', night.product, night.plain, 0.5),
      { ...row('at night, 95 of 100', night.product, night.plain, 0.95), target },
      row('in business hours, half of all', business.product, business.plain, 0.5),
      { ...row('in business hours, 95 of 100', business.product, business.plain, 0.95), target },
    ],
    notes: [
      `${edits} edits each. What the poll interval adds (5 minutes at most) is not in it.`,
      'A second of it is the batching window of the queue, which lets bulk changes share requests.',
    ],
  };
}

async function editOneByOne(hours: 'night' | 'business', { edits, bundles, say }: LatencyOptions) {
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
