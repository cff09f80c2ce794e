import type { Clock } from '../../framework/clock.ts';
import { renewPollMs, reserveMs } from '../../framework/time-budget.ts';
import type { Lease } from '../../state/lease.ts';

export type TimeLeft = ReturnType<typeof watchTime>;

/**
 * Whether a poll may go on: it has time, and the lease, which is renewed.
 * @param deadline when this invocation is killed, in milliseconds since the epoch
 */
export function watchTime(lease: Pick<Lease, 'renew'>, deadline: number, clock: Pick<Clock, 'now'>) {
  let renewedAt = clock.now();
  const isOver = () => clock.now() > deadline - reserveMs.poll;

  /** @param anyhow whether it goes on although there is no time left */
  async function goesOn(anyhow = false): Promise<boolean> {
    if (isOver() && !anyhow) return false;
    if (clock.now() - renewedAt < renewPollMs) return true;
    renewedAt = clock.now();
    return lease.renew();
  }

  return { isOver, goesOn };
}
