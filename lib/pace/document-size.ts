import type { PaceState } from './pace-item.ts';

/** Records that one request can carry: what was learned, or `max`. */
export function documentSizeOf({ documentSize }: PaceState, max: number): number {
  return documentSize === 0 ? max : Math.min(documentSize, max);
}

/** After a request could carry `records` at most; the same state where a smaller size, or this one, is known already. */
export function afterShrinking(state: PaceState, records: number): PaceState {
  const documentSize = Math.max(1, records);
  return state.documentSize > 0 && state.documentSize <= documentSize ? state : { ...state, documentSize };
}

/**
 * After a request with `sent` records passed. Only from the learned size, by one: however many requests of it pass at
 * the same time, the next size is tried before the one after it. At `max` there is nothing left to learn.
 */
export function afterGrowing(state: PaceState, sent: number, max: number): PaceState {
  if (state.documentSize !== sent) return state;
  return { ...state, documentSize: sent + 1 < max ? sent + 1 : 0 };
}
