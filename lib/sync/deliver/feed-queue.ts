import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { fedAheadMs } from '../../framework/time-budget.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { Pace } from '../../pace/pace.ts';
import type { ChangeQueue } from '../../state/change-queue.ts';
import type { DirectoryStore } from '../../state/directory.ts';
import { type DueEntry, type FolderRows, heldFrom } from '../../state/folder-rows.ts';
import { isDue } from '../rows/row-status.ts';
import { type AdvanceDependencies, advancePilot } from './advance-pilot.ts';

/** A row that is announced but not delivered by then is announced again, in milliseconds: its message may be lost. */
const announceAgainMs = 15 * 60_000;

export type FeedDependencies = AdvanceDependencies & {
  clock: Clock;
  telemetry: Telemetry;
  config: Pick<SyncConfig, 'match' | 'matchIgnore'> & { pace: Pick<SyncConfig['pace'], 'recordsPerRequest'> };
  rows: Pick<FolderRows, 'due' | 'held' | 'postpone'>;
  directory: Pick<DirectoryStore, 'creationsWaitFor'>;
  queue: ChangeQueue;
  pace: Pick<Pace, 'isBulkTime' | 'freeFrom' | 'requestsWithin'>;
};

export type FeedRequest = {
  /** The run that this is a part of, so that a delivery can be found in the logs. */
  runId?: string;
  /** Also announces rows that were announced before: for a queue that is known to be empty, or was purged. */
  again?: boolean;
};

/**
 * Puts on the queue what Moovago can take until the feeder's next run has fed it, and no more. Live changes go first;
 * bulk goes only while it may be sent. The rest stays in the table, where a newer change can still overtake it.
 */
export async function feedQueue(
  { again = false }: FeedRequest,
  runId: string,
  dependencies: FeedDependencies,
): Promise<{ enqueued: number }> {
  const { clock, config, queue, pace } = dependencies;
  const now = clock.now();
  const depth = await queue.depth();
  const pausedMs = Math.max(0, (await pace.freeFrom()) - now);
  const requests = pace.requestsWithin(Math.max(0, fedAheadMs - pausedMs));
  const budget = requests * config.pace.recordsPerRequest - depth;
  const by = again ? Number.MAX_SAFE_INTEGER : now;

  const pilot = await advancePilot(dependencies);
  if (pilot.kind === 'stopped') return announceStopped(pilot, depth, runId, dependencies);
  const room = pilot.kind === 'running' ? Math.min(budget, pilot.left) : budget;
  const next = await nextOf(by, dependencies);
  const live = room > 0 ? await next('live', room) : [];
  // In the pilot, each lane gets all the room: a live record may wait for a bulk record of the same customer.
  const left = pilot.kind === 'running' ? room : room - live.length;
  const mayBulk = pilot.kind === 'running' || pace.isBulkTime(now);
  const bulk = left > 0 && mayBulk ? await next('bulk', left) : [];

  return { enqueued: await announce([...live, ...bulk], runId, dependencies) };
}

/**
 * Reads what is held, if companies may be created again, and then what is due by a moment. What is held goes first: one of
 * the others may wait for a folder of the same customer among it.
 */
async function nextOf(by: number, { config, directory, rows }: FeedDependencies) {
  let mayCreate: boolean | undefined;
  return async (lane: Lane, limit: number): Promise<DueEntry[]> => {
    const held = await rows.held(lane, limit);
    if (held.length > 0) mayCreate ??= (await directory.creationsWaitFor(config)) === undefined;
    const first = mayCreate ? held : [];
    if (first.length === limit) return first;
    return [...first, ...(await rows.due(lane, Math.min(by, heldFrom - 1), limit - first.length))];
  };
}

/**
 * Puts due rows on the queue.
 * @returns how many the queue accepted; the others stay due
 */
export async function announce(
  entries: readonly DueEntry[],
  runId: string,
  dependencies: Pick<FeedDependencies, 'clock' | 'telemetry' | 'queue'> & {
    rows: Pick<FolderRows, 'postpone'>;
  },
): Promise<number> {
  if (entries.length === 0) return 0;
  const { clock, queue, rows } = dependencies;
  const { log, count } = dependencies.telemetry;
  const now = clock.now();
  const accepted = await queue.send(
    entries.map(({ rowId }) => rowId),
    runId,
  );
  // Only after the queue accepted them: a row announced twice costs one read, a row never announced is lost.
  await inParallel(
    entries.filter(({ rowId }) => accepted.has(rowId)),
    ({ rowId, dueAt }) => rows.postpone(rowId, dueAt, now + announceAgainMs),
    16,
  );
  count('PointersEnqueued', accepted.size);
  log.info('announced', { runId, folders: accepted.size });
  if (accepted.size < entries.length)
    log.warn('queue-refused-messages', { refused: entries.length - accepted.size });
  return accepted.size;
}

/** Only the record at which the pilot stopped may pass, once it is due again, or has to be read back. */
async function announceStopped(
  { folderId: rowId, isSent }: { folderId: string; isSent: boolean },
  depth: number,
  runId: string,
  dependencies: FeedDependencies,
): Promise<{ enqueued: number }> {
  const { clock, rows, telemetry } = dependencies;
  telemetry.count('PilotsFailed');
  if (depth > 0) return { enqueued: 0 };
  const row = (await rows.read([rowId])).get(rowId);
  const isReady = row !== undefined && isDue(row) && (row.waitUntil ?? 0) <= clock.now();
  if (!isReady && !isSent) return { enqueued: 0 };
  // It is announced every minute: its place in the index of due rows stays.
  const announcing = { ...dependencies, rows: { postpone: async () => false } };
  return { enqueued: await announce([{ rowId, dueAt: 0 }], runId, announcing) };
}
