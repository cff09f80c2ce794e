import { ConfigurationError, TryLater } from '../framework/errors.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import type { Telemetry } from '../framework/telemetry.ts';
import { SlotMissed } from '../moovago/slot.ts';
import type { Pace } from './pace.ts';

/** How long deliveries rest when a person has to act first (a key, an address), in milliseconds. */
const configurationRestMs = 5 * 60_000;
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
  | { kind: 'settle' }
  | { kind: 'again'; isFailure: boolean; at(moment: Moment): number };

type FailureRule = {
  /** What all senders hear. `opened`: they rest from now on, which is an alarm. */
  report: Report;
  row: RowRule;
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

/** Every kind of failure of a request to Moovago, and what follows from it. */
export const failureTable = {
  /** The request never left. */
  missed: { report: unheard, row: { kind: 'another-slot' } },
  /** Something in a document of many records made Moovago refuse all of it. */
  divisible: { report: understood, row: { kind: 'halves' } },
  /** Moovago refused the one record of a document. */
  refused: { report: understood, row: { kind: 'refuse' } },
  /** A key or an address is wrong: a person has to act. */
  configuration: {
    report: (pace) => pace.stopped(configurationRestMs),
    row: { kind: 'again', isFailure: true, at: ({ now }) => now + configurationRestMs },
  },
  /** Moovago names the key, in an answer that does not say what was applied before. */
  doubtful: { report: (pace) => pace.stopped(configurationRestMs), row: { kind: 'settle' } },
  /** The request came too early, and was not applied. */
  throttled: {
    report: throttled,
    row: { kind: 'again', isFailure: false, at: ({ now, freeFrom }) => Math.max(now, freeFrom) },
  },
  /** The request came too early, and may have been applied in part. */
  slowed: { report: throttled, row: { kind: 'settle' } },
  /** The request never arrived. */
  unreachable: {
    report: (pace) => pace.failed(),
    row: { kind: 'again', isFailure: true, at: afterBackoff },
  },
  /** Moovago may have applied the request, or may yet do so. */
  unknown: { report: (pace) => pace.failed(), row: { kind: 'settle' } },
} as const satisfies Record<string, FailureRule>;

export type FailureKind = keyof typeof failureTable;

/** What kind of failure it is. One that no rule foresees is taken for the worst: it may have been applied. */
export function failureKind(error: unknown, records: number): FailureKind {
  if (error instanceof SlotMissed) return 'missed';
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
