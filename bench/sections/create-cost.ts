import { inParallel } from '../../lib/framework/in-parallel.ts';
import { createPlainClient, plainRecords } from '../plain-client.ts';
import type { Say, Section } from '../section-lines.ts';
import { startStack, startSystems } from '../world.ts';
import { deliverBacklog } from './delivery.ts';

/** One answer of so many is lost. */
const lostEvery = 100;
/** A hundred requests of 25: one of them is lost. Where none is, fewer tell as much. */
const folders = { losing: 2500, quiet: 1000 };
/** Searches get slower with every company, and no dearer. */
const plainFolders = 200;
/** Long after any request of this Moovago, which answers at once. A stage has 15 minutes. */
const settleAfter = 'PT5S';

/** What it costs, in requests, that no company is made twice. */
export async function measureCreateCost({ bundles, say }: { bundles: string; say: Say }): Promise<Section> {
  const quiet = await requestsPerThousand('quiet', { bundles, say });
  const losing = await requestsPerThousand('losing', { bundles, say });
  const plainQuiet = await searchingRequests(false, say);
  const plainLosing = await searchingRequests(true, say);
  return {
    title: 'Requests that creations take, when no company may be made twice',
    comparedWith: 'a search before each creation',
    figures: [
      {
        what: 'per 1000 creations, all answers arrive',
        unit: 'requests',
        measured: quiet.all,
        compared: plainQuiet,
      },
      {
        what: 'per 1000 creations, 1 % of answers lost',
        unit: 'requests',
        measured: losing.all,
        compared: plainLosing,
      },
      { what: 'companies made twice or not at all', unit: '', measured: losing.wrong, target: { atMost: 0 } },
    ],
    notes: [
      `A lost answer is unknown for the whole request. What it held rests for ${settleAfter} here (15 minutes on a stage), then one list of all companies settles it.`,
    ],
  };
}

async function requestsPerThousand(
  kind: keyof typeof folders,
  { bundles, say }: { bundles: string; say: Say },
) {
  const wanted = folders[kind];
  await using systems = await startSystems({ folders: wanted, moovagoLatencyMs: 0 });
  await using stack = await startStack({ systems, bundles, hours: 'night', config: { settleAfter } });
  if (kind === 'losing') await systems.loseEvery(lostEvery);
  // Fed every few seconds, so that what rests is not waited for longer than it rests.
  const writes = await deliverBacklog(stack, systems, { folders: wanted, say }, 2000);
  return {
    all: (writes.length * 1000) / wanted,
    wrong: Math.abs((await systems.companies()) - wanted),
  };
}

async function searchingRequests(isLosing: boolean, say: Say): Promise<number> {
  await using systems = await startSystems({
    folders: 1,
    moovagoLatencyMs: 0,
    moovagoRequestsPerSecond: Number.MAX_SAFE_INTEGER,
  });
  if (isLosing) await systems.loseEvery(lostEvery);
  say(`plain client: ${plainFolders} creations, a search before each`);
  const client = createPlainClient(
    { url: systems.moovagoUrl, headers: systems.moovagoHeaders },
    Number.MAX_SAFE_INTEGER,
  );
  await inParallel(plainRecords(plainFolders), client.createUnlessThere, 1);
  return ((await systems.requests()).length * 1000) / plainFolders;
}
