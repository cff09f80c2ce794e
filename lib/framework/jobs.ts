import type { Directory } from '../state/directory.ts';
import { type FeedRequest, feedQueue } from '../sync/feed-queue.ts';
import { refreshDirectory } from '../sync/refresh-directory.ts';
import type { App } from './app.ts';
import { TryLater } from './errors.ts';
import { retryReading } from './retry-reading.ts';

// The jobs that more than one function does, with everything real.

/** How long a reading job waits for its slot, in milliseconds. */
const slotWithinMs = 20_000;
const sampleSize = 20;

export function refreshJob(app: App): Promise<Directory> {
  const { clavus, moovago, pace, clock, directory, telemetry } = app;
  const reading = <Value>(read: () => Promise<Value>) => retryReading(read, clock);
  return refreshDirectory({
    log: telemetry.log,
    getColumns: () => reading(clavus.getColumns),
    getTeams: () => reading(clavus.getTeams),
    getUsers: (teamId) => reading(() => clavus.getUsers(teamId)),
    sampleFolders: async () =>
      (await reading(() => clavus.getFolders({ page: 1, itemParPage: sampleSize }))).folders,
    readTeam: () =>
      reading(async () => {
        const now = clock.now();
        const { slots } = await pace.reserve(1, 'live', now, now + slotWithinMs);
        const [slot] = slots;
        if (slot === undefined)
          throw new TryLater('Moovago has no free slot soon', { system: 'Moovago', applied: 'no' });
        await clock.wait(slot.at - clock.now());
        return moovago.team(slot);
      }),
    readDirectory: directory.read,
    saveDirectory: directory.save,
  });
}

export function feedJob(request: FeedRequest, app: App): Promise<{ enqueued: number }> {
  const { rows, queue, pace, clock, config, telemetry } = app;
  return feedQueue(request, {
    ...telemetry,
    clock,
    due: rows.due,
    postpone: rows.postpone,
    queueDepth: queue.depth,
    enqueue: queue.send,
    isBulkTime: pace.isBulkTime,
    requestsWithin: pace.requestsWithin,
    recordsPerRequest: config.pace.recordsPerRequest,
  });
}
