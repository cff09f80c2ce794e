import type { Clock } from '../framework/clock.ts';
import type { PaceItem, PaceState } from '../state/pace-item.ts';

/** The longest that a shared moment may lie ahead (every wait ends after 15 minutes); beyond, a clock was wrong. */
const aheadMaxMs = 20 * 60_000;
/** In every round somebody gets through, and few have something to write. */
const roundsMax = 20;

export type WatchedPaceItem = ReturnType<typeof watchPaceItem>;

/**
 * The shared item, with what this process saw of it last.
 * @param onReset called when a shared moment lay absurdly far ahead and was put back
 */
export function watchPaceItem(item: PaceItem, clock: Clock, onReset: () => void) {
  let latest: PaceState | undefined;

  async function read(): Promise<PaceState> {
    const seen = await item.read();
    const mended = withoutFarFuture(seen, clock.now());
    latest = mended;
    if (mended !== seen && (await write(seen, mended)) !== undefined) onReset();
    return latest;
  }

  /** @returns the state as it stands now, or `undefined` when somebody else changed it meanwhile: read it again */
  async function write(seen: PaceState, next: PaceState): Promise<PaceState | undefined> {
    const stored = await item.change(seen, next);
    latest = stored ?? latest;
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
    reserve: item.reserve,
    /** What this process saw last; `undefined` before its first look. Good for leaving work out, never for handing out slots. */
    latest: () => latest,
  };
}

/** Puts moments back that no clock can have meant; the same state where there are none. */
function withoutFarFuture(state: PaceState, now: number): PaceState {
  const { nextAt, heldUntil, openUntil, stops } = state;
  if (Math.max(nextAt, heldUntil, openUntil) <= now + aheadMaxMs) return state;
  const back = (at: number) => (at > now + aheadMaxMs ? now : at);
  return {
    ...state,
    nextAt: back(nextAt),
    heldUntil: back(heldUntil),
    openUntil: back(openUntil),
    stops: stops + 1,
  };
}
