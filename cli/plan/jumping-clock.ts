import type { Clock } from '../../lib/framework/clock.ts';

type Waiting = { until: number; go(): void };

/**
 * A clock without time: it stands still while anything is worked out, and jumps to the next moment that somebody waits for.
 * Only for work that never waits for anything else, such as an answer from a network.
 * @param start milliseconds since the epoch
 */
export function createJumpingClock(start: number): Clock {
  let now = start;
  let waiting: Waiting[] = [];

  /** One at a time: what the first one does comes before the next one's turn. */
  function jump(): void {
    const next = waiting.reduce((one, other) => (other.until < one.until ? other : one));
    waiting = waiting.filter((one) => one !== next);
    now = Math.max(now, next.until);
    next.go();
    if (waiting.length > 0) setImmediate(jump);
  }

  return {
    now: () => now,
    random: () => 0.5,
    wait: (ms) =>
      ms <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ until: now + ms, go: resolve });
            if (waiting.length === 1) setImmediate(jump);
          }),
  };
}
