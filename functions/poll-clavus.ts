import { z } from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { feedJob, refreshJob } from '../lib/framework/jobs.ts';
import { retryReading } from '../lib/framework/retry-reading.ts';
import { createFolderMapper } from '../lib/mapping/map-folder.ts';
import { takeLease } from '../lib/state/lease.ts';
import { pollClavus } from '../lib/sync/poll-clavus.ts';

/** Longer than a page takes, and short enough that a poll that died holds nobody up for long, in milliseconds. */
const leaseMs = 90_000;

const event = z.object({
  folderIds: z.array(z.string().min(1)).optional(),
  limit: z.int().positive().optional(),
  takeOver: z.boolean().optional(),
});

export const handler = lambdaHandler('pollClavus', event, async (request, app) => {
  const { clavus, config, clock, cursor, directory, fingerprints, newId, rows, stage, table, telemetry } =
    app;
  const { filter, pageSize } = config.clavus;
  const report = await pollClavus(request, {
    ...telemetry,
    clock,
    takeLease: (takeOver) => takeLease({ table, clock, newId }, 'poll-clavus', leaseMs, takeOver),
    readDirectory: async () => (await directory.read()) ?? refreshJob(app),
    createMapper: ({ columns, users, team }) =>
      createFolderMapper({ config, knownColumns: columns, users, members: team.members, stage }),
    loadFingerprints: fingerprints.load,
    saveFingerprints: fingerprints.save,
    readPage: (page) =>
      retryReading(() => clavus.getFolders({ page, itemParPage: pageSize, filterColumns: filter }), clock),
    readFolders: (folderIds) => retryReading(() => clavus.getValuesByIds(folderIds), clock),
    readRows: rows.read,
    changeRow: rows.change,
    readCursor: cursor.read,
    saveCursor: cursor.save,
    bulkAbove: config.pace.bulkAbove,
  });
  await feedJob({}, app);
  return report;
});
