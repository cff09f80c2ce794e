import type { App } from '../framework/app.ts';
import { TryLater } from '../framework/errors.ts';
import { retryReading } from '../framework/retry-reading.ts';
import type { Slot } from '../moovago/slot.ts';
import type { Directory } from '../state/directory.ts';
import { refreshDirectory } from '../sync/refresh-directory.ts';

/** How long a reading job waits for its slot, in milliseconds. */
const slotWithinMs = 20_000;
const sampleSize = 20;

/** Reads the directory of both systems. */
export function refreshJob(app: App): Promise<Directory> {
  const { clavus, moovago, clock, directory, telemetry } = app;
  const reading = <Value>(read: () => Promise<Value>) => retryReading(read, clock);
  return refreshDirectory({
    log: telemetry.log,
    getColumns: () => reading(clavus.getColumns),
    getTeams: () => reading(clavus.getTeams),
    getUsers: (teamId) => reading(() => clavus.getUsers(teamId)),
    sampleFolders: async () =>
      (await reading(() => clavus.getFolders({ page: 1, itemParPage: sampleSize }))).folders,
    readTeam: () => reading(async () => moovago.team(await slotSoon(app))),
    readDirectory: directory.read,
    saveDirectory: directory.save,
  });
}

/** Waits for a slot for one request that reads. */
async function slotSoon({ pace, clock }: App): Promise<Slot> {
  const now = clock.now();
  const { slots } = await pace.reserve(1, 'live', now, now + slotWithinMs);
  const [slot] = slots;
  if (slot === undefined)
    throw new TryLater('Moovago has no free slot soon', { system: 'Moovago', applied: 'no' });
  await clock.wait(slot.at - clock.now());
  return slot;
}
