import type { PaceState } from './pace-item.ts';

/** So many failures in a row, whoever met them, and Moovago is left alone. */
const failuresMax = 5;
const firstOpenMs = 30_000;
const longestOpenMs = 15 * 60_000;
/** How long the one request that tries may take, with what is written after it. When its sender dies, the next may try. */
const probeMs = 30_000;

/** Whether requests may go as the pace allows. Else: none before `openUntil`, and then one. */
export function isClosed({ openUntil }: PaceState): boolean {
  return openUntil === 0;
}

/**
 * After a failure of the service; the same state where there is nothing to write. While the breaker is open, only the
 * request that tries counts: the others were sent before it opened, and say nothing new.
 */
export function afterFailure(state: PaceState, now: number): PaceState {
  if (state.probing) return opened(state, Math.max(firstOpenMs, state.openForMs * 2), now);
  if (!isClosed(state)) return state;
  return state.failures + 1 < failuresMax
    ? { ...state, failures: state.failures + 1 }
    : opened(state, firstOpenMs, now);
}

/** After Moovago refused the key: nobody tries again for so long. */
export function afterRefusal(state: PaceState, ms: number, now: number): PaceState {
  return isClosed(state) || state.probing ? opened(state, ms, now) : state;
}

/** After an answer that shows the service at work; the same state where there is nothing to write. */
export function afterSuccess(state: PaceState): PaceState {
  if (isClosed(state)) return state.failures === 0 ? state : { ...state, failures: 0 };
  return state.probing ? { ...state, openUntil: 0, openForMs: 0, probing: false, failures: 0 } : state;
}

/** With the slot of the one request that tries, at `at`. */
export function probed(state: PaceState, at: number): PaceState {
  return { ...state, probing: true, openUntil: at + probeMs };
}

function opened(state: PaceState, ms: number, now: number): PaceState {
  const openForMs = Math.min(ms, longestOpenMs);
  return {
    ...state,
    openForMs,
    openUntil: now + openForMs,
    probing: false,
    failures: 0,
    stops: state.stops + 1,
  };
}
