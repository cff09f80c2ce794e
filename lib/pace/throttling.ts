import type { PaceState } from './pace-item.ts';

/** The shortest and the longest wait after a 429, whatever its `Retry-After` says. */
const waitMs = { min: 5_000, max: 15 * 60_000 };
const slowdownMax = 8;
/** After so long without a 429, in milliseconds, requests go twice as fast again. */
const recoveryMs = 60_000;

/** How many times slower than usual requests go at a moment: 8, 4, 2 or 1. */
export function slowdownAt({ slowdown, heldUntil }: PaceState, at: number): number {
  const recoveries = Math.floor(Math.max(0, at - heldUntil) / recoveryMs);
  return Math.max(1, slowdown / 2 ** recoveries);
}

/**
 * The state after a 429: all senders wait, then go half as fast. A 429 during the wait answers an older request. It
 * slows the senders no further, but can make the wait longer. The same state if there is nothing to write.
 * @param retryAfterMs what the answer asked for, in milliseconds; an unreadable value counts as none
 */
export function afterThrottling(state: PaceState, retryAfterMs: number | undefined, now: number): PaceState {
  const asked = retryAfterMs === undefined || Number.isNaN(retryAfterMs) ? 0 : Math.ceil(retryAfterMs);
  if (now < state.heldUntil) {
    const pausedUntil = now + Math.min(asked, waitMs.max);
    return pausedUntil > state.heldUntil
      ? { ...state, heldUntil: pausedUntil, stops: state.stops + 1 }
      : state;
  }
  return {
    ...state,
    slowdown: Math.min(slowdownMax, slowdownAt(state, now) * 2),
    heldUntil: now + Math.min(Math.max(asked, waitMs.min), waitMs.max),
    stops: state.stops + 1,
  };
}
