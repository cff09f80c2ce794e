import { leaseMs } from '../framework/time-budget.ts';
import { takeLease } from '../state/lease.ts';
import { type FeedRequest, feedQueue } from '../sync/deliver/feed-queue.ts';
import type { App } from './app.ts';

/** Puts on the queue what Moovago can take before the feeder's next run. */
export const feedJob = (request: FeedRequest, app: App): Promise<{ enqueued: number }> =>
  feedQueue(request, request.runId ?? app.newId(), {
    ...app,
    takePilotLease: () => takeLease(app, 'pilot', leaseMs.pilot),
  });
