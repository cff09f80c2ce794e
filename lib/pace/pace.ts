import type { Clock } from '../framework/clock.ts';
import type { Lane, Look, Reservation } from '../moovago/slot.ts';
import { afterFailure, afterRefusal, afterSuccess, isClosed } from './breaker.ts';
import { isBulkTime } from './business-hours.ts';
import { afterGrowing, afterShrinking, documentSizeOf } from './document-size.ts';
import type { PaceItem, PaceState } from './pace-item.ts';
import type { PaceRules } from './pace-rules.ts';
import { createSlotReservation, spacing } from './reserve-slots.ts';
import { afterThrottling } from './throttling.ts';
import { watchPaceItem } from './watch-pace-item.ts';

/**
 * The pace that all functions share. Whoever sends to Moovago takes a slot first, and says afterwards what came of it:
 * `succeeded`, `failed`, `throttled` or `stopped`. Every method that returns a promise rejects when the shared item
 * cannot be reached: no slot, no request. Moments are milliseconds since the epoch.
 */
export type Pace = {
  /** When the next request of the lane could go, not after the moment `latest`. Nothing is reserved by it. */
  look(lane: Lane, latest: number): Promise<Look>;
  /**
   * Reserves a slot, at least `aheadMs` from now and not after the moment `latest`. Ask when the request is ready: a slot that
   * lies far ahead is one that others count on, and cannot be used late.
   */
  reserve(lane: Lane, aheadMs: number, latest: number): Promise<Reservation>;
  /**
   * The moment from which requests may go; in the past when nothing is in their way. Slots from before a stop are void:
   * they are missed as soon as this process has heard of the stop, from here or from any other method.
   */
  freeFrom(): Promise<number>;
  /** A 429: nobody sends for so long (5 seconds to 15 minutes), and everybody goes at half the pace for a while. */
  throttled(retryAfterMs: number | undefined): Promise<void>;
  /**
   * The service failed: 5xx, network, time-out, an answer that is none. The fifth time in a row, whoever met the
   * others, nobody sends for 30 seconds; then one request tries, and each one that fails doubles the time.
   * @returns whether this failure was the fifth: the moment for an alarm
   */
  failed(): Promise<{ opened: boolean }>;
  /** Moovago answered as it should, if only to refuse a record. */
  succeeded(): Promise<void>;
  /**
   * The key is refused: nobody sends for `ms` milliseconds; then one request tries.
   * @returns whether everybody could send until now: the moment for an alarm
   */
  stopped(ms: number): Promise<{ opened: boolean }>;
  /** Records that one request can carry, `max` where nothing else was learned. */
  documentSize(max: number): Promise<number>;
  /** One request can carry so many records at most, as a refusal showed. */
  shrinkTo(records: number): Promise<void>;
  /** A request with `sent` records passed: if that is all that one can carry, the next may carry one more. */
  grow(sent: number, max: number): Promise<void>;
  /** Whether bulk may be sent at this moment. */
  isBulkTime(at: number): boolean;
  /** Requests that fit between now and `ms` milliseconds later. */
  requestsWithin(ms: number): number;
};

export type PaceDependencies = {
  item: PaceItem;
  clock: Clock;
  /** Called when a shared moment lay absurdly far ahead and was put back. */
  onReset(): void;
};

/** The one pace that every function keeps. */
export function createPace(rules: PaceRules, { item: shared, clock, onReset }: PaceDependencies): Pace {
  const item = watchPaceItem(shared, clock, onReset);

  async function opens(transition: (state: PaceState, now: number) => PaceState) {
    const { before, after } = await item.change(transition);
    return { opened: isClosed(before) && !isClosed(after) };
  }

  return {
    ...createSlotReservation(rules, item, clock),
    freeFrom: async () => {
      const { heldUntil, openUntil } = await item.read();
      return Math.max(heldUntil, openUntil);
    },
    throttled: async (retryAfterMs) => {
      await item.change((state, now) => afterThrottling(state, retryAfterMs, now));
    },
    failed: () => opens(afterFailure),
    succeeded: async () => {
      // Nearly always there is nothing to reset, and nothing to ask. What others met since is for the next success.
      const seen = item.latest();
      if (seen === undefined || afterSuccess(seen) !== seen) await item.change(afterSuccess);
    },
    stopped: (ms) => opens((state, now) => afterRefusal(state, ms, now)),
    documentSize: async (max) => documentSizeOf(await item.read(), max),
    shrinkTo: async (records) => {
      await item.change((state) => afterShrinking(state, records));
    },
    grow: async (sent, max) => {
      const seen = item.latest();
      if (seen === undefined || afterGrowing(seen, sent, max) !== seen)
        await item.change((state) => afterGrowing(state, sent, max));
    },
    isBulkTime: (at) => isBulkTime(at, rules.business),
    requestsWithin: (ms) => Math.floor(ms / spacing(rules, clock.now(), item.latest())),
  };
}
