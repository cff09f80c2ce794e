import type { Clock } from '../framework/clock.ts';
import { type PaceItem, type PaceState, places } from './pace-item.ts';

/** The longest that a shared moment may lie ahead (every wait ends after 15 minutes); beyond, a clock was wrong. */
const aheadMaxMs = 20 * 60_000;
/** In every round somebody gets through, and few have something to write. */
const roundsMax = 20;
/** A write that takes longer, in milliseconds, says nothing about the next one. */
const writeMaxMs = 500;

export type WatchedPaceItem = ReturnType<typeof watchPaceItem>;

/**
 * The shared item, with what this process saw of it last.
 * @param onReset called when a shared moment lay absurdly far ahead and was put back
 */
export function watchPaceItem(item: PaceItem, clock: Clock, onReset: () => void) {
  let latest: PaceState | undefined;
  let writeMs = 0;

  /** Remembers how long it took. */
  async function timed<Value>(write: () => Promise<Value>): Promise<Value> {
    const startedAt = clock.now();
    const value = await write();
    writeMs = Math.min(writeMaxMs, Math.max(0, clock.now() - startedAt));
    return value;
  }

  async function read(): Promise<PaceState> {
    const seen = await item.read();
    const mended = withoutFarFuture(seen, clock.now());
    latest = mended;
    if (mended !== seen && (await write(seen, mended)) !== undefined) onReset();
    return latest;
  }

  /** @returns the state as it stands now, or `undefined` when somebody else changed it meanwhile: read it again */
  async function write(seen: PaceState, next: PaceState): Promise<PaceState | undefined> {
    const stored = await timed(() => item.change(seen, next));
    // A reservation says nothing new of the rest, which others may have changed before its answer came.
    if (stored !== undefined && stored.revision > seen.revision) latest = stored;
    return stored;
  }

  /**
   * Applies a change to the newest state; one that gives the same state back writes nothing.
   * @returns the states before and after; the same one where nothing was written
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
    /** How long the last write took, in milliseconds: what is nearer has begun before its writer knows that it was written. */
    writeMs: () => writeMs,
    /** What this process saw last; `undefined` before its first look. Good for leaving work out, never for handing out slots. */
    latest: () => latest,
  };
}

/** Puts moments back that no clock can have meant; the same state where there are none. */
function withoutFarFuture(state: PaceState, now: number): PaceState {
  const moments = ['nextAt', 'heldUntil', 'openUntil', ...places] as const;
  const far = moments.filter((name) => state[name] > now + aheadMaxMs);
  if (far.length === 0) return state;
  const mended = { ...state, stops: state.stops + 1 };
  for (const name of far) mended[name] = now;
  return mended;
}
