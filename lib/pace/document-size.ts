import type { PaceState } from './pace-item.ts';

/** How many records one request can carry: the learned size, or `max`. */
export function documentSizeOf({ documentSize }: PaceState, max: number): number {
  return documentSize === 0 ? max : Math.min(documentSize, max);
}

/**
 * The state after a request could carry `records` at most; the same state if this size, or a smaller one, is known
 * already.
 */
export function afterShrinking(state: PaceState, records: number): PaceState {
  const documentSize = Math.max(1, records);
  return state.documentSize > 0 && state.documentSize <= documentSize ? state : { ...state, documentSize };
}

/**
 * The state after a request with `sent` records passed. The size grows only from the learned size, and by one. So each
 * size is tried before the next, even if many requests pass at the same time. At `max` there is nothing left to learn.
 */
export function afterGrowing(state: PaceState, sent: number, max: number): PaceState {
  if (state.documentSize !== sent) return state;
  return { ...state, documentSize: sent + 1 < max ? sent + 1 : 0 };
}
