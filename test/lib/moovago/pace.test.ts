import { describe, expect, it } from 'vitest';
import { createPace, type PaceRules } from '../../../lib/moovago/pace.ts';
import { SlotMissed } from '../../../lib/moovago/slot.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const rules: PaceRules = {
  business: {
    timezone: 'Europe/Paris',
    days: [1, 2, 3, 4, 5],
    fromMinute: 480,
    toMinute: 1110,
    requestsPerSecond: 1,
  },
  otherwise: { requestsPerSecond: 5 },
};
const tuesday = (time: string) => Date.parse(`2026-11-24T${time}+01:00`);

/** A shared item in memory, and a pace on it at a moment. */
function paceAt(start: number, item = memoryItem()) {
  const clock = fakeClock(start);
  const resets: number[] = [];
  const pace = createPace(rules, { item, clock, onReset: () => resets.push(clock.now()) });
  return { clock, pace, item, resets };
}

function memoryItem() {
  let nextAt = 0;
  return {
    reserve: async (earliest: number, lengthMs: number, latest: number) => {
      if (nextAt > latest) return undefined;
      const from = Math.max(earliest, nextAt);
      nextAt = from + lengthMs;
      return from;
    },
    nextAt: async () => nextAt,
    holdUntil: async (until: number) => {
      nextAt = Math.max(nextAt, until);
    },
    reset: async (_seen: number, now: number) => {
      nextAt = now;
      return true;
    },
  };
}

describe('the pace', () => {
  it('keeps 215 ms between requests at night', async () => {
    const at = tuesday('20:00:00');
    const { slots } = await paceAt(at).pace.reserve(6, 'bulk', at, at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 215, 430, 645, 860, 1075]);
  });

  it('keeps more than a second between requests in business hours', async () => {
    const at = tuesday('10:00:00');
    const { slots } = await paceAt(at).pace.reserve(3, 'live', at, at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 1075, 2150]);
  });

  it('goes on where others have reserved', async () => {
    const at = tuesday('20:00:00');
    const item = memoryItem();
    await paceAt(at, item).pace.reserve(2, 'live', at, at + 60_000);
    const { slots } = await paceAt(at, item).pace.reserve(1, 'live', at, at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([430]);
  });

  it('gives bulk no slot in business hours, and says when to come back', async () => {
    const at = tuesday('10:00:00');
    expect(await paceAt(at).pace.reserve(3, 'bulk', at, at + 60_000)).toEqual({
      slots: [],
      until: tuesday('18:30:00'),
    });
  });

  it('gives bulk no slot in the minute and a half before business hours', async () => {
    const at = tuesday('07:59:00');
    expect(await paceAt(at).pace.reserve(1, 'bulk', at, at + 60_000)).toEqual({
      slots: [],
      until: tuesday('18:30:00'),
    });
  });

  it('cuts the slots of a bulk reservation that runs into them', async () => {
    const at = tuesday('07:58:29');
    const { slots } = await paceAt(at).pace.reserve(10, 'bulk', at, at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 215, 430, 645, 860]);
  });

  it('has no slot after the latest moment, and says when the next one is', async () => {
    const at = tuesday('20:00:00');
    const { pace } = paceAt(at);
    await pace.rest(30_000);
    expect(await pace.reserve(1, 'live', at, at + 10_000)).toEqual({ slots: [], until: at + 30_000 });
  });

  it('puts a next moment back that no clock can have meant', async () => {
    const at = tuesday('20:00:00');
    const { pace, resets } = paceAt(at);
    await pace.rest(3_600_000);
    expect(await pace.reserve(1, 'live', at, at + 10_000)).toEqual({ slots: [], until: at });
    expect((await pace.reserve(1, 'live', at, at + 10_000)).slots).toHaveLength(1);
    expect(resets).toEqual([at]);
  });

  it('lets a slot go that was missed', async () => {
    const at = tuesday('20:00:00');
    const { pace, clock } = paceAt(at);
    const { slots } = await pace.reserve(1, 'live', at, at + 60_000);
    clock.set(at + 60);
    expect(() => slots[0]?.check()).not.toThrow();
    clock.set(at + 61);
    expect(() => slots[0]?.check()).toThrow(SlotMissed);
  });

  it('lets no bulk slot be used when business hours have begun meanwhile', async () => {
    const at = tuesday('07:58:29.990');
    const { pace, clock } = paceAt(at);
    const { slots } = await pace.reserve(1, 'bulk', at, at + 60_000);
    clock.set(at + 10);
    expect(() => slots[0]?.check()).toThrow(SlotMissed);
  });

  it('fails when the shared item cannot be reached: no slot, no request', async () => {
    const at = tuesday('20:00:00');
    const item = { ...memoryItem(), reserve: () => Promise.reject(new Error('throttled')) };
    await expect(paceAt(at, item).pace.reserve(1, 'live', at, at + 60_000)).rejects.toThrow('throttled');
  });
});
