import { attempt } from '../framework/attempt.ts';
import type { Clock } from '../framework/clock.ts';
import { type Lane, type Slot, SlotMissed } from '../moovago/slot.ts';
import { isBulkTime } from './business-hours.ts';
import type { Place } from './pace-item.ts';
import type { PaceRules } from './pace-rules.ts';
import type { WatchedPaceItem } from './watch-pace-item.ts';

/** How much more time a late request gets at once, in milliseconds, beside the duration of the write that grants it. */
const moreMs = 120;
/** A process that stays late does better with a new slot ahead. */
const extensionsMax = 5;

export type Taken = {
  at: number;
  lane: Lane;
  place: Place;
  /** The last moment at which the request may leave without asking, as stored in the item. */
  left: number;
  /** The last moment at which it may leave at all, in milliseconds since the epoch. */
  latest: number;
  /** How many stops of all senders there had been when the slot was taken. */
  stops: number;
};

type SlotDependencies = {
  business: PaceRules['business'];
  item: WatchedPaceItem;
  clock: Clock;
  /** Called with how long after its moment the request left, in milliseconds. */
  onLeave(lateMs: number): void;
};

/**
 * A slot whose request may leave late. A later slot that takes its place relies on the moment stored there, and must
 * find it unchanged. Until then, one conditional write can move that moment.
 */
export function createSlot(taken: Taken, { business, item, clock, onLeave }: SlotDependencies): Slot {
  const { at, lane, place, latest, stops } = taken;
  let { left } = taken;

  function isLate(): boolean {
    const now = clock.now();
    if (item.latest()?.stops !== stops) throw new SlotMissed('everybody had to stop after it was reserved');
    if (lane === 'bulk' && !isBulkTime(now, business)) throw new SlotMissed('business hours have begun');
    return now > left;
  }

  async function extended(): Promise<boolean> {
    const until = clock.now() + moreMs + item.writeMs();
    if (until > latest) return false;
    // A table that does not answer says nothing about Moovago, and the request has not left.
    const more = await attempt(item.extend(place, { left, stops }, until));
    if (!more.ok || !more.value) return false;
    left = until;
    return true;
  }

  async function ready(): Promise<void> {
    await clock.wait(at - clock.now());
    for (let extensions = 0; isLate(); extensions++)
      if (extensions === extensionsMax || !(await extended()))
        throw new SlotMissed(`the slot was ${clock.now() - at} ms ago`);
    onLeave(clock.now() - at);
  }

  return { at, lane, ready };
}
