import type { PaceState } from './pace-item.ts';

/** After so many failures in a row, from any sender, requests to Moovago stop. */
const failuresMax = 5;
const firstOpenMs = 30_000;
const longestOpenMs = 15 * 60_000;
/**
 * How long the trial request may take, with the writes after it, in milliseconds. If its sender dies, another may try
 * then.
 */
const probeMs = 30_000;

/** Whether requests may go as the pace allows. Otherwise none goes before `openUntil`, and then one. */
export function isClosed({ openUntil }: PaceState): boolean {
  return openUntil === 0;
}

/**
 * The state after a failure of the service; the same state if there is nothing to write. While the breaker is open,
 * only the trial request counts: all others were sent before it opened.
 */
export function afterFailure(state: PaceState, now: number): PaceState {
  if (state.probing) return opened(state, Math.max(firstOpenMs, state.openForMs * 2), now);
  if (!isClosed(state)) return state;
  return state.failures + 1 < failuresMax
    ? { ...state, failures: state.failures + 1 }
    : opened(state, firstOpenMs, now);
}

/** The state after Moovago refused the key: no request goes for `ms` milliseconds. */
export function afterRefusal(state: PaceState, ms: number, now: number): PaceState {
  return isClosed(state) || state.probing ? { ...opened(state, ms, now), isRefused: true } : state;
}

/** The state after a person may have corrected the key: one trial request may go now. */
export function afterCorrection(state: PaceState, now: number): PaceState {
  return state.isRefused && state.openUntil > now ? { ...state, openUntil: now, probing: false } : state;
}

/** The state after an answer that shows the service at work; the same state if there is nothing to write. */
export function afterSuccess(state: PaceState): PaceState {
  if (isClosed(state)) return state.failures === 0 ? state : { ...state, failures: 0 };
  return state.probing
    ? { ...state, openUntil: 0, openForMs: 0, openSince: 0, isRefused: false, probing: false, failures: 0 }
    : state;
}

/** The state once the trial request has its slot, at `at`. */
export function probed(state: PaceState, at: number): PaceState {
  return { ...state, probing: true, openUntil: at + probeMs };
}

function opened(state: PaceState, ms: number, now: number): PaceState {
  const openForMs = Math.min(ms, longestOpenMs);
  return {
    ...state,
    openForMs,
    openSince: isClosed(state) ? now : state.openSince,
    openUntil: now + openForMs,
    isRefused: false,
    probing: false,
    failures: 0,
    stops: state.stops + 1,
  };
}
