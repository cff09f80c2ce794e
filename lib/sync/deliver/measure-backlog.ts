import type { Clock } from '../../framework/clock.ts';
import type { Count } from '../../framework/telemetry.ts';
import type { DueEntry, DueLane, ReadRows } from '../../state/folder-rows.ts';
import { isDue } from '../rows/row-status.ts';

/** How many rows of a lane are read to find the oldest change: those that are due first. */
const sampleMax = 50;
/** Failed folders are counted up to this number. */
const failedMax = 1_000;
const forEver = Number.MAX_SAFE_INTEGER;

export type BacklogDependencies = {
  clock: Clock;
  count: Count;
  due(lane: DueLane, by: number, limit: number): Promise<DueEntry[]>;
  readRows: ReadRows;
  /** The first moment from `at` on when bulk may be sent. */
  bulkTimeFrom(at: number): number;
  /** The moment from which requests may go: later than now while Moovago is in trouble. */
  freeFrom(): Promise<number>;
};

/**
 * Measures what the alarms watch: the age of the oldest change, how long deliveries are paused, and how many folders
 * failed.
 */
export async function measureBacklog(dependencies: BacklogDependencies): Promise<void> {
  const { clock, count, due, bulkTimeFrom, freeFrom } = dependencies;
  const now = clock.now();
  const since = [...(await changesSince('live', dependencies))];
  // Bulk that waits for the evening is not late: its time counts from the evening on.
  if (bulkTimeFrom(now) === now) since.push(...(await changesSince('bulk', dependencies)).map(bulkTimeFrom));
  const failed = await due('failed', forEver, failedMax);
  count('OldestChangeSeconds', Math.round((now - Math.min(now, ...since)) / 1000));
  count('DeliveriesHeldSeconds', Math.round(Math.max(0, (await freeFrom()) - now) / 1000));
  count('FoldersFailed', failed.length);
}

/** When the changes that wait in a lane were found. */
async function changesSince(
  lane: 'live' | 'bulk',
  { due, readRows }: BacklogDependencies,
): Promise<number[]> {
  const entries = await due(lane, forEver, sampleMax);
  if (entries.length === 0) return [];
  const rows = await readRows(entries.map(({ folderId }) => folderId));
  return [...rows.values()].filter(isDue).flatMap(({ desired }) => desired?.at ?? []);
}
