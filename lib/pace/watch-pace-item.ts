import type { Clock } from '../framework/clock.ts';
import { type PaceItem, type PaceState, places } from './pace-item.ts';

/**
 * How far ahead a shared moment may lie, in milliseconds (every wait ends after 15 minutes). Beyond that, a clock was
 * wrong.
 */
const aheadMaxMs = 20 * 60_000;
/** One process succeeds in every round, and few have something to write. */
const roundsMax = 20;
/** A write that takes longer, in milliseconds, says nothing about the next one. */
const writeMaxMs = 500;

export type WatchedPaceItem = ReturnType<typeof watchPaceItem>;

/**
 * The shared item, with what this process last saw of it.
 * @param onReset called when a shared moment was absurdly far ahead and was reset
 */
export function watchPaceItem(item: PaceItem, clock: Clock, onReset: () => void) {
  let latest: PaceState | undefined;
  let calls = 0;
  let latestCall = 0;
  let writeMs = 0;

  /** Calls overlap. The answer to an earlier one says nothing against what a later one has shown. */
  function observe(call: number, state: PaceState): void {
    if (call < latestCall) return;
    latestCall = call;
    latest = state;
  }

  /** Remembers how long the write took. */
  async function timed<Value>(write: () => Promise<Value>): Promise<Value> {
    const startedAt = clock.now();
    const value = await write();
    writeMs = Math.min(writeMaxMs, Math.max(0, clock.now() - startedAt));
    return value;
  }

  async function read(): Promise<PaceState> {
    const call = ++calls;
    const seen = await item.read();
    const mended = withoutFarFuture(seen, clock.now());
    observe(call, mended);
    if (mended === seen) return seen;
    const stored = await write(seen, mended);
    if (stored !== undefined) onReset();
    return stored ?? mended;
  }

  /** @returns the state as it is now, or `undefined` if another process changed it meanwhile: read it again */
  async function write(seen: PaceState, next: PaceState): Promise<PaceState | undefined> {
    const call = ++calls;
    const stored = await timed(() => item.change(seen, next));
    // A reservation shows nothing new of the other attributes: other processes may have changed them meanwhile.
    if (stored !== undefined && stored.revision > seen.revision) observe(call, stored);
    return stored;
  }

  /**
   * Applies a change to the newest state. If it returns the same state, nothing is written.
   * @returns the states before and after; the same one if nothing was written
   */
  async function change(
    transition: (state: PaceState, now: number) => PaceState,
  ): Promise<{ before: PaceState; after: PaceState }> {
    for (let round = 0; round < roundsMax; round++) {
      const before = await read();
      const next = transition(before, clock.now());
      const after = next === before ? before : await write(before, next);
      if (after !== undefined) return { before, after };
    }
    throw new Error('the pace changed too often to be written');
  }

  return {
    read,
    write,
    change,
    extend: (...given: Parameters<PaceItem['extend']>) => timed(() => item.extend(...given)),
    /** How long the last write took, in milliseconds. A nearer slot would begin before its writer knows that it has it. */
    writeMs: () => writeMs,
    /** What this process last saw; `undefined` before its first read. Use it to skip work, never to give out slots. */
    latest: () => latest,
  };
}

/** Resets moments that no correct clock can have set; the same state if there are none. */
function withoutFarFuture(state: PaceState, now: number): PaceState {
  const moments = ['nextAt', 'heldUntil', 'openUntil', ...places] as const;
  const far = moments.filter((name) => state[name] > now + aheadMaxMs);
  if (far.length === 0) return state;
  const mended = { ...state, stops: state.stops + 1 };
  for (const name of far) mended[name] = now;
  return mended;
}
