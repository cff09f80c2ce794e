import { scanAgain } from '../sync/detect/scan-plan.ts';
import type { App } from './app.ts';
import { takePollLease } from './poll-job.ts';

type RecoverApp = Pick<
  App,
  'clock' | 'config' | 'cursor' | 'directory' | 'newId' | 'prospectLinks' | 'removals' | 'table'
>;

/** `heldUntil`: a poll is at work, until then at the latest. Both in milliseconds since the epoch. */
export type Recovered = { creationsFrom: number } | { heldUntil: number };

/**
 * What a table needs that was taken back to an older point. Companies that were made since are not in it, so nothing is
 * created before Moovago has been read anew, and that not before the last request of before has settled. And what was
 * sent since is not in it, so that the next polls have every folder sent again, whole. Harmless when repeated.
 * @param takeOver takes the lease from a poll that is known to be dead
 */
export async function recoverJob(app: RecoverApp, takeOver: boolean): Promise<Recovered> {
  const { clock, config, cursor, directory, newId, prospectLinks, removals, table } = app;
  const creationsFrom = clock.now() + config.settleAfter;
  await directory.distrustPassesBefore(creationsFrom);
  const taken = await takePollLease({ table, clock, newId }, takeOver);
  if ('heldUntil' in taken) return taken;
  // What became prospects since is not in it either: companies that are there now are none of a rep's new ones.
  await prospectLinks.close();
  // What somebody approved then was about the folders of then.
  await removals.forget('approved');
  const now = clock.now();
  const before = (await cursor.read()) ?? { lastPollStartedAt: now, lastPollAt: now };
  await cursor.save({ ...before, scan: scanAgain(now, newId) });
  await taken.lease.release();
  return { creationsFrom };
}
