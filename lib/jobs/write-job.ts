import { leaseMs } from '../framework/time-budget.ts';
import { mappedChildren } from '../mapping/mapped-children.ts';
import { readPointers } from '../state/change-queue.ts';
import { takeLease } from '../state/lease.ts';
import { deliverChanges } from '../sync/deliver/deliver-changes.ts';
import type { App } from './app.ts';
import { readChildrenJob, readCompaniesJob } from './refresh-job.ts';
import { verifiedApp } from './verified-config.ts';

type Messages = readonly { messageId: string; body: string }[];

/** The messages that must come back, as an event source mapping with `ReportBatchItemFailures` reads them. */
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Delivers the folders that a batch of messages points to.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function writeJob(
  messages: Messages,
  deadline: number,
  configured: App,
): Promise<BatchResponse> {
  const app = await verifiedApp(configured);
  const { config, stage, telemetry } = app;
  const { rowIds, runs, unreadable } = readPointers(messages);
  for (const [runId, ids] of runs) telemetry.log.info('taken', { runId, folderIds: ids });
  const children = mappedChildren(config);
  const unverified = mappedChildren(configured.config).filter((child) => !children.includes(child));
  await deliverChanges(
    rowIds,
    { ...config, stage, children, unverified, deadline },
    {
      ...app,
      readCompanies: () => readCompaniesJob(app),
      readChildren: (child) => readChildrenJob(child, app),
      takePilotLease: () => takeLease(app, 'pilot', leaseMs.pilot),
    },
  );
  if (unreadable.length > 0) telemetry.log.error('unreadable-messages', { messageIds: unreadable });
  return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) };
}
