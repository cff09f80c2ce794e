import type { FoldersQuery } from '../clavus/operations.ts';
import { hintSettlesMs, leaseMs } from '../framework/time-budget.ts';
import { companyColumns, createColumnReader } from '../mapping/columns.ts';
import { satisfiesFilter } from '../mapping/folder-filter.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { wantedChildren } from '../mapping/wanted-children.ts';
import type { Directory } from '../state/directory.ts';
import { type LeaseDependencies, takeLease } from '../state/lease.ts';
import type { FolderReading } from '../sync/detect/folder-reading.ts';
import { type PollReport, type PollRequest, pollClavus } from '../sync/detect/poll-clavus.ts';
import type { App } from './app.ts';
import { feedJob } from './feed-job.ts';
import { folderMapper } from './folder-mapper.ts';
import { provedAppTold } from './proved-config.ts';
import { knownDirectory } from './refresh-job.ts';
import { retryReading } from './retry-reading.ts';

/** Takes the lease to poll, or returns until when another poll has it (milliseconds since the epoch). */
export const takePollLease = (
  dependencies: LeaseDependencies,
  takeOver: boolean,
): ReturnType<typeof takeLease> => takeLease(dependencies, 'poll-clavus', leaseMs.poll, takeOver);

/**
 * Reads Clavus, stores what changed, and puts it on the queue at once.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function pollJob(request: PollRequest, deadline: number, given: App): Promise<PollReport> {
  const app = await provedAppTold(given);
  const { clavus, config, clock, cursor, directory, fingerprints, hints, matchIndex, newId, removals, rows } =
    app;
  const { scanProgress, stage, table, telemetry } = app;
  const { modifiedColumn, pageSize } = config.clavus;
  const runId = newId();
  const startedAt = clock.now();
  const told = await hints.read();
  const report = await pollClavus(request, deadline, {
    ...telemetry,
    clock,
    newId,
    takeLease: (takeOver) => takePollLease({ table, clock, newId }, takeOver),
    readDirectory: () => knownDirectory(app),
    createReading: (known) => createReading(known, { config, stage }),
    loadFingerprints: fingerprints.load,
    saveFingerprints: fingerprints.save,
    knownFolders: fingerprints.folderIds,
    readPage: (page, from) => retryReading(() => clavus.getFolders(pageQuery(page, from, config)), clock),
    readFolders: (folderIds) => retryReading(() => clavus.getValuesByIds(folderIds), clock),
    readRows: rows.read,
    changeRow: rows.change,
    // A webhook writes rows but no fingerprints. Until its hint is settled, these folders' fingerprints prove nothing.
    readUnmatched: directory.readUnmatched,
    saveUnmatched: directory.saveUnmatched,
    readUnsettled: async () => [...(await cursor.readUnsettled()), ...told.map(({ folderId }) => folderId)],
    saveUnsettled: cursor.saveUnsettled,
    readProgress: scanProgress.read,
    savePage: (scanId, page) => scanProgress.savePage(scanId, page, clock.now()),
    readCursor: cursor.read,
    saveCursor: cursor.save,
    bulkAbove: config.pace.bulkAbove,
    pageSize,
    timezone: config.pace.timezone,
    ...(modifiedColumn === undefined ? {} : { fullScanEvery: config.clavus.fullScanEvery }),
    removals,
    removalLimit: config.removalLimit,
    onRemoved: config.onRemoved,
    children: wantedChildren(config),
    forgetFingerprints: fingerprints.remove,
    lookedAt: async () => (await directory.readPass())?.begunAt ?? 0,
    sharersOf: matchIndex.sharers,
  });
  if (report.state === 'complete')
    await hints.remove(told.filter(({ at }) => at < startedAt - hintSettlesMs));
  telemetry.log.info('polled', { runId, ...report });
  await feedJob({ runId }, app);
  return report;
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
