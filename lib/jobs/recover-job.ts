import { scanAgain } from '../sync/detect/scan-plan.ts';
import type { App } from './app.ts';
import { takePollLease } from './poll-job.ts';

type RecoverApp = Pick<
  App,
  'clock' | 'config' | 'cursor' | 'directory' | 'newId' | 'prospectLinks' | 'removals' | 'table'
>;

/** `heldUntil`: another poll is running, until then at the latest. Both are milliseconds since the epoch. */
export type Recovered = { creationsFrom: number } | { heldUntil: number };

/**
 * Prepares the state after the table was restored to an older point. The table lacks companies made since then. So
 * nothing is created before a new pass over Moovago, which starts after the last old request has settled. It also lacks
 * later deliveries, so the next polls send every folder again, whole. Harmless when repeated.
 * @param takeOver takes the lease from a poll that is known to be dead
 */
export async function recoverJob(app: RecoverApp, takeOver: boolean): Promise<Recovered> {
  const { clock, config, cursor, directory, newId, prospectLinks, removals } = app;
  const creationsFrom = clock.now() + config.settleAfter;
  await directory.distrustPassesBefore(creationsFrom);
  const taken = await takePollLease(app, takeOver);
  if ('heldUntil' in taken) return taken;
  // The table also lacks prospects made since then. So companies that exist now do not count as new companies of reps.
  await prospectLinks.close();
  // An approval of removals concerned the folders of that time.
  await removals.forget('approved');
  const now = clock.now();
  const before = (await cursor.read()) ?? { lastPollStartedAt: now, lastPollAt: now };
  await cursor.save({ ...before, scan: scanAgain(now, newId) });
  await taken.lease.release();
  return { creationsFrom };
}
