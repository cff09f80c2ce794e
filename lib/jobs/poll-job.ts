import type { FoldersQuery } from '../clavus/operations.ts';
import { hintSettlesMs, leaseMs } from '../framework/time-budget.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { type LeaseDependencies, takeLease, underLease } from '../state/lease.ts';
import { columnsIn, createColumnAsking } from '../sync/detect/column-form.ts';
import { readingOnDemand } from '../sync/detect/folder-reading.ts';
import {
  type PolledClavus,
  type PollReport,
  type PollRequest,
  pollClavus,
} from '../sync/detect/poll-clavus.ts';
import type { Slice } from '../sync/detect/scan-slice.ts';
import type { App } from './app.ts';
import { feedJob } from './feed-job.ts';
import { createReading } from './folder-mapper.ts';
import { knownDirectory } from './refresh-job.ts';
import { retryingClavus } from './retry-reading.ts';
import { verifiedAppWithWarning } from './verified-config.ts';

/** Takes the lease to poll, or returns until when another poll has it (milliseconds since the epoch). */
export const takePollLease = (
  dependencies: LeaseDependencies,
  takeOver: boolean,
): ReturnType<typeof takeLease> => takeLease(dependencies, 'poll-clavus', leaseMs.poll, takeOver);

/**
 * Reads Clavus, stores what changed, and puts it on the queue at once.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function pollJob(request: PollRequest, deadline: number, configured: App): Promise<PollReport> {
  const app = await verifiedAppWithWarning(configured);
  const { clock, hints, newId, telemetry } = app;
  const runId = newId();
  const startedAt = clock.now();
  const stored = await hints.read();
  const pendingHints = stored.map(({ folderId }) => folderId);
  const taken = await takePollLease(app, request.takeOver ?? false);
  const report: PollReport =
    'heldUntil' in taken
      ? { state: 'skipped', heldUntil: taken.heldUntil }
      : await underLease(taken.lease, () =>
          pollClavus(request, { ...taken, deadline, pendingHints }, { ...app, clavus: polledClavus(app) }),
        );
  if (report.state === 'complete')
    await hints.remove(stored.filter(({ at }) => at < startedAt - hintSettlesMs));
  telemetry.log.info('polled', { runId, ...report });
  await feedJob({ runId }, app);
  return report;
}

/** Clavus as the tenant's configuration reads it, with every read repeated while it is in trouble. */
function polledClavus(app: App): PolledClavus {
  const clavus = retryingClavus(app);
  let getFolders = clavus.getFolders;
  return {
    ...clavus,
    reading: async () => {
      const directory = await knownDirectory(app);
      const { columnForm: form, columns: known } = directory;
      const reading = readingOnDemand(() => createReading(directory, app));
      const columns = form && columnsIn(form, { config: app.config, known });
      getFolders = createColumnAsking(columns, reading, clavus.getFolders);
      return reading;
    },
    readPage: (page, part) => getFolders(pageQuery(page, part, app.config)),
  };
}

/**
 * A page of the folders that pass the tenant's filter. It is sorted by the creation date, if the tenant has such a
 * column, so that pages shift as little as possible; a slice, or what was modified, by the column that it begins with.
 */
function pageQuery(
  page: number,
  { from, slice, size }: { from: string | undefined; slice: Slice; size: number },
  { clavus }: SyncConfig,
): FoldersQuery {
  const { filter, modifiedColumn, createdColumn } = clavus;
  const dates = from === undefined ? (createdColumn ?? modifiedColumn) : modifiedColumn;
  const column = slice.column ?? dates;
  const order = slice.isSorted ? column : createdColumn;
  const is = (of: string | undefined, operator: '>=' | '<' | '=', value: string | undefined) =>
    of === undefined || value === undefined ? [] : [{ column: of, operator, value }];
  return {
    page,
    itemParPage: size,
    filterColumns: [
      ...filter,
      ...is(dates, '>=', slice.after ?? from),
      ...is(column, '>=', slice.from),
      ...is(column, '<', slice.to),
      ...is(column, '=', slice.only),
    ],
    ...(order === undefined ? {} : { sortBy: [{ column: order, direction: 'asc' }] }),
  };
}
