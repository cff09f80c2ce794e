import type { App } from '../framework/app.ts';
import { readPointers } from '../sync/change-queue.ts';
import { deliverChanges } from '../sync/deliver-changes.ts';

type Messages = readonly { messageId: string; body: string }[];

/** What must come back, as an event source mapping with `ReportBatchItemFailures` reads it. */
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Delivers the folders that a batch of messages points to.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export async function writeJob(messages: Messages, deadline: number, app: App): Promise<BatchResponse> {
  const { config, clock, moovago, newId, pace, rows, telemetry } = app;
  const { folderIds, unreadable } = readPointers(messages);
  await deliverChanges(
    folderIds,
    {
      ownership: config.ownership,
      blanks: config.blanks,
      recordsPerRequest: config.pace.recordsPerRequest,
      settleAfterMs: config.settleAfter,
      deadline,
    },
    {
      ...telemetry,
      clock,
      newId,
      readRows: rows.read,
      changeRow: rows.change,
      postpone: rows.postpone,
      reserveSlots: pace.reserve,
      rest: pace.rest,
      writeCompanies: moovago.writeCompanies,
    },
  );
  if (unreadable.length > 0) telemetry.log.error('unreadable-messages', { messageIds: unreadable });
  return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) };
}
