import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Count, Log } from '../../framework/telemetry.ts';
import { fedAheadMs } from '../../framework/time-budget.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { DueEntry } from '../../state/folder-rows.ts';
import type { PilotStage } from './pilot-stage.ts';

/** A row that is announced but not delivered by then is announced again, in milliseconds: its message may be lost. */
const announceAgainMs = 15 * 60_000;

export type FeedDependencies = {
  clock: Clock;
  log: Log;
  count: Count;
  /** The rows that are due in a lane by a moment, the longest due first. */
  due(lane: Lane, by: number, limit: number): Promise<DueEntry[]>;
  postpone(folderId: string, from: number, to: number): Promise<boolean>;
  /** Messages on the queue that wait or are being worked on. */
  queueDepth(): Promise<number>;
  /** Puts pointers on the queue, with the id of the run; returns the ids that it accepted. */
  enqueue(folderIds: readonly string[], runId: string): Promise<Set<string>>;
  isBulkTime(at: number): boolean;
  pilotStage(): Promise<PilotStage>;
  /** The moment from which requests may go: later than now while Moovago is in trouble. */
  freeFrom(): Promise<number>;
  /** Requests that the pace allows in `ms` milliseconds. */
  requestsWithin(ms: number): number;
  recordsPerRequest: number;
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
  const { clock, isBulkTime, requestsWithin, recordsPerRequest } = dependencies;
  const now = clock.now();
  const depth = await dependencies.queueDepth();
  const heldMs = Math.max(0, (await dependencies.freeFrom()) - now);
  const budget = requestsWithin(Math.max(0, fedAheadMs - heldMs)) * recordsPerRequest - depth;
  const by = again ? Number.MAX_SAFE_INTEGER : now;

  const pilot = await dependencies.pilotStage();
  if (pilot.kind === 'stopped') return announceStopped(pilot.folderId, depth, runId, dependencies);
  const room = pilot.kind === 'running' ? Math.min(budget, pilot.left) : budget;
  const live = room > 0 ? await dependencies.due('live', by, room) : [];
  // In the pilot, each lane gets all the room: a live record may wait for a bulk record of the same customer.
  const left = pilot.kind === 'running' ? room : room - live.length;
  const mayBulk = pilot.kind === 'running' || isBulkTime(now);
  const bulk = left > 0 && mayBulk ? await dependencies.due('bulk', by, left) : [];

  return { enqueued: await announce([...live, ...bulk], runId, dependencies) };
}

/**
 * Puts due rows on the queue.
 * @returns how many the queue accepted; the others stay due
 */
export async function announce(
  entries: readonly DueEntry[],
  runId: string,
  dependencies: Pick<FeedDependencies, 'clock' | 'log' | 'count' | 'enqueue' | 'postpone'>,
): Promise<number> {
  if (entries.length === 0) return 0;
  const { clock, log, count, enqueue, postpone } = dependencies;
  const now = clock.now();
  const accepted = await enqueue(
    entries.map(({ folderId }) => folderId),
    runId,
  );
  // Only after the queue accepted them: a row announced twice costs one read, a row never announced is lost.
  await inParallel(
    entries.filter(({ folderId }) => accepted.has(folderId)),
    ({ folderId, dueAt }) => postpone(folderId, dueAt, now + announceAgainMs),
    16,
  );
  count('PointersEnqueued', accepted.size);
  log.info('announced', { runId, folders: accepted.size });
  if (accepted.size < entries.length)
    log.warn('queue-refused-messages', { refused: entries.length - accepted.size });
  return accepted.size;
}

/** Only the record at which the pilot stopped may pass. The worker that receives it sees whether it is due again. */
async function announceStopped(
  folderId: string,
  depth: number,
  runId: string,
  dependencies: FeedDependencies,
): Promise<{ enqueued: number }> {
  dependencies.count('PilotsFailed');
  if (depth > 0) return { enqueued: 0 };
  // Announced whether it is due or not: its place in the index of due rows stays.
  const announcing = { ...dependencies, postpone: async () => false };
  return { enqueued: await announce([{ folderId, dueAt: 0 }], runId, announcing) };
}
