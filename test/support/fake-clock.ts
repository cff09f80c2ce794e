import type { Clock } from '../../lib/framework/clock.ts';

/** A clock whose waiting moves the time, and takes none. `random` is always a half. */
export function fakeClock(start: number | string): Clock & { set(at: number | string): void } {
  let now = typeof start === 'string' ? Date.parse(start) : start;
  return {
    now: () => now,
    wait: async (ms) => {
      now += Math.max(0, ms);
    },
    random: () => 0.5,
    set: (at) => {
      now = typeof at === 'string' ? Date.parse(at) : at;
    },
  };
}
