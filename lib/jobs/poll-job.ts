import type { App } from '../framework/app.ts';
import { retryReading } from '../framework/retry-reading.ts';
import { createFolderMapper } from '../mapping/map-folder.ts';
import { takeLease } from '../state/lease.ts';
import { type PollReport, type PollRequest, pollClavus } from '../sync/poll-clavus.ts';
import { feedJob } from './feed-job.ts';
import { refreshJob } from './refresh-job.ts';

/** Longer than a page takes, and short enough that a poll that died holds nobody up for long, in milliseconds. */
const leaseMs = 90_000;
/** Longer than a webhook's function lives, by clocks that differ: what it was doing is done by then, in milliseconds. */
const hintSettlesMs = 60_000;

/** Looks at Clavus, writes down what changed, and puts it on the queue at once. */
export async function pollJob(request: PollRequest, app: App): Promise<PollReport> {
  const {
    clavus,
    config,
    clock,
    cursor,
    directory,
    fingerprints,
    hints,
    newId,
    rows,
    stage,
    table,
    telemetry,
  } = app;
  const { filter, pageSize } = config.clavus;
  const runId = newId();
  const startedAt = clock.now();
  const told = await hints.read();
  const report = await pollClavus(request, {
    ...telemetry,
    clock,
    takeLease: (takeOver) => takeLease({ table, clock, newId }, 'poll-clavus', leaseMs, takeOver),
    readDirectory: async () => (await directory.read()) ?? (await refreshJob(app)),
    createMapper: ({ columns, users, team }) =>
      createFolderMapper({ config, knownColumns: columns, users, members: team.members, stage }),
    loadFingerprints: fingerprints.load,
    saveFingerprints: fingerprints.save,
    readPage: (page) =>
      retryReading(() => clavus.getFolders({ page, itemParPage: pageSize, filterColumns: filter }), clock),
    readFolders: (folderIds) => retryReading(() => clavus.getValuesByIds(folderIds), clock),
    readRows: rows.read,
    changeRow: rows.change,
    // A webhook writes rows and no fingerprints: until its hint is settled, these folders' fingerprints prove nothing.
    readUnsettled: async () => [...(await cursor.readUnsettled()), ...told.map(({ folderId }) => folderId)],
    saveUnsettled: cursor.saveUnsettled,
    readCursor: cursor.read,
    saveCursor: cursor.save,
    bulkAbove: config.pace.bulkAbove,
    pageSize,
  });
  if (report.state === 'complete')
    await hints.remove(told.filter(({ at }) => at < startedAt - hintSettlesMs));
  telemetry.log.info('polled', { runId, ...report });
  await feedJob({ runId }, app);
  return report;
}
