import type { Clock } from '../../framework/clock.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { Pace } from '../../pace/pace.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import { isDue } from '../rows/row-status.ts';

/** How many rows of a lane are read to find the oldest change: those that are due first. */
const sampleMax = 50;
/** Failed folders are counted up to this number. */
const failedMax = 1_000;
const forEver = Number.MAX_SAFE_INTEGER;

export type BacklogDependencies = {
  clock: Clock;
  telemetry: Pick<Telemetry, 'count'>;
  rows: Pick<FolderRows, 'due' | 'read'>;
  pace: Pick<Pace, 'freeFrom'>;
  /** The first moment from `at` on when bulk may be sent. */
  bulkTimeFrom(at: number): number;
};

/**
 * Measures what the alarms watch: the age of the oldest change, how long deliveries are paused, and how many folders
 * failed.
 */
export async function measureBacklog(dependencies: BacklogDependencies): Promise<void> {
  const { clock, rows, pace, bulkTimeFrom } = dependencies;
  const { count } = dependencies.telemetry;
  const now = clock.now();
  const since = [...(await changesSince('live', dependencies))];
  // Bulk that waits for the evening is not late: its time counts from the evening on.
  if (bulkTimeFrom(now) === now) since.push(...(await changesSince('bulk', dependencies)).map(bulkTimeFrom));
  const failed = await rows.due('failed', forEver, failedMax);
  count('OldestChangeSeconds', Math.round((now - Math.min(now, ...since)) / 1000));
  count('DeliveriesHeldSeconds', Math.round(Math.max(0, (await pace.freeFrom()) - now) / 1000));
  count('FoldersFailed', failed.length);
}

/** When the changes that wait in a lane were found. */
async function changesSince(lane: 'live' | 'bulk', { rows }: BacklogDependencies): Promise<number[]> {
  const entries = await rows.due(lane, forEver, sampleMax);
  if (entries.length === 0) return [];
  const found = await rows.read(entries.map(({ rowId }) => rowId));
  return [...found.values()].filter(isDue).flatMap(({ desired }) => desired?.at ?? []);
}
