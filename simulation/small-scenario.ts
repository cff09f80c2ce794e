import type { FaultKind } from './fault-kinds.ts';
import type { Plan } from './plan.ts';

const minuteMs = 60_000;

/** Two folders are imported and one is edited, on a Tuesday at noon, with nothing going wrong by itself. */
export const smallScenario = (plan: Plan): Plan => ({
  ...plan,
  isCalm: false,
  startsAt: Date.parse('2026-11-24T11:00:00Z'),
  quietAt: Date.parse('2026-11-24T11:04:00Z'),
  silenceMs: 5 * minuteMs,
  pollEveryMs: 2 * minuteMs,
  faults: new Map<FaultKind, number>(),
  lateMs: 1_000,
  listLagMs: 1_000,
  settleAfterMs: 65_000,
  pageSize: 1,
  bulkAbove: 100,
  recordsPerRequest: 25,
  businessRate: 5,
  tableMs: 2,
  clavusMs: 5,
  moovagoMs: 10,
  moovagoWorksMs: 5,
  folders: 2,
  edits: 1,
  isNumbered: true,
  hasNotes: true,
  marker: 'note',
  readBack: 'all',
  isReadable: true,
  isRecognisable: true,
  isMatching: true,
  hasProspects: false,
  refreshEveryMs: 60 * minuteMs,
  customers: 0,
  hasOwners: false,
  blanks: 'keep',
  cityPolicy: 'clavus',
  pilot: 0,
});
