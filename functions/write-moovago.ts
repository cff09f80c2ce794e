import { z } from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { readPointers } from '../lib/sync/change-queue.ts';
import { deliverChanges } from '../lib/sync/deliver-changes.ts';

const event = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

export const handler = lambdaHandler('writeMoovago', event, async ({ Records }, app, context) => {
  const { config, clock, moovago, newId, pace, rows, telemetry } = app;
  const { folderIds, unreadable } = readPointers(Records);
  await deliverChanges(
    folderIds,
    {
      ownership: config.ownership,
      blanks: config.blanks,
      recordsPerRequest: config.pace.recordsPerRequest,
      settleAfterMs: config.settleAfter,
      deadline: clock.now() + context.getRemainingTimeInMillis(),
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
});
