import { type App, assembleApp, type Surroundings } from '../../lib/jobs/app.ts';
import { pollJob } from '../../lib/jobs/poll-job.ts';
import { refreshJob } from '../../lib/jobs/refresh-job.ts';
import { createPace } from '../../lib/pace/pace.ts';
import { createPaceItem, places } from '../../lib/pace/pace-item.ts';
import { type Hidden, hiddenOf } from '../sync-report.ts';
import { type MoovagoAsRead, noSqs, readOnlyClavus, readOnlyMoovago } from './read-only-services.ts';

export type PlanRequest = {
  /** Takes no more changes than this. */
  limit?: number;
  /** Looks at these folders only. */
  folderIds?: readonly string[];
};

export type SystemsRead = {
  asRead: MoovagoAsRead;
  /** Folders that were read, and those that Clavus shows and that cannot be read. */
  detected: { scanned: number; unreadable: number };
  /** Which folders Clavus showed. */
  isSeen(folderId: string): boolean;
  /** Clavus' list ends before its end. */
  hidden: Hidden | null;
  /** Known folders that Clavus does not show: those that the next scan decides on, and those that are too many. */
  gone: { unconfirmed: readonly string[]; overLimit: readonly string[] };
  /** Whether every folder was seen that was asked for. */
  complete: boolean;
  /** To Moovago. */
  requests: number;
};

/** Beside a stage that may send: the pace that Moovago's guide prefers. No slot of the stage's own pace is taken. */
const besideOthers = { otherwise: { requestsPerSecond: 1 } };
const noLimit = Number.MAX_SAFE_INTEGER;

/** Reads both systems as the functions do, and notes what changed, in the table of the surroundings. */
export async function readSystems(
  request: PlanRequest,
  { surroundings, queue, isShared }: { surroundings: Surroundings; queue: App['queue']; isShared: boolean },
): Promise<SystemsRead> {
  const clavus = readOnlyClavus(surroundings.clavus);
  const moovago = readOnlyMoovago(surroundings.moovago);
  const assembled = assembleApp({
    ...surroundings,
    sqs: noSqs(),
    clavus: clavus.client,
    moovago: moovago.client,
  });
  const app = { ...assembled, queue, ...(isShared ? { pace: gentlePace(assembled) } : {}) };
  await forgetReservedSlots(app);
  await refreshJob(app);
  await forgetOpenScan(app);
  // All folders, whatever was read when: after the configuration was changed, only that shows everything. Whoever polls
  // at this moment has the lease, in the real table.
  const full = request.limit === undefined;
  const polled = await pollJob({ ...request, full, takeOver: true }, noLimit, app);
  if (polled.state === 'skipped') throw new Error('The copy of the table has a lease that cannot be taken');
  const { state, scanned, unreadable } = polled;
  const isSeen = (folderId: string) => clavus.seen.has(folderId);
  return {
    asRead: moovago.read,
    detected: { scanned, unreadable },
    isSeen,
    hidden: hiddenOf(polled, surroundings.config),
    gone: state === 'complete' ? await goneIn(app, isSeen) : nobody,
    complete: state !== 'cut',
    requests: moovago.requests(),
  };
}

const nobody = { unconfirmed: [], overLimit: [] };

/** Nobody minds a request from so long ago, in milliseconds. */
const longOverMs = 60_000;

/**
 * Slots that are taken already. On this machine nobody is there to use them; beside a stage, this goes at its own pace. What
 * the stage was told to wait for holds for everybody.
 */
async function forgetReservedSlots({ clock, table }: App): Promise<void> {
  const item = createPaceItem(table);
  const seen = await item.read();
  const now = clock.now();
  const mine = { ...seen, nextAt: Math.min(seen.nextAt, now) };
  for (const place of places) mine[place] = Math.min(seen[place], now - longOverMs);
  await item.change(seen, mine);
}

/** A scan that a poll is in the middle of: this one sees every page itself. */
async function forgetOpenScan({ cursor }: App): Promise<void> {
  const known = await cursor.read();
  if (known?.scan !== undefined) await cursor.save({ ...known, scan: undefined });
}

async function goneIn(
  { removals, fingerprints }: App,
  isSeen: (folderId: string) => boolean,
): Promise<SystemsRead['gone']> {
  const { held, missing } = await removals.read();
  return held === undefined
    ? { unconfirmed: missing?.folderIds ?? [], overLimit: [] }
    : { unconfirmed: [], overLimit: await fingerprints.folderIds((folderId) => !isSeen(folderId)) };
}

const gentlePace = ({ table, clock }: App) =>
  createPace(besideOthers, { item: createPaceItem(table), clock, onReset: () => {} });
