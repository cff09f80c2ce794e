import { type FeedRequest, feedQueue } from '../sync/deliver/feed-queue.ts';
import { pilotStage } from '../sync/deliver/pilot-stage.ts';
import type { App } from './app.ts';

/** Puts on the queue what Moovago can take before the feeder's next run. */
export function feedJob(request: FeedRequest, app: App): Promise<{ enqueued: number }> {
  const { rows, queue, pace, pilot, clock, config, newId, telemetry } = app;
  return feedQueue(request, request.runId ?? newId(), {
    ...telemetry,
    clock,
    due: rows.due,
    postpone: rows.postpone,
    queueDepth: queue.depth,
    enqueue: queue.send,
    isBulkTime: pace.isBulkTime,
    pilotStage: async () => pilotStage(await pilot.read(), config.pilot),
    freeFrom: pace.freeFrom,
    requestsWithin: pace.requestsWithin,
    recordsPerRequest: config.pace.recordsPerRequest,
  });
}
