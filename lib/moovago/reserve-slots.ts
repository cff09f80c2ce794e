import type { Clock } from '../framework/clock.ts';
import type { PaceState } from '../state/pace-item.ts';
import { isClosed, probed } from './breaker.ts';
import { bulkTimeFrom, isBulkTime } from './business-hours.ts';
import type { PaceRules } from './pace-rules.ts';
import type { Reservation } from './slot.ts';
import { type Lane, type Slot, SlotMissed } from './slot.ts';
import { slowdownAt } from './throttling.ts';
import type { WatchedPaceItem } from './watch-pace-item.ts';

/**
 * How far apart the slots of a second are in all, in milliseconds. A request leaves up to `lateMaxMs` after its slot, by
 * a clock that is up to 20 ms off, and any six requests are five spaces apart: the 80 ms beyond the second cover a first
 * one that is as late as it may be (40), by a clock that is behind (20), and a sixth by a clock that is ahead (20). At 5
 * requests a second that is 216 ms, 4.63 requests a second, and never more than five of them in any second.
 */
const secondMs = 1080;
/** A slot that is missed by more than this is given up: sent late, it would meet the requests behind it. */
const lateMaxMs = 40;
/** Others may change the item between a look at it and the reservation; somebody gets through in every round. */
const roundsMax = 20;

/** Milliseconds between requests. Near the beginning of business hours already theirs: slots lie ahead. */
export function spacing(
  { business, otherwise }: PaceRules,
  at: number,
  state: PaceState | undefined,
): number {
  const slower = business !== undefined && !isBulkTime(at, business);
  const { requestsPerSecond } = slower ? business : otherwise;
  return Math.ceil((secondMs / requestsPerSecond) * (state === undefined ? 1 : slowdownAt(state, at)));
}

/** Hands out slots at even spacing, from one shared item. */
export function createSlotReservation(rules: PaceRules, item: WatchedPaceItem, clock: Clock) {
  const { business } = rules;
  /** The first moment from `at` on when the lane may be sent. */
  const laneFrom = (at: number, lane: Lane) => (lane === 'bulk' ? bulkTimeFrom(at, business) : at);

  function slotAt(at: number, lane: Lane, { stops }: PaceState): Slot {
    const check = () => {
      const now = clock.now();
      if (now > at + lateMaxMs) throw new SlotMissed(`the slot was ${now - at} ms ago`);
      if (lane === 'bulk' && !isBulkTime(now, business)) throw new SlotMissed('business hours have begun');
      if (item.latest()?.stops !== stops) throw new SlotMissed('everybody had to stop after it was reserved');
    };
    return { at, lane, check };
  }

  async function reserve(count: number, lane: Lane, earliest: number, latest: number): Promise<Reservation> {
    for (let round = 0; round < roundsMax; round++) {
      const state = await item.read();
      const from = Math.max(earliest, state.heldUntil);
      const firstAt = Math.max(from, state.nextAt);
      const until = laneFrom(Math.max(firstAt, state.openUntil), lane);
      if (until > firstAt || firstAt > latest) return { slots: [], until };
      const reservation = isClosed(state)
        ? await take(count, lane, { from, firstAt, latest }, state)
        : await claim(count, lane, firstAt, state);
      if (reservation !== undefined) return reservation;
    }
    return { slots: [], until: earliest };
  }

  /** Takes as many slots at once as there are before `latest`; `undefined` when the state is another one by now. */
  async function take(
    count: number,
    lane: Lane,
    { from, firstAt, latest }: { from: number; firstAt: number; latest: number },
    state: PaceState,
  ): Promise<Reservation | undefined> {
    const apart = spacing(rules, firstAt, state);
    const granted = Math.min(count, Math.floor((latest - firstAt) / apart) + 1);
    const lengthMs = granted * apart;
    const begin = await item.reserve(state, { from, beginBy: latest - lengthMs + apart, lengthMs });
    if (begin === undefined) return undefined;
    const slots = Array.from({ length: granted }, (_, index) => begin + index * apart)
      .filter((at) => laneFrom(at, lane) === at)
      .map((at) => slotAt(at, lane, state));
    return slots.length === count ? { slots } : { slots, until: laneFrom(begin + lengthMs, lane) };
  }

  /** Takes the right to try whether Moovago is back, with the one slot for it; `undefined` when somebody else has it. */
  async function claim(
    count: number,
    lane: Lane,
    at: number,
    state: PaceState,
  ): Promise<Reservation | undefined> {
    const next = { ...probed(state, at), nextAt: at + spacing(rules, at, state) };
    const stored = await item.write(state, next);
    if (stored === undefined) return undefined;
    const slots = [slotAt(at, lane, stored)];
    return slots.length === count ? { slots } : { slots, until: laneFrom(stored.openUntil, lane) };
  }

  return reserve;
}
