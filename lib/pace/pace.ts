import type { Clock } from '../framework/clock.ts';
import type { Lane, Look, Reservation } from '../moovago/slot.ts';
import { afterCorrection, afterFailure, afterRefusal, afterSuccess, isClosed } from './breaker.ts';
import { isBulkTime } from './business-hours.ts';
import { afterGrowing, afterShrinking, documentSizeOf } from './document-size.ts';
import type { PaceItem, PaceState } from './pace-item.ts';
import type { PaceRules } from './pace-rules.ts';
import { createSlotReservation, spacing } from './reserve-slots.ts';
import { afterThrottling } from './throttling.ts';
import { watchPaceItem } from './watch-pace-item.ts';

/**
 * The pace that all functions share. A sender takes a slot first, and reports the outcome afterwards: `succeeded`,
 * `failed`, `throttled` or `stopped`. Every method that returns a promise rejects if the shared item cannot be reached:
 * no slot, no request. Moments are milliseconds since the epoch.
 */
export type Pace = {
  /** When the next request of the lane could go, not after the moment `latest`. It reserves nothing. */
  peek(lane: Lane, latest: number): Promise<Look>;
  /**
   * Reserves a slot, at least `aheadMs` from now and not after the moment `latest`. Call it when the request is ready:
   * later slots soon rely on a slot that lies far ahead, so it cannot be used late.
   */
  reserve(lane: Lane, aheadMs: number, latest: number): Promise<Reservation>;
  /**
   * The moment from which requests may go; in the past if nothing blocks them. Slots from before a stop are void: they
   * are missed as soon as this process learns of the stop, from this or any other method.
   */
  freeFrom(): Promise<number>;
  /** A 429: no request goes for that long (5 seconds to 15 minutes). Then all senders go at half the pace for a while. */
  throttled(retryAfterMs: number | undefined): Promise<void>;
  /**
   * The service failed: 5xx, network, time-out, or an unreadable answer. After the fifth failure in a row, from any
   * sender, no request goes for 30 seconds. Then one trial request goes; each trial that fails doubles the time.
   * @returns whether this failure opened the breaker: the moment for an alarm
   */
  failed(): Promise<{ opened: boolean }>;
  /** Moovago answered as it should, even if it refused a record. */
  succeeded(): Promise<void>;
  /**
   * The key is refused: no request goes for `ms` milliseconds; then one trial request goes.
   * @returns whether requests could go until now: the moment for an alarm
   */
  stopped(ms: number): Promise<{ opened: boolean }>;
  /** A person may have corrected a key that Moovago refused: one trial request may go at once. */
  tryKeyAgain(): Promise<void>;
  /** How many records one request can carry; `max` if nothing else was learned. */
  documentSize(max: number): Promise<number>;
  /** A refusal showed that one request can carry so many records at most. */
  shrinkTo(records: number): Promise<void>;
  /** A request with `sent` records passed. If that is the learned size, the next request may carry one more. */
  grow(sent: number, max: number): Promise<void>;
  /** Whether bulk may be sent at this moment. */
  isBulkTime(at: number): boolean;
  /** How many requests fit between now and `ms` milliseconds later; one at most while only a trial request may go. */
  requestsWithin(ms: number): number;
};

export type PaceDependencies = {
  item: PaceItem;
  clock: Clock;
  /** Called when a shared moment was absurdly far ahead and was reset. */
  onReset(): void;
};

/** The one pace of all functions. */
export function createPace(rules: PaceRules, { item: shared, clock, onReset }: PaceDependencies): Pace {
  const item = watchPaceItem(shared, clock, onReset);

  async function opens(transition: (state: PaceState, now: number) => PaceState) {
    const { before, after } = await item.change(transition);
    return { opened: isClosed(before) && !isClosed(after) };
  }

  return {
    ...createSlotReservation(rules, item, clock),
    freeFrom: async () => {
      const { heldUntil: pausedUntil, openUntil } = await item.read();
      return Math.max(pausedUntil, openUntil);
    },
    throttled: async (retryAfterMs) => {
      await item.change((state, now) => afterThrottling(state, retryAfterMs, now));
    },
    failed: () => opens(afterFailure),
    succeeded: async () => {
      // There is nearly always nothing to reset, so the item is not read. What others met since is left to the next
      // success.
      const seen = item.latest();
      if (seen === undefined || afterSuccess(seen) !== seen) await item.change(afterSuccess);
    },
    stopped: (ms) => opens((state, now) => afterRefusal(state, ms, now)),
    tryKeyAgain: async () => {
      await item.change(afterCorrection);
    },
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
    requestsWithin: (ms) => {
      const seen = item.latest();
      const fitting = Math.floor(ms / spacing(rules, clock.now(), seen));
      return seen === undefined || isClosed(seen) ? fitting : Math.min(1, fitting);
    },
  };
}
