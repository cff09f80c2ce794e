import { chunks } from '../../lib/framework/chunks.ts';
import { inParallel } from '../../lib/framework/in-parallel.ts';
import { feedEveryMs } from '../../lib/framework/time-budget.ts';
import type { App } from '../../lib/jobs/app.ts';
import { feedJob } from '../../lib/jobs/feed-job.ts';
import { writeJob } from '../../lib/jobs/write-job.ts';
import { bulkTimeFrom } from '../../lib/pace/business-hours.ts';
import { paceRules } from '../../lib/pace/pace-rules.ts';
import { isHeld } from '../../lib/state/folder-rows.ts';
import { pilotStage } from '../../lib/sync/deliver/pilot-stage.ts';

/** The function that writes, as serverless.yml has it. */
export type Writer = { batchSize: number; maximumConcurrency: number; timeoutSeconds: number };

/** In every turn the queue is emptied, or time passes; a first import of a million folders takes some thousand. */
const turnsMax = 10_000;
/** Turns in a row in which nothing can go on; what is left waits for a person. */
const idleMax = 50;
const forEver = Number.MAX_SAFE_INTEGER;

/**
 * Feeds and delivers until nothing is due any more, with the very jobs of the functions. The app must be one that has no
 * way out of this process, and a clock that jumps: days pass in a moment.
 */
export async function rehearseDelivery(app: App, takeAll: () => string[], writer: Writer): Promise<void> {
  let [left, idle] = [-1, 0];
  for (let turn = 0; turn < turnsMax && idle < idleMax; turn++) {
    await deliver(takeAll(), app, writer);
    const pilot = pilotStage(await app.pilot.read(), app.config.pilot);
    // It has had its turn, and lets nothing else pass before somebody has acted.
    if (pilot.kind === 'stopped' && turn > 0) return;
    await feedJob({ again: turn === 0 }, app);
    if ((await app.queue.depth()) > 0) continue;
    const due = (await app.rows.countDue('live', forEver)) + (await app.rows.countDue('bulk', forEver));
    [left, idle] = [due, due === left ? idle + 1 : 0];
    const next = await nextMoment(app, pilot.kind === 'running');
    if (next === undefined) return;
    const now = app.clock.now();
    // What is due and was not fed is held by the pace.
    await app.clock.wait(next > now ? next - now : feedEveryMs);
  }
}

async function deliver(folderIds: readonly string[], app: App, writer: Writer): Promise<void> {
  const batches = chunks(folderIds, writer.batchSize);
  const write = (batch: readonly string[]) => {
    const messages = batch.map((folderId) => ({ messageId: folderId, body: JSON.stringify({ folderId }) }));
    return writeJob(messages, app.clock.now() + writer.timeoutSeconds * 1000, app);
  };
  await inParallel(batches, write, writer.maximumConcurrency);
}

/** When the next row may be sent; nothing when no row is due. */
async function nextMoment(
  { clock, config, ignoreBusinessHours, rows }: App,
  isPilot: boolean,
): Promise<number | undefined> {
  const { business } = paceRules(config, ignoreBusinessHours);
  const [live] = await rows.due('live', forEver, 1);
  const [bulk] = await rows.due('bulk', forEver, 1);
  const bulkFrom = (dueAt: number) =>
    isPilot ? dueAt : bulkTimeFrom(Math.max(dueAt, clock.now()), business);
  // What is held waits for what no delivery brings.
  const moments = [
    ...(live && !isHeld(live) ? [live.dueAt] : []),
    ...(bulk && !isHeld(bulk) ? [bulkFrom(bulk.dueAt)] : []),
  ];
  return moments.length === 0 ? undefined : Math.min(...moments);
}
