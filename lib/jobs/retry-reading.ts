import type { ClavusClient } from '../clavus/client.ts';
import { attempt } from '../framework/attempt.ts';
import type { Clock } from '../framework/clock.ts';
import { TryLater } from '../framework/errors.ts';
import { SlotMissed } from '../moovago/slot.ts';

const attemptsMax = 4;
/** A missed slot was not a request. A busy machine may miss several. */
const slotsMax = 20;
/** The wait after the first failure, in milliseconds; it doubles. */
const firstWaitMs = 500;
/** If a service asks for a longer wait than this, in milliseconds, the read is left to the next run. */
const waitMaxMs = 10_000;

/**
 * Repeats a read while the service is in trouble, with growing, partly random waits. For reads only: a write that is
 * sent twice may be applied twice.
 */
export async function retryReading<Value>(read: () => Promise<Value>, clock: Clock): Promise<Value> {
  let missed = 0;
  for (let failed = 1; ; ) {
    const result = await attempt(read());
    if (result.ok) return result.value;
    const { error } = result;
    if (error instanceof SlotMissed && missed < slotsMax) {
      missed++;
      continue;
    }
    // A smaller request finds out more than the same one.
    const attempts = error instanceof TryLater && error.isDivisible ? 2 : attemptsMax;
    if (!(error instanceof TryLater) || failed >= attempts) throw error;
    const wait = Math.max(error.retryAfterMs ?? 0, firstWaitMs * 2 ** (failed - 1) * (0.5 + clock.random()));
    if (wait > waitMaxMs) throw error;
    await clock.wait(wait);
    failed++;
  }
}

/** Clavus, with every read of its data repeated while it is in trouble. */
export function retryingClavus({ clavus, clock }: { clavus: ClavusClient; clock: Clock }): ClavusClient {
  const retrying = <Value>(read: () => Promise<Value>) => retryReading(read, clock);
  return {
    ...clavus,
    getColumns: () => retrying(clavus.getColumns),
    getTeams: () => retrying(clavus.getTeams),
    getUsers: (teamId) => retrying(() => clavus.getUsers(teamId)),
    getFolders: (query) => retrying(() => clavus.getFolders(query)),
    getValuesByIds: (ids) => retrying(() => clavus.getValuesByIds(ids)),
  };
}
