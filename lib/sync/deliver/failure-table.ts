import { ConfigurationError, TryLater } from '../../framework/errors.ts';
import { OperationRefused } from '../../framework/operation-refused.ts';
import { SlotMissed } from '../../moovago/slot.ts';
import type { Pace } from '../../pace/pace.ts';

/** How long deliveries rest when a person has to act first (a key, an address), in milliseconds. */
export const configurationRestMs = 5 * 60_000;

/**
 * What can become of a request to Moovago that did not pass:
 * `missed` it never left; `divisible` something in it refused the whole document, `refused` when that was one record;
 * `configuration` a person has to act;
 * `throttled` it came too early; `unreachable` it never arrived; `unknown` it may have been applied, or may yet be.
 */
export type FailureKind =
  | 'missed'
  | 'divisible'
  | 'refused'
  | 'configuration'
  | 'throttled'
  | 'unreachable'
  | 'unknown';

/** Whatever nobody foresaw is taken for the worst: it may have been applied. */
export function failureKind(error: unknown, records: number): FailureKind {
  if (error instanceof SlotMissed) return 'missed';
  if (error instanceof OperationRefused && records > 1) return 'divisible';
  if (error instanceof ConfigurationError) return 'configuration';
  if (!(error instanceof TryLater)) return 'unknown';
  if (error.applied === 'no' && dataStatus.includes(error.status ?? 0))
    return records > 1 ? 'divisible' : 'refused';
  if (error.status === 429) return 'throttled';
  return error.applied === 'no' ? 'unreachable' : 'unknown';
}

/** Moovago's guide: a 4xx is an error in the data that was sent. */
const dataStatus = [400, 413, 422];

type PaceReports = Pick<Pace, 'throttled' | 'failed' | 'stopped' | 'succeeded'>;

/** Moovago works: it read the document and said why not. */
async function understood(pace: PaceReports): Promise<{ opened: boolean }> {
  await pace.succeeded();
  return { opened: false };
}

/** What each kind means for everybody who sends. `opened`: nobody sends for a while from now on, which is an alarm. */
const reports: Record<FailureKind, (pace: PaceReports, error: unknown) => Promise<{ opened: boolean }>> = {
  missed: async () => ({ opened: false }),
  divisible: understood,
  refused: understood,
  configuration: (pace) => pace.stopped(configurationRestMs),
  throttled: async (pace, error) => {
    await pace.throttled(error instanceof TryLater ? error.retryAfterMs : undefined);
    return { opened: false };
  },
  unreachable: (pace) => pace.failed(),
  unknown: (pace) => pace.failed(),
};

/** Tells everybody who sends what came of a request that failed. */
export const reportFailure = (kind: FailureKind, error: unknown, pace: PaceReports) =>
  reports[kind](pace, error);
