import { ConfigurationError, Rejected, TryLater } from '../framework/errors.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import type { Telemetry } from '../framework/telemetry.ts';
import { SlotMissed } from '../moovago/slot.ts';
import type { Pace } from './pace.ts';

/** How long deliveries rest when a person has to act first (a key, an address), in milliseconds. */
const configurationRestMs = 5 * 60_000;
/** How soon after "too many requests" it is looked up what was applied, in milliseconds. The answer is there already. */
const slowedMs = 45_000;
/** The first and the longest wait after a failure of the service, in milliseconds. */
const backoffMs = { first: 5_000, max: 5 * 60_000 };

type PaceReports = Pick<Pace, 'throttled' | 'failed' | 'stopped' | 'succeeded'>;
type Report = (pace: PaceReports, error: unknown) => Promise<{ opened: boolean }>;

type Moment = {
  now: number;
  /** From when on the pace lets requests go. */
  freeFrom: number;
  /** Deliveries of this version that failed before. */
  attempts: number;
  /** From 0 to 1. */
  chance: number;
};

/**
 * What becomes of the rows of a request that failed. `another-slot`: the same document waits for another slot. `halves`: two
 * smaller documents find the record. `refuse`: the record waits for a person. `settle`: the intent stays, as the request may
 * have been applied. `again`: the intent is taken back, and the rows are due at a moment (milliseconds since the epoch).
 */
export type RowRule =
  | { kind: 'another-slot' }
  | { kind: 'halves' }
  | { kind: 'refuse' }
  | { kind: 'settle'; withinMs?: number }
  | { kind: 'again'; isFailure: boolean; at(moment: Moment): number };

/**
 * What becomes of the prospect when a request to Clavus failed so. `refuse`: it waits for a person. `again`: the intent
 * is taken back, and the prospect is due after a back-off. `resolve`: the intent stays, as the request may have been
 * applied. `stop`: the intent is taken back, and the error ends the run. `stop-in-doubt`: the error ends the run, and
 * the intent stays.
 */
type ProspectRule = 'refuse' | 'again' | 'resolve' | 'stop' | 'stop-in-doubt';

type FailureRule = {
  /** What all senders to Moovago hear. `opened`: they rest from now on, which is an alarm. */
  report: Report;
  row: RowRule;
  /** A function where the error itself decides. */
  prospect: ProspectRule | ((error: unknown) => ProspectRule);
};

const unheard: Report = async () => ({ opened: false });

/** Moovago works: it read the document and said why not. */
const understood: Report = async (pace) => {
  await pace.succeeded();
  return { opened: false };
};

const throttled: Report = async (pace, error) => {
  await pace.throttled(error instanceof TryLater ? error.retryAfterMs : undefined);
  return { opened: false };
};

/** Doubles with every attempt. Chance takes up to half of it off, so that failures spread out. */
const afterBackoff = ({ now, attempts, chance }: Moment) =>
  now + Math.min(backoffMs.max, backoffMs.first * 2 ** Math.min(attempts, 10)) * (1 - chance / 2);

/** Every kind of failure of a request to Moovago or Clavus, and what follows from it for the sender. */
export const failureTable = {
  /** The request never left. Requests to Clavus take no slot. */
  missed: { report: unheard, row: { kind: 'another-slot' }, prospect: 'stop-in-doubt' },
  /** Something in a document of many records made Moovago refuse all of it. Clavus gets one prospect at a time. */
  divisible: { report: understood, row: { kind: 'halves' }, prospect: 'refuse' },
  /** The status is about the data that was sent, as Moovago's guide says. A prospect is sent again after it. */
  refused: { report: understood, row: { kind: 'refuse' }, prospect: 'again' },
  /** Clavus refused the one operation. Moovago's client reports that for each record instead. */
  rejected: { report: (pace) => pace.failed(), row: { kind: 'settle' }, prospect: 'refuse' },
  /** A key or an address is wrong, or a whole document was refused: a person has to act. */
  configuration: {
    report: (pace) => pace.stopped(configurationRestMs),
    row: { kind: 'again', isFailure: true, at: ({ now }) => now + configurationRestMs },
    prospect: (error) => (error instanceof OperationRefused ? 'refuse' : 'stop'),
  },
  /** The answer names the key, and does not say what was applied before. */
  doubtful: {
    report: (pace) => pace.stopped(configurationRestMs),
    row: { kind: 'settle' },
    prospect: 'stop-in-doubt',
  },
  /** The request came too early, and was not applied. */
  throttled: {
    report: throttled,
    row: { kind: 'again', isFailure: false, at: ({ now, freeFrom }) => Math.max(now, freeFrom) },
    prospect: 'again',
  },
  /** The request came too early, and may have been applied in part. */
  slowed: { report: throttled, row: { kind: 'settle', withinMs: slowedMs }, prospect: 'resolve' },
  /** The request never arrived. */
  unreachable: {
    report: (pace) => pace.failed(),
    row: { kind: 'again', isFailure: true, at: afterBackoff },
    prospect: 'again',
  },
  /** The request may have been applied, or may yet be. */
  unknown: {
    report: (pace) => pace.failed(),
    row: { kind: 'settle' },
    // A service in trouble is no error of the code.
    prospect: (error) => (error instanceof TryLater ? 'resolve' : 'stop-in-doubt'),
  },
} as const satisfies Record<string, FailureRule>;

export type FailureKind = keyof typeof failureTable;

/** What kind of failure it is. One that no rule foresees is taken for the worst: it may have been applied. */
export function failureKind(error: unknown, records: number): FailureKind {
  if (error instanceof SlotMissed) return 'missed';
  if (error instanceof Rejected) return 'rejected';
  if (error instanceof ConfigurationError) return kindOfRefusal(error, records);
  if (!(error instanceof TryLater)) return 'unknown';
  return error.applied === 'no' ? kindOfUnapplied(error, records) : error.throttled ? 'slowed' : 'unknown';
}

function kindOfRefusal(error: ConfigurationError, records: number): FailureKind {
  if (error instanceof OperationRefused && error.applied === 'unknown') return 'unknown';
  if (error instanceof OperationRefused && records > 1) return 'divisible';
  return error.applied === undefined ? 'configuration' : 'doubtful';
}

function kindOfUnapplied({ status = 0, throttled }: TryLater, records: number): FailureKind {
  if (throttled) return 'throttled';
  if (dataStatus.includes(status)) return records > 1 ? 'divisible' : 'refused';
  return 'unreachable';
}

/** Moovago's guide: a 4xx is an error in the data that was sent. */
const dataStatus = [400, 413, 422];

export const rowRuleOf = (kind: FailureKind): RowRule => failureTable[kind].row;

/** What becomes of the prospect whose request to Clavus failed. */
export function prospectRuleOf(error: unknown): ProspectRule {
  const { prospect }: FailureRule = failureTable[failureKind(error, 1)];
  return typeof prospect === 'function' ? prospect(error) : prospect;
}

/** Lets all senders hear of a request that failed. Where they rest from now on, an error says so. */
export async function reportFailure(
  kind: FailureKind,
  error: unknown,
  { pace, telemetry }: { pace: PaceReports; telemetry: Pick<Telemetry, 'log'> },
): Promise<void> {
  const { opened } = await failureTable[kind].report(pace, error);
  const reason = error instanceof Error ? error.message : String(error);
  if (opened) telemetry.log.error('deliveries-stopped', { kind, reason });
}
