import { Chance } from './chance.ts';
import { type FaultKind, faultKinds, faultRates, isAtTheWire } from './fault-kinds.ts';
import { drawTenant } from './tenant.ts';
import { drawWire } from './wire/wire-plan.ts';

const minuteMs = 60_000;

/** How long the functions of serverless.yml may run, in milliseconds. */
export const timeoutMs = {
  refresh: 300_000,
  poll: 600_000,
  feed: 50_000,
  write: 60_000,
  reconcile: 900_000,
  webhook: 29_000,
} as const;
/** Until a company that a rep makes has rested, is a prospect, and is converted, in minutes. */
const prospectsTakeMin = 60;

/** What makes a run smaller or tamer than its seed has drawn it: how a failure is shrunk, and told. */
export type PlanChanges = {
  /** Kinds of faults that are switched off. */
  without?: readonly FaultKind[];
  folders?: number;
  edits?: number;
  /** Whether the real clients talk HTTP to the fakes. */
  wire?: boolean;
};

/** Everything that a seed decides before its run begins. Times are milliseconds. */
export type Plan = ReturnType<typeof drawPlan>;

const starts = [
  '2026-11-20T17:20:00Z', // Friday 18:20, ten minutes before the bulk window opens
  '2026-11-23T06:50:00Z', // Monday 07:50, ten minutes before it closes
  '2026-11-23T06:57:30Z', // and a minute before the last bulk document may leave
  '2026-07-13T05:50:00Z', // the same in summer
  '2026-07-17T16:20:00Z',
  '2026-10-25T00:30:00Z', // the hour that happens twice
  '2027-03-28T00:30:00Z', // the hour that does not happen
  '2026-10-25T22:00:00Z', // the night after, until Monday morning comes
  '2027-03-29T04:30:00Z', // Easter Monday: not in the rule, a weekday like any other
  '2026-12-31T22:40:00Z', // the end of a month and of a year
  '2026-11-24T11:00:00Z', // a Tuesday at noon
] as const;

function drawFaults(chance: Chance, { without = [], wire = false }: PlanChanges): Map<FaultKind, number> {
  const rates = new Map<FaultKind, number>();
  // Where all goes wrong at once, little is written before it is quiet.
  const share = wire ? chance.pick('share', [0.06, 0.2, 0.5]) : 0.5;
  for (const kind of faultKinds) {
    const draw = chance.of(kind);
    const isOff = without.includes(kind) || (isAtTheWire(kind) && !wire);
    if (draw.hits('on', share) && !isOff) rates.set(kind, draw.pick('rate', faultRates[kind]));
  }
  return rates;
}

/** Bounds of Moovago that the protocol rests on: applied L after it was sent, listed G after it was applied. */
function drawBounds(chance: Chance) {
  const lateMs = chance.pick('late', [0, 30_000, 60_000]);
  const listLagMs = chance.pick('list-lag', [0, 5_000, 60_000]);
  const least = timeoutMs.write + lateMs + listLagMs + 2_000;
  return { lateMs, listLagMs, settleAfterMs: chance.pick('settle', [least, 15 * minuteMs]) };
}

function drawWorkload(chance: Chance, { folders, edits }: PlanChanges) {
  const crowd = chance.hits('crowd', 0.15);
  const takesBack = chance.hits('takes back', 0.1);
  return {
    folders: folders ?? (crowd ? chance.between('folders', 8, 14) : chance.between('folders', 1, 6)),
    edits: edits ?? chance.between('edits', 0, crowd ? 20 : 8),
    /** Every other edit is taken back a poll or so later: A→B→A, whatever became of B. */
    takesBack,
    /** Every edit also raises a number in the record, so that a stale write shows at once; without it A→B→A is common. */
    isNumbered: !takesBack && chance.hits('numbered', 0.5),
    hasNotes: chance.hits('notes', 0.5),
  };
}

function drawConfig(chance: Chance) {
  return {
    /** Lambda often gives fewer messages than it may. */
    batchMax: chance.pick('batch', [1, 3, 250]),
    pageSize: chance.pick('page-size', [1, 2, 3, 200]),
    bulkAbove: chance.pick('bulk-above', [0, 2, 100]),
    recordsPerRequest: chance.pick('records', [1, 2, 25]),
    businessRate: chance.pick('business-rate', [1, 5]),
    otherRate: chance.pick('other-rate', [5, 2]),
  };
}

/** Many changes at once, a request for each, and three writers: what the pace is for. */
function drawRush(chance: Chance, { folders, edits }: PlanChanges) {
  if (!chance.hits('rush', 0.12)) return { isRush: false };
  return {
    isRush: true,
    folders: folders ?? chance.between('folders', 24, 48),
    edits: edits ?? chance.between('edits', 12, 24),
    batchMax: chance.pick('batch', [8, 16]),
    bulkAbove: chance.pick('bulk-above', [0, 1_000]),
    recordsPerRequest: 1,
    businessRate: 5,
    otherRate: 5,
    pageSize: 200,
  };
}

/** Latencies stand at their extremes half of the time. */
function drawLatencies(chance: Chance) {
  return {
    tableMs: chance.pick('table', [1, 6, 40]),
    clavusMs: chance.pick('clavus', [5, 200, 2_000]),
    moovagoMs: chance.pick('moovago', [2, 80, 900]),
    moovagoWorksMs: chance.pick('works', [1, 150, 4_000]),
  };
}

/** Much bulk under way, a record at a time over a slow network, while its window closes on a Monday. */
function drawClosing(chance: Chance, { folders }: PlanChanges) {
  if (!chance.hits('closing', 0.03)) return {};
  return {
    startsAt: Date.parse('2026-11-23T07:00:00Z') - chance.between('before closing', 50_000, 80_000),
    folders: folders ?? chance.between('folders', 16, 30),
    bulkAbove: 0,
    recordsPerRequest: 1,
    otherRate: 1,
    businessRate: 1,
    moovagoMs: 900,
    pilot: 0,
  };
}

export function drawPlan(seed: number, changes: PlanChanges = {}) {
  const chance = new Chance(seed).of('plan');
  const isCalm = chance.hits('calm', 0.15);
  const closing = drawClosing(chance, changes);
  const startsAt = closing.startsAt ?? Date.parse(chance.pick('start', starts));
  const tenant = drawTenant(chance.of('tenant'));
  return {
    seed,
    isCalm,
    startsAt,
    /** From here on nothing fails, and all must converge. */
    quietAt:
      startsAt +
      (chance.pick('faults-for', [15, 30, 60]) + (tenant.hasProspects ? prospectsTakeMin : 0)) * minuteMs,
    /** The directory and Moovago's companies are read. */
    refreshEveryMs: (tenant.hasProspects ? chance.pick('refresh-every', [5, 15]) : 60) * minuteMs,
    /** So long nothing may happen once all has converged. */
    silenceMs: chance.pick('silence', [15, 60]) * minuteMs,
    pollEveryMs: chance.pick('poll-every', [5, 10]) * minuteMs,
    visibilityMs: chance.pick('visibility', [20_000, 61_000]),
    faults: isCalm ? new Map<FaultKind, number>() : drawFaults(chance.of('faults'), changes),
    ...drawBounds(chance),
    ...drawConfig(chance),
    ...drawLatencies(chance),
    ...drawWorkload(chance, changes),
    ...drawRush(chance, changes),
    /** Polls have a second each, later five, so that scans go on in the next one. */
    isHasty: chance.hits('hasty', 0.2),
    ...tenant,
    ...closing,
    /** How the servers speak, where the real clients read them. */
    wire: changes.wire ? drawWire(chance.of('wire')) : undefined,
    /** Clavus' columns have other ids than before. */
    areColumnsRemade: false,
    /** Whether `match` has its rules in another order. */
    isMatchReordered: false,
  };
}
