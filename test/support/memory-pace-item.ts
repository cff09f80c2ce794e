import { type PaceItem, type PaceState, places } from '../../lib/pace/pace-item.ts';

export const untouched: PaceState = {
  revision: 0,
  nextAt: 0,
  left0: 0,
  left1: 0,
  left2: 0,
  left3: 0,
  left4: 0,
  stops: 0,
  slowdown: 1,
  heldUntil: 0,
  failures: 0,
  openUntil: 0,
  openForMs: 0,
  openSince: 0,
  isRefused: false,
  probing: false,
  documentSize: 0,
};

/** The item that the pace is kept in, in memory: every call is one atomic step, as in DynamoDB. Counts what it is asked. */
export function memoryPaceItem(
  start: Partial<PaceState> = {},
): PaceItem & { asked: Record<'reads' | 'writes', number> } {
  let state: PaceState = { ...untouched, ...start };
  const asked = { reads: 0, writes: 0 };
  return {
    asked,
    read: async () => {
      asked.reads++;
      return state;
    },
    change: async (seen: PaceState, next: PaceState) => {
      asked.writes++;
      const names = Object.keys(next) as (keyof PaceState)[];
      const changed = names.filter((name) => next[name] !== seen[name]);
      const isReservation = changed.some(isOfSlots);
      if (seen.revision !== state.revision) return undefined;
      if (isReservation && names.some((name) => isOfSlots(name) && seen[name] !== state[name]))
        return undefined;
      const revision = seen.revision + (changed.every(isOfSlots) ? 0 : 1);
      const values = Object.fromEntries(changed.map((name) => [name, next[name]]));
      state = { ...state, ...values, revision };
      return { ...next, revision };
    },
    extend: async (place, { left, stops }, until) => {
      asked.writes++;
      if (state[place] !== left || state.stops !== stops) return false;
      state = { ...state, [place]: until };
      return true;
    },
  };
}

const ofSlots: ReadonlySet<string> = new Set(['nextAt', ...places]);
const isOfSlots = (name: string) => ofSlots.has(name);
