import type { Clock } from '../framework/clock.ts';
import type { Lane, Look, Reservation } from '../moovago/slot.ts';
import { isClosed, probed } from './breaker.ts';
import { bulkTimeFrom, isBulkTime } from './business-hours.ts';
import { createSlot } from './late-slot.ts';
import { type PaceState, type Place, places } from './pace-item.ts';
import type { PaceRules } from './pace-rules.ts';
import { slowdownAt } from './throttling.ts';
import type { WatchedPaceItem } from './watch-pace-item.ts';

/**
 * In milliseconds: one second, by two clocks that differ by up to 20 ms. A place is free again this long after the last
 * moment at which its request may leave. There are five places at 5 requests a second. So no second ever has more than
 * five requests, however late one leaves.
 */
const clearMs = 1040;
/** How late a request may leave without asking, in milliseconds. */
const lateMaxMs = 20;
/**
 * The sum of the distances of one second's slots, in milliseconds. If no request is later than `lateMaxMs`, a place is
 * free when its turn comes. At 5 requests a second slots are 212 ms apart, which is 4.7 requests a second.
 */
const secondMs = clearMs + lateMaxMs;
/** Another process may change the item between a read and the reservation. One process succeeds in every round. */
const roundsMax = 20;
/**
 * The most extra time, in milliseconds, for a process whose last requests were later than `lateMaxMs`. It saves the
 * write that asks for it later. A machine that delays its senders also delays the one that counts the arrivals. 100
 * still allow 4.3 requests a second.
 */
const lateMoreMaxMs = 100;
/** How much of its lateness a process remembers from one request to the next. */
const lateMemory = 0.9;

/** Milliseconds between requests. Just before business hours their pace applies already, because slots lie ahead. */
export function spacing(rules: PaceRules, at: number, state: PaceState | undefined): number {
  return Math.ceil(secondMs / rateAt(rules, at, state));
}

/** Requests a second. */
function rateAt({ business, otherwise }: PaceRules, at: number, state: PaceState | undefined): number {
  const slower = business !== undefined && !isBulkTime(at, business);
  const { requestsPerSecond } = slower ? business : otherwise;
  return requestsPerSecond / (state === undefined ? 1 : slowdownAt(state, at));
}

type Free = {
  at: number;
  place: Place;
  /** The moment after which the next slot may follow. */
  nextAt: number;
};

/**
 * The first free slot from a moment on. A slot may be taken late, or wait for a place because others left late. While
 * others are sending, the next slot then follows sooner, at no less than half of the usual distance. So one late
 * request does not delay all requests behind it.
 */
function firstFree(rules: PaceRules, from: number, state: PaceState): Free {
  const regular = Math.max(from, state.heldUntil, state.nextAt);
  const rate = rateAt(rules, regular, state);
  const size = Math.min(places.length, Math.ceil(rate));
  const place = places.toSorted((one, other) => state[other] - state[one])[size - 1] ?? places[0];
  const at = Math.max(regular, state[place] + Math.ceil((clearMs * size) / rate));
  const apart = spacing(rules, regular, state);
  const isBusy = regular - state.nextAt < secondMs;
  const due = isBusy ? state.nextAt : regular;
  return { at, place, nextAt: Math.max(due + apart, at + Math.ceil(apart / 2)) };
}

/** What one process remembers of how late its requests left. */
function createLateness() {
  let lately = 0;
  return {
    left: (lateMs: number) => {
      lately = Math.min(lateMaxMs + lateMoreMaxMs, Math.max(lateMs, lately * lateMemory));
    },
    /** How much more time its next request gets, in milliseconds. */
    moreMs: () => Math.round(Math.min(lateMoreMaxMs, Math.max(0, lately - lateMaxMs))),
  };
}

/** Gives out evenly spaced slots, from one shared item. */
export function createSlotReservation(rules: PaceRules, item: WatchedPaceItem, clock: Clock) {
  const { business } = rules;
  const lateness = createLateness();
  /** The first moment from `at` on when the lane may be sent. */
  const laneFrom = (at: number, lane: Lane) => (lane === 'bulk' ? bulkTimeFrom(at, business) : at);

  /** The first free slot for the lane, or when to look again: after an outage, after business hours, or after `latest`. */
  function freeSlot(state: PaceState, lane: Lane, aheadMs: number, latest: number): Free | { until: number } {
    const free = firstFree(rules, clock.now() + aheadMs, state);
    const until = laneFrom(Math.max(free.at, state.openUntil), lane);
    return until > free.at || free.at > latest ? { until } : free;
  }

  async function peek(lane: Lane, latest: number): Promise<Look> {
    const free = freeSlot(await item.read(), lane, 0, latest);
    return 'until' in free ? free : { at: free.at };
  }

  async function reserve(lane: Lane, aheadMs: number, latest: number): Promise<Reservation> {
    for (let round = 0; round < roundsMax; round++) {
      const state = await item.read();
      const free = freeSlot(state, lane, aheadMs + item.writeMs(), latest);
      if ('until' in free) return free;
      const { at, place, nextAt } = free;
      const left = at + lateMaxMs + lateness.moreMs();
      const taken = { ...state, nextAt, [place]: left };
      // While the breaker is open, the slot is also the right to send the trial request.
      const stored = await item.write(state, isClosed(state) ? taken : probed(taken, at));
      // Another process was faster.
      if (stored === undefined) continue;
      const { stops } = stored;
      const dependencies = { business, item, clock, onLeave: lateness.left };
      return { slot: createSlot({ at, lane, place, left, latest, stops }, dependencies) };
    }
    return { until: clock.now() };
  }

  return { peek, reserve };
}
