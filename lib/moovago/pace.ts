import type { Clock } from '../framework/clock.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { PaceItem } from '../state/pace-item.ts';
import { type BusinessHours, bulkTimeFrom, isBulkTime } from './business-hours.ts';
import { type Lane, type Slot, SlotMissed } from './slot.ts';

/** How fast, and when. Moovago's guide: at most 5 requests a second, one a second preferred, no bulk in business hours. */
export type PaceRules = {
  /** Absent: the faster pace at all hours, and bulk at any time. */
  business?: BusinessHours & { requestsPerSecond: number };
  otherwise: { requestsPerSecond: number };
};

/** The rules as configured; `sync --ignore-business-hours` leaves the business hours out. */
export function paceRules({ pace }: Pick<SyncConfig, 'pace'>, ignoreBusinessHours: boolean): PaceRules {
  const { timezone, businessHours, otherwise } = pace;
  return ignoreBusinessHours ? { otherwise } : { business: { timezone, ...businessHours }, otherwise };
}

/** Reserved slots in the order of their moments; none where `until` says when to ask again. */
export type Reservation = { slots: Slot[]; until?: number };

export type Pace = {
  /**
   * Reserves up to `count` slots, none before `earliest` and none after `latest` (milliseconds since the epoch).
   * Throws when the pace cannot be asked: no slot, no request.
   */
  reserve(count: number, lane: Lane, earliest: number, latest: number): Promise<Reservation>;
  /** Nobody sends for `ms` milliseconds: Moovago said 429. */
  rest(ms: number): Promise<void>;
  /** Whether bulk may be sent at this moment. */
  isBulkTime(at: number): boolean;
  /** Requests that fit between now and `ms` milliseconds later. */
  requestsWithin(ms: number): number;
};

/** Timers fire late and networks jitter: 200 ms apart put six requests into some seconds, 215 ms never more than five. */
const headroom = 1.075;
/** A slot that is missed by more than this is given up: sent late, it would meet the requests behind it. */
const lateMaxMs = 60;
/** The longest that the next free moment may lie ahead (`Retry-After` is cut at 15 minutes); beyond, a clock was wrong. */
const aheadMaxMs = 20 * 60_000;

export type PaceDependencies = {
  item: PaceItem;
  clock: Clock;
  /** Called when the shared moment lay absurdly far ahead and was put back. */
  onReset(): void;
};

/** The one pace that every function keeps: slots at even spacing, from one shared item. */
export function createPace(rules: PaceRules, { item, clock, onReset }: PaceDependencies): Pace {
  const { business, otherwise } = rules;

  /** Milliseconds between requests. Near the beginning of business hours already theirs: slots lie ahead. */
  function spacing(at: number): number {
    const slower = business !== undefined && !isBulkTime(at, business);
    return Math.ceil((1000 / (slower ? business.requestsPerSecond : otherwise.requestsPerSecond)) * headroom);
  }

  function slotAt(at: number, lane: Lane): Slot {
    const check = () => {
      const now = clock.now();
      if (now > at + lateMaxMs) throw new SlotMissed(`the slot was ${now - at} ms ago`);
      if (lane === 'bulk' && !isBulkTime(now, business)) throw new SlotMissed('business hours have begun');
    };
    return { at, lane, check };
  }

  /** Asked when no slot was to be had: when the next will be, after mending a moment that no clock can have meant. */
  async function nextFree(now: number): Promise<number> {
    const nextAt = await item.nextAt();
    if (nextAt <= now + aheadMaxMs) return nextAt;
    if (await item.reset(nextAt, now)) onReset();
    return now;
  }

  async function reserve(count: number, lane: Lane, earliest: number, latest: number): Promise<Reservation> {
    if (lane === 'bulk' && !isBulkTime(earliest, business))
      return { slots: [], until: bulkTimeFrom(earliest, business) };
    const apart = spacing(earliest);
    const first = await item.reserve(earliest, count * apart, latest);
    if (first === undefined) return { slots: [], until: await nextFree(earliest) };
    const slots = Array.from({ length: count }, (_, index) => slotAt(first + index * apart, lane));
    return { slots: slots.filter(({ at }) => at <= latest && (lane === 'live' || isBulkTime(at, business))) };
  }

  return {
    reserve,
    rest: (ms) => item.holdUntil(clock.now() + ms),
    isBulkTime: (at) => isBulkTime(at, business),
    requestsWithin: (ms) => Math.floor(ms / spacing(clock.now())),
  };
}
