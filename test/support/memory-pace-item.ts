import type { PaceItem, PaceState, Stretch } from '../../lib/state/pace-item.ts';

export const untouched: PaceState = {
  revision: 0,
  nextAt: 0,
  stops: 0,
  slowdown: 1,
  heldUntil: 0,
  failures: 0,
  openUntil: 0,
  openForMs: 0,
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
    reserve: async (seen: PaceState, { from, beginBy, lengthMs }: Stretch) => {
      asked.writes++;
      const begin = Math.max(from, state.nextAt);
      const sameForm = seen.nextAt >= from === state.nextAt >= from;
      if (seen.revision !== state.revision || !sameForm || begin > Math.max(from, beginBy)) return undefined;
      state = { ...state, nextAt: begin + lengthMs };
      return begin;
    },
    change: async (seen: PaceState, next: PaceState) => {
      asked.writes++;
      const { revision, nextAt } = state;
      if (seen.revision !== revision || (next.nextAt !== seen.nextAt && seen.nextAt !== nextAt))
        return undefined;
      state = { ...next, revision: revision + 1, nextAt: next.nextAt === seen.nextAt ? nextAt : next.nextAt };
      return { ...next, revision: revision + 1 };
    },
  };
}
