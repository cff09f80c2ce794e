import type { Plan } from '../../cli/plan/plan.ts';

/** Of three folders that are as they were. */
export const emptyPlan: Plan = {
  creates: [],
  updates: [],
  adopts: [],
  ambiguous: [],
  removals: [],
  unmappable: [],
  secondary: [],
  complete: true,
  totals: {
    creates: 0,
    updates: 0,
    adopts: 0,
    ambiguous: 0,
    removals: 0,
    unmappable: 0,
    secondary: 0,
    scanned: 3,
    unchanged: 3,
    unreadable: 0,
    waiting: 0,
    standing: 0,
    leftOut: 0,
  },
  hidden: null,
  waitsFor: null,
  requests: { reading: 2, documents: 0, readBacks: 0, total: 2 },
  startsAt: '2026-11-23T09:00:00.000Z',
  endsAt: null,
};
