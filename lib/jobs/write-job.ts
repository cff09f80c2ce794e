import { leaseMs } from '../framework/time-budget.ts';
import { wantedChildren } from '../mapping/wanted-children.ts';
import { readPointers } from '../state/change-queue.ts';
import { takeLease } from '../state/lease.ts';
import { deliverChanges } from '../sync/deliver/deliver-changes.ts';
import type { App } from './app.ts';
import { provedApp } from './proved-config.ts';
import { readChildrenJob, readCompaniesJob } from './refresh-job.ts';

type Messages = readonly { messageId: string; body: string }[];

/** The messages that must come back, as an event source mapping with `ReportBatchItemFailures` reads them. */
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Delivers the folders that a batch of messages points to.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function writeJob(messages: Messages, deadline: number, given: App): Promise<BatchResponse> {
  const app = await provedApp(given);
  const { config, clock, directory, matchIndex, moovago, newId, pace, pilot, rows, stage, table, telemetry } =
    app;
  const { folderIds, runs, unreadable } = readPointers(messages);
  for (const [runId, ids] of runs) telemetry.log.info('taken', { runId, folderIds: ids });
  await deliverChanges(
    folderIds,
    {
      ownership: config.ownership,
      blanks: config.blanks,
      match: config.match,
      primary: config.primary,
      pilot: config.pilot,
      stage,
      children: wantedChildren(config),
      unproved: wantedChildren(given.config).filter((child) => !wantedChildren(config).includes(child)),
      recordsPerRequest: config.pace.recordsPerRequest,
      settleAfterMs: config.settleAfter,
      deadline,
    },
    {
      ...telemetry,
      clock,
      newId,
      stage,
      readRows: rows.read,
      changeRow: rows.change,
      postpone: rows.postpone,
      pace,
      writeCompanies: moovago.writeCompanies,
      creationsWaitFor: directory.creationsWaitFor,
      findCompanies: matchIndex.find,
      claimKey: matchIndex.claim,
      releaseKey: matchIndex.release,
      shareKey: matchIndex.share,
      removeFromIndex: (companyId, keys) =>
        matchIndex.update(new Map(), new Map(keys.map((key) => [key, [companyId]]))),
      linkedTo: rows.linkedTo,
      readCompanies: () => readCompaniesJob(app),
      readChildren: (child) => readChildrenJob(child, app),
      readPilot: pilot.read,
      savePilot: pilot.save,
      takePilotLease: () => takeLease({ table, clock, newId }, 'pilot', leaseMs.pilot),
    },
  );
  if (unreadable.length > 0) telemetry.log.error('unreadable-messages', { messageIds: unreadable });
  return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) };
}
