import { describe, expect, it } from 'vitest';
import { type Slot, SlotMissed } from '../../../lib/moovago/slot.ts';
import { createPace } from '../../../lib/pace/pace.ts';
import { createPaceItem, type PaceItem } from '../../../lib/pace/pace-item.ts';
import type { PaceRules } from '../../../lib/pace/pace-rules.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { memoryPaceItem } from '../../support/memory-pace-item.ts';
import { stateTable } from '../../support/state-table.ts';
import { takeSlots } from '../../support/take-slots.ts';

const start = Date.parse('2026-11-24T20:00:00+01:00');
const latest = start + 60_000;
const night: PaceRules = { otherwise: { requestsPerSecond: 5 } };

/** A process with a pace of its own on a shared item, and a way to leave at a moment, counted from the start. */
function process(item: PaceItem, rules = night) {
  const clock = fakeClock(start);
  const pace = createPace(rules, { item, clock, onReset: () => {} });
  const take = async () => {
    const { slots } = await takeSlots(pace, 1, 'live', latest);
    return slots[0] as Slot;
  };
  /** @returns when it left */
  const leave = async (slot: Slot, at: number) => {
    clock.set(start + at);
    await slot.ready();
    return clock.now() - start;
  };
  return { clock, pace, take, leave };
}

const momentsOf = async ({ pace }: ReturnType<typeof process>, count: number) =>
  (await takeSlots(pace, count, 'live', latest)).slots.map(({ at }) => at - start);

const kinds = [
  { where: 'in memory', newItem: async () => memoryPaceItem() },
  { where: 'in DynamoDB', newItem: async () => createPaceItem(await stateTable()) },
];

describe.each(kinds)('a slot, with the pace $where', ({ newItem }) => {
  it('is waited for', async () => {
    const one = process(await newItem());
    await one.take();
    expect(await one.leave(await one.take(), 30)).toBe(212);
  });

  it('is good for a request that leaves late, in its new place among the others', async () => {
    const item = await newItem();
    const one = process(item);
    const slot = await one.take();
    expect(await momentsOf(process(item), 2)).toEqual([212, 424]);
    expect(await one.leave(slot, 500)).toBe(500);
    // It may have left until 620, that of 212 until 232: 1040 ms after that one there is a place again.
    expect(await momentsOf(process(item), 4)).toEqual([636, 848, 1272, 1484]);
  });

  it('follows at half of the distance on one that had to wait for late requests', async () => {
    const item = await newItem();
    const one = process(item);
    const { slots } = await takeSlots(one.pace, 5, 'live', latest);
    for (const slot of slots) await one.leave(slot, 1000);
    // Each of them may have left until 1120. The sixth waits for the first, which may leave until 2200.
    expect(await momentsOf(process(item), 6)).toEqual([2160, 2266, 2478, 2690, 2902, 3220]);
  });

  it('is followed sooner when it was taken late while others are sent, and not after a pause', async () => {
    const item = await newItem();
    const one = process(item);
    await one.take();
    one.clock.set(start + 300);
    // 212 was free, 300 is taken: 424 is still to be had, and half of the distance away.
    expect(await momentsOf(one, 3)).toEqual([300, 424, 636]);
    one.clock.set(start + 1000);
    // 848 was free: 1060 would follow it, but for the 106 ms of distance; then a place, 1040 ms after 320, when that of 300 may have left.
    expect(await momentsOf(one, 3)).toEqual([1000, 1106, 1360]);
    one.clock.set(start + 9000);
    expect(await momentsOf(one, 3)).toEqual([9000, 9212, 9424]);
  });

  it('is missed when five others have their slots behind it', async () => {
    const item = await newItem();
    const one = process(item);
    const slot = await one.take();
    await momentsOf(process(item), 5);
    await expect(one.leave(slot, 21)).rejects.toThrow(SlotMissed);
  });

  it('is good until 20 ms later whoever else has one', async () => {
    const item = await newItem();
    const one = process(item);
    const slot = await one.take();
    await momentsOf(process(item), 5);
    expect(await one.leave(slot, 20)).toBe(20);
  });

  it('of one a second is missed when one other has its slot behind it', async () => {
    const item = await newItem();
    const slow: PaceRules = { otherwise: { requestsPerSecond: 1 } };
    const one = process(item, slow);
    const [alone, followed] = [await one.take(), await one.take()];
    await expect(one.leave(alone, 21)).rejects.toThrow(SlotMissed);
    expect(await one.leave(followed, 1500)).toBe(1500);
    // It may have left until 1620.
    expect(await momentsOf(process(item, slow), 2)).toEqual([2660, 3720]);
  });

  it('is missed when everybody had to stop meanwhile, though this process has not heard of it', async () => {
    const item = await newItem();
    const one = process(item);
    const slot = await one.take();
    await process(item).pace.throttled(undefined);
    await expect(one.leave(slot, 21)).rejects.toThrow(SlotMissed);
  });

  it('is missed when there is too little time left for its request', async () => {
    const one = process(await newItem());
    const slot = await one.take();
    // 120 ms are what it would be given.
    await expect(one.leave(slot, 59_881)).rejects.toThrow(SlotMissed);
    expect(await one.leave(slot, 59_880)).toBe(59_880);
  });
});

describe('a slot', () => {
  it('of bulk is missed when business hours have begun meanwhile', async () => {
    const clock = fakeClock('2026-11-24T07:58:29.990+01:00');
    const hours = { timezone: 'Europe/Paris', days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1110 };
    const rules = { business: { ...hours, requestsPerSecond: 1 }, otherwise: { requestsPerSecond: 5 } };
    const pace = createPace(rules, { item: memoryPaceItem(), clock, onReset: () => {} });
    const { slot } = await pace.reserve('bulk', 0, clock.now() + 60_000);
    clock.set('2026-11-24T07:58:30+01:00');
    await expect(slot?.ready()).rejects.toThrow('business hours have begun');
  });

  it('costs a write when its request is late by more than 20 ms, and none otherwise', async () => {
    const item = memoryPaceItem();
    const one = process(item);
    await one.leave(await one.take(), 20);
    expect(item.asked).toEqual({ reads: 1, writes: 1 });
    await one.leave(await one.take(), 500);
    expect(item.asked).toEqual({ reads: 2, writes: 3 });
  });

  it('gets the time that the table takes over giving it, and more where that was not enough', async () => {
    const item = memoryPaceItem();
    const given: number[] = [];
    const clock = fakeClock(start);
    const extend: PaceItem['extend'] = async (place, known, until) => {
      given.push(until - start);
      await clock.wait(200);
      return item.extend(place, known, until);
    };
    const pace = createPace(night, { item: { ...item, extend }, clock, onReset: () => {} });
    const { slot } = await pace.reserve('live', 0, latest);
    clock.set(start + 100);
    await slot?.ready();
    expect(clock.now()).toBe(start + 500);
    expect(given).toEqual([220, 620]);
  });

  it('is given up by whoever is late five times on end', async () => {
    const item = memoryPaceItem();
    const clock = fakeClock(start);
    let asked = 0;
    const extend: PaceItem['extend'] = async (...more) => {
      asked++;
      await clock.wait(1000);
      return item.extend(...more);
    };
    const pace = createPace(night, { item: { ...item, extend }, clock, onReset: () => {} });
    const { slot } = await pace.reserve('live', 0, latest);
    clock.set(start + 100);
    await expect(slot?.ready()).rejects.toThrow('the slot was 5100 ms ago');
    expect(asked).toBe(5);
  });

  it('gives a process more time at once that was late lately, less and less, and 100 ms at most', async () => {
    const item = memoryPaceItem();
    const one = process(item);
    const left = async () => {
      const slot = await one.take();
      const state = await item.read();
      const last = Math.max(state.left0, state.left1, state.left2, state.left3, state.left4);
      return { slot, ms: last - slot.at };
    };
    await one.leave((await left()).slot, 20);
    const usual = await left();
    await one.leave(usual.slot, 276);
    const more = await left();
    expect([usual.ms, more.ms]).toEqual([20, 64]);
    await one.leave(more.slot, 1500);
    const most = await left();
    expect(most.ms).toBe(120);
    for (let request = 0; request < 18; request++) await (await one.take()).ready();
    expect((await left()).ms).toBe(20);
  });

  it('is missed when the table does not answer to a late request: Moovago has nothing to do with it', async () => {
    const item = memoryPaceItem();
    const clock = fakeClock(start);
    const extend = () => Promise.reject(new Error('throttled'));
    const pace = createPace(night, { item: { ...item, extend }, clock, onReset: () => {} });
    const { slot } = await pace.reserve('live', 0, latest);
    clock.set(start + 100);
    await expect(slot?.ready()).rejects.toThrow(SlotMissed);
  });

  it('is missed after a stop of this process, whatever an answer says that was asked for before', async () => {
    const item = memoryPaceItem();
    let release = () => {};
    let isSlow = false;
    const read: PaceItem['read'] = async () => {
      const state = await item.read();
      if (isSlow) await new Promise<void>((resolve) => (release = resolve));
      return state;
    };
    const pace = createPace(night, { item: { ...item, read }, clock: fakeClock(start), onReset: () => {} });
    const { slot } = await pace.reserve('live', 0, latest);
    isSlow = true;
    const before = pace.peek('live', latest);
    await new Promise(setImmediate);
    isSlow = false;
    await pace.throttled(10_000);
    release();
    await before;
    await expect(slot?.ready()).rejects.toThrow('everybody had to stop');
  });

  it('lies far enough ahead for a table that is slow to write it', async () => {
    const item = memoryPaceItem();
    const clock = fakeClock(start);
    const change: PaceItem['change'] = async (...given) => {
      await clock.wait(180);
      return item.change(...given);
    };
    const pace = createPace(night, { item: { ...item, change }, clock, onReset: () => {} });
    const first = await pace.reserve('live', 100, latest);
    clock.set(start + 5000);
    const second = await pace.reserve('live', 100, latest);
    expect([first.slot?.at, second.slot?.at]).toEqual([start + 100, start + 5280]);
  });
});
