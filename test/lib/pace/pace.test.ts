import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../../lib/pace/pace.ts';
import type { PaceRules } from '../../../lib/pace/pace-rules.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { memoryPaceItem } from '../../support/memory-pace-item.ts';
import { takeSlots } from '../../support/take-slots.ts';

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

/** A pace at a moment, on a shared item in memory. */
function paceAt(start: number, item = memoryPaceItem()) {
  const clock = fakeClock(start);
  const resets: number[] = [];
  const pace = createPace(rules, { item, clock, onReset: () => resets.push(clock.now()) });
  return { clock, pace, item, resets };
}

describe('the pace', () => {
  it('keeps 212 ms between requests at night', async () => {
    const at = tuesday('20:00:00');
    const { slots } = await takeSlots(paceAt(at).pace, 6, 'bulk', at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 212, 424, 636, 848, 1060]);
  });

  it('keeps more than a second between requests in business hours', async () => {
    const at = tuesday('10:00:00');
    const { slots } = await takeSlots(paceAt(at).pace, 3, 'live', at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 1060, 2120]);
  });

  it('goes on where others have reserved', async () => {
    const at = tuesday('20:00:00');
    const item = memoryPaceItem();
    await takeSlots(paceAt(at, item).pace, 2, 'live', at + 60_000);
    const { slots } = await takeSlots(paceAt(at, item).pace, 1, 'live', at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([424]);
  });

  it('gives bulk no slot in business hours, and says when to come back', async () => {
    const at = tuesday('10:00:00');
    expect(await takeSlots(paceAt(at).pace, 3, 'bulk', at + 60_000)).toEqual({
      slots: [],
      until: tuesday('18:30:00'),
    });
  });

  it('looks without taking anything, and says when to look again where there is nothing to take', async () => {
    const at = tuesday('20:00:00');
    const { pace, item } = paceAt(at, memoryPaceItem({ nextAt: at + 5000 }));
    expect(await pace.peek('bulk', at + 5000)).toEqual({ at: at + 5000 });
    expect(await pace.peek('bulk', at + 4999)).toEqual({ until: at + 5000 });
    expect(await paceAt(at, memoryPaceItem({ openUntil: at + 9000 })).pace.peek('live', at + 60_000)).toEqual(
      {
        until: at + 9000,
      },
    );
    const day = tuesday('10:00:00');
    expect(await paceAt(day).pace.peek('bulk', day + 60_000)).toEqual({ until: tuesday('18:30:00') });
    expect(item.asked).toEqual({ reads: 2, writes: 0 });
  });

  it('gives bulk no slot in the minute and a half before business hours', async () => {
    const at = tuesday('07:59:00');
    expect(await takeSlots(paceAt(at).pace, 1, 'bulk', at + 60_000)).toEqual({
      slots: [],
      until: tuesday('18:30:00'),
    });
  });

  it('cuts the slots of a bulk reservation that runs into them, and says when the others can go', async () => {
    const at = tuesday('07:58:29');
    const { slots, until } = await takeSlots(paceAt(at).pace, 10, 'bulk', at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 212, 424, 636, 848]);
    expect(until).toBe(tuesday('18:30:00'));
  });

  it('gives bulk no slot in business hours when the free moments before them are gone', async () => {
    const at = tuesday('07:58:25');
    const item = memoryPaceItem({ nextAt: at + 6000 });
    expect(await takeSlots(paceAt(at, item).pace, 1, 'bulk', at + 60_000)).toEqual({
      slots: [],
      until: tuesday('18:30:00'),
    });
  });

  it('keeps the pace of business hours for slots that lie in them', async () => {
    const at = tuesday('07:58:25');
    const item = memoryPaceItem({ nextAt: at + 6000 });
    const { slots } = await takeSlots(paceAt(at, item).pace, 2, 'live', at + 60_000);
    expect(slots.map((slot) => slot.at - at)).toEqual([6000, 7060]);
  });

  it('reserves no more than there is before the latest moment, and says when the next one is', async () => {
    const at = tuesday('20:00:00');
    const { pace, item } = paceAt(at);
    const { slots, until } = await takeSlots(pace, 10, 'live', at + 500);
    expect(slots.map((slot) => slot.at - at)).toEqual([0, 212, 424]);
    expect(until).toBe(at + 636);
    expect(await item.read()).toMatchObject({ nextAt: at + 636 });
  });

  it('reserves nothing beyond the latest moment when others were faster', async () => {
    const at = tuesday('20:00:00');
    const item = memoryPaceItem({ nextAt: at });
    const reservations = await Promise.all(
      [paceAt(at, item), paceAt(at, item)].map(({ pace }) => takeSlots(pace, 3, 'live', at + 900)),
    );
    expect(
      reservations.map(({ slots, until }) => ({ moments: slots.map((slot) => slot.at - at), until })),
    ).toEqual([
      { moments: [0, 424, 848], until: undefined },
      { moments: [212, 636], until: at + 1060 },
    ]);
    expect(await item.read()).toMatchObject({ nextAt: at + 1060 });
  });

  it('has no slot after the latest moment, and says when the next one is', async () => {
    const at = tuesday('20:00:00');
    const { pace } = paceAt(at, memoryPaceItem({ nextAt: at + 30_000 }));
    expect(await takeSlots(pace, 1, 'live', at + 10_000)).toEqual({ slots: [], until: at + 30_000 });
  });

  it.each([
    { name: 'next free moment', moments: { nextAt: tuesday('20:20:00.001') } },
    { name: 'moment of a request', moments: { left3: tuesday('20:20:00.001') } },
    { name: 'end of a wait', moments: { heldUntil: tuesday('23:00:00') } },
    { name: 'end of an outage', moments: { openUntil: 4e12, nextAt: 4e12 } },
  ])('puts a $name back that no clock can have meant', async ({ moments }) => {
    const at = tuesday('20:00:00');
    const { pace, resets } = paceAt(at, memoryPaceItem(moments));
    const { slots } = await takeSlots(pace, 1, 'live', at + 10_000);
    expect(slots.map((slot) => slot.at)).toEqual([at]);
    expect(resets).toEqual([at]);
  });

  it('leaves moments alone that a long wait can explain', async () => {
    const at = tuesday('20:00:00');
    const nextAt = tuesday('20:20:00');
    const { pace, resets } = paceAt(at, memoryPaceItem({ nextAt }));
    expect(await takeSlots(pace, 1, 'live', at + 10_000)).toEqual({ slots: [], until: nextAt });
    expect(resets).toEqual([]);
  });

  it('costs one read and one write for a reservation, and nothing for a success', async () => {
    const at = tuesday('20:00:00');
    const { pace, item } = paceAt(at);
    await pace.reserve('live', 0, at + 60_000);
    for (let request = 0; request < 4; request++) {
      await pace.succeeded();
      await pace.grow(25, 25);
    }
    expect(item.asked).toEqual({ reads: 1, writes: 1 });
  });

  it('knows how many requests fit into a time', () => {
    expect(paceAt(tuesday('20:00:00')).pace.requestsWithin(60_000)).toBe(283);
    expect(paceAt(tuesday('10:00:00')).pace.requestsWithin(60_000)).toBe(56);
  });

  it.each([
    ['reserve', (pace: Pace) => pace.reserve('live', 0, 1000)],
    ['peek', (pace: Pace) => pace.peek('live', 1000)],
    ['freeFrom', (pace: Pace) => pace.freeFrom()],
    ['throttled', (pace: Pace) => pace.throttled(undefined)],
    ['failed', (pace: Pace) => pace.failed()],
    ['stopped', (pace: Pace) => pace.stopped(1000)],
    ['documentSize', (pace: Pace) => pace.documentSize(25)],
    ['shrinkTo', (pace: Pace) => pace.shrinkTo(12)],
  ])('fails when the shared item cannot be reached: %s', async (_, call) => {
    const item = { ...memoryPaceItem(), read: () => Promise.reject(new Error('throttled')) };
    await expect(call(paceAt(tuesday('20:00:00'), item).pace)).rejects.toThrow('throttled');
  });

  it.each([
    ['reserve', (pace: Pace) => pace.reserve('live', 0, tuesday('20:01:00'))],
    ['throttled', (pace: Pace) => pace.throttled(undefined)],
    ['failed', (pace: Pace) => pace.failed()],
  ])('fails when the shared item cannot be written: %s', async (_, call) => {
    const refuse = () => Promise.reject(new Error('throttled'));
    const item = { ...memoryPaceItem(), change: refuse };
    await expect(call(paceAt(tuesday('20:00:00'), item).pace)).rejects.toThrow('throttled');
  });
});
