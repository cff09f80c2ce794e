import { ConfigurationError, TryLater } from '../../framework/errors.ts';
import { OperationRefused } from '../../framework/operation-refused.ts';
import { SlotMissed } from '../../moovago/slot.ts';
import type { Pace } from '../../pace/pace.ts';

/** How long deliveries pause if a person must act first (a key, an address), in milliseconds. */
export const configurationRestMs = 5 * 60_000;

/**
 * Why a request to Moovago did not pass. `missed`: it never left. `divisible`: something in it made Moovago refuse the
 * whole document. `refused`: the same for a single record. `configuration`: a person must act. `throttled`: it came too
 * early. `unreachable`: it never arrived. `unknown`: it may have been applied, or may still be.
 */
export type FailureKind =
  | 'missed'
  | 'divisible'
  | 'refused'
  | 'configuration'
  | 'throttled'
  | 'unreachable'
  | 'unknown';

/** An unforeseen error counts as the worst case: the request may have been applied. */
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

/** Moovago works: it read the document and gave a reason. */
async function understood(pace: PaceReports): Promise<{ opened: boolean }> {
  await pace.succeeded();
  return { opened: false };
}

/** What each kind means for all senders. `opened`: no request goes for a while from now on, which is an alarm. */
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

/** Reports a failed request to the pace, for all senders. */
export const reportFailure = (kind: FailureKind, error: unknown, pace: PaceReports) =>
  reports[kind](pace, error);
