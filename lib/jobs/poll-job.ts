import type { FoldersQuery } from '../clavus/operations.ts';
import { hintSettlesMs, leaseMs } from '../framework/time-budget.ts';
import { companyColumns, createColumnReader } from '../mapping/columns.ts';
import { satisfiesFilter } from '../mapping/folder-filter.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { Directory } from '../state/directory.ts';
import { type LeaseDependencies, takeLease, underLease } from '../state/lease.ts';
import { type FolderReading, readingOnDemand } from '../sync/detect/folder-reading.ts';
import {
  type PolledClavus,
  type PollReport,
  type PollRequest,
  pollClavus,
} from '../sync/detect/poll-clavus.ts';
import type { App } from './app.ts';
import { feedJob } from './feed-job.ts';
import { folderMapper } from './folder-mapper.ts';
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
  return {
    ...clavus,
    reading: async () => {
      const directory = await knownDirectory(app);
      return readingOnDemand(() => createReading(directory, app));
    },
    readPage: (page, from) => clavus.getFolders(pageQuery(page, from, app.config)),
  };
}

/**
 * A page of the folders that pass the tenant's filter. It is sorted by the modification or creation date, if the tenant
 * has such a column, so that pages shift as little as possible.
 */
function pageQuery(page: number, from: string | undefined, { clavus }: SyncConfig): FoldersQuery {
  const { pageSize, filter, modifiedColumn, createdColumn } = clavus;
  const since =
    modifiedColumn === undefined || from === undefined
      ? []
      : [{ column: modifiedColumn, operator: '>=', value: from } as const];
  const order = since.length > 0 ? modifiedColumn : createdColumn;
  return {
    page,
    itemParPage: pageSize,
    filterColumns: [...filter, ...since],
    ...(order === undefined ? {} : { sortBy: [{ column: order, direction: 'asc' }] }),
  };
}

function createReading(directory: Directory, app: Pick<App, 'config' | 'stage'>): FolderReading {
  const { config } = app;
  const { filter, modifiedColumn } = config.clavus;
  const read = createColumnReader(config, directory.columns);
  const mapped = companyColumns(config);
  return {
    map: folderMapper(directory, app),
    modified: (folder) => (modifiedColumn === undefined ? undefined : read(folder, modifiedColumn)),
    satisfiesFilter: (folder) => satisfiesFilter(filter, (column) => read(folder, column)),
    fields: () => mapped.map(({ field }) => field),
    shows: (folder) =>
      mapped.flatMap(({ field, columns: references }) =>
        references.some((reference) => read(folder, reference) !== undefined) ? [field] : [],
      ),
  };
}
