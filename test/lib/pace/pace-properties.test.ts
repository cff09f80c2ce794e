import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt } from '../../../lib/framework/attempt.ts';
import type { Slot } from '../../../lib/moovago/slot.ts';
import { createPace, type Pace } from '../../../lib/pace/pace.ts';
import type { PaceItem } from '../../../lib/pace/pace-item.ts';
import { afterThrottling, slowdownAt } from '../../../lib/pace/throttling.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { memoryPaceItem, untouched } from '../../support/memory-pace-item.ts';
import { takeSlots } from '../../support/take-slots.ts';

const start = Date.parse('2026-11-24T20:00:00+01:00');
const rules = { otherwise: { requestsPerSecond: 5 } };
const horizonMs = 20_000;

const paceOn = (item: PaceItem, clock = fakeClock(start)) =>
  createPace(rules, { item, clock, onReset: () => {} });

const sorted = (moments: readonly number[]) => moments.toSorted((one, other) => one - other);
const gaps = (moments: readonly number[]) =>
  sorted(moments).flatMap((at, index, all) => (index === 0 ? [] : [at - (all[index - 1] ?? 0)]));

/** The most arrivals in any second. */
function peakPerSecond(arrivals: readonly number[]): number {
  return Math.max(
    0,
    ...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 1000).length),
  );
}

/** The item, with every call held back until the scheduler lets it through. */
function scheduled(scheduler: fc.Scheduler, item: PaceItem): PaceItem {
  return {
    read: scheduler.scheduleFunction(item.read),
    change: scheduler.scheduleFunction(item.change),
    extend: scheduler.scheduleFunction(item.extend),
  };
}

/** The moments of the slots that it brings. */
type Action = (pace: Pace) => Promise<number[]>;
const reserving: Action = async (pace) =>
  (await takeSlots(pace, 2, 'live', start + horizonMs)).slots.map(({ at }) => at);
const reporting =
  (report: (pace: Pace) => Promise<unknown>): Action =>
  async (pace) => {
    await report(pace);
    return [];
  };
const actions: Action[] = [
  reserving,
  reserving,
  reserving,
  reporting((pace) => pace.throttled(undefined)),
  reporting((pace) => pace.failed()),
  reporting((pace) => pace.succeeded()),
  reporting((pace) => pace.shrinkTo(3)),
];

/** On one time axis, with clocks that are up to 20 ms off it. */
const worker = fc.record({
  aheadMs: fc.integer({ min: -20, max: 20 }),
  /** How long the table takes over every write. */
  writeMs: fc.constantFrom(0, 5, 90, 130, 700),
  requests: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 4000 }),
      /** How late its sender wakes up, and then is again after each answer of the table. */
      lateMs: fc.constantFrom(0, 0, 1, 19, 20, 21, 60, 200, 1000, 4000),
    }),
    { maxLength: 12 },
  ),
});
type Worker = typeof worker extends fc.Arbitrary<infer Value> ? Value : never;

/** When requests reach Moovago, in the order of time: whatever is late meets what others reserved meanwhile. */
async function arrivalsOf(workers: readonly Worker[]): Promise<number[]> {
  const item = memoryPaceItem();
  const arrivals: number[] = [];
  const events: { at: number; run(): Promise<void> }[] = [];
  for (const { aheadMs, writeMs, requests } of workers) {
    const clock = fakeClock(start);
    const slow: PaceItem = {
      ...item,
      extend: async (...given) => {
        const isMore = await item.extend(...given);
        await clock.wait(writeMs);
        return isMore;
      },
    };
    const pace = paceOn(slow, clock);
    const at = (moment: number, run: () => Promise<void>) =>
      events.push({
        at: moment,
        run: () => {
          clock.set(moment + aheadMs);
          return run();
        },
      });
    const send = (slot: Slot) => async () => {
      const sent = await attempt(slot.ready());
      if (sent.ok) arrivals.push(clock.now() - aheadMs);
    };
    for (const request of requests)
      at(start + request.at, async () => {
        const { slot } = await pace.reserve('live', 0, start + horizonMs);
        if (slot) at(slot.at - aheadMs + request.lateMs, send(slot));
      });
  }
  for (;;) {
    const next = events.reduce((one, other) => (other.at < one.at ? other : one), {
      at: Infinity,
      run: async () => {},
    });
    if (!events.includes(next)) return arrivals;
    events.splice(events.indexOf(next), 1);
    await next.run();
  }
}

describe('the spacing', () => {
  it('keeps five arrivals a second at most, by clocks that are 20 ms off and senders that are late by whatever they like', async () => {
    let late = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(worker, { minLength: 2, maxLength: 5 }), async (workers) => {
        const arrivals = await arrivalsOf(workers);
        late += workers.flatMap(({ requests }) => requests).length - arrivals.length;
        expect(peakPerSecond(arrivals)).toBeLessThanOrEqual(5);
      }),
      { numRuns: 500 },
    );
    // Some come too late for what others count on.
    expect(late).toBeGreaterThan(0);
  });

  it('is that tight: the worst that it allows is five in a second, and one millisecond more would be six', async () => {
    const { slots } = await takeSlots(paceOn(memoryPaceItem()), 6, 'live', start + horizonMs);
    const worst = slots.map(({ at }, index) => (index === 0 ? at + 20 + 20 : at - 20));
    expect(peakPerSecond(worst)).toBe(5);
    expect(peakPerSecond([(worst[0] ?? 0) + 1, ...worst.slice(1)])).toBe(6);
  });

  it('allows at least 4.7 requests a second', () => {
    expect(paceOn(memoryPaceItem()).requestsWithin(100_000)).toBeGreaterThanOrEqual(470);
  });

  it('is kept under any interleaving of workers, whatever else they report meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.array(fc.constantFrom(...actions), { maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        async (scheduler, workers) => {
          const item = memoryPaceItem();
          const moments: number[] = [];
          const run = async (work: readonly Action[]) => {
            const pace = paceOn(scheduled(scheduler, item));
            for (const action of work) moments.push(...(await action(pace)));
          };
          await scheduler.waitFor(Promise.all(workers.map(run)));
          expect(Math.min(212, ...gaps(moments))).toBe(212);
        },
      ),
    );
  });

  it('has no slot in a wait, and none in an outage, for whoever asks after it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, keyRefused) => {
        const item = memoryPaceItem();
        const asking = paceOn(scheduled(scheduler, item));
        const reserve = () => takeSlots(asking, 1, 'live', start + 10 * horizonMs);
        const before = [reserve(), reserve()];
        const stop = paceOn(scheduled(scheduler, item));
        const after = (keyRefused ? stop.stopped(60_000) : stop.throttled(60_000)).then(reserve);
        await scheduler.waitFor(Promise.all([...before, after]));
        for (const { at } of (await after).slots) expect(at).toBeGreaterThanOrEqual(start + 60_000);
        // What was handed out before the stop is void by now.
        const early = (await Promise.all(before))
          .flatMap(({ slots }) => slots)
          .filter(({ at }) => at < start + 60_000);
        for (const slot of early) await expect(slot.ready()).rejects.toThrow('everybody had to stop');
      }),
    );
  });
});

describe('the breaker', () => {
  it('lets exactly one try, however the calls of many interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, callers) => {
        const item = memoryPaceItem({ openUntil: start - 1, openForMs: 30_000, stops: 1 });
        const reservations = await scheduler.waitFor(
          Promise.all(
            Array.from({ length: callers }, () =>
              takeSlots(paceOn(scheduled(scheduler, item)), 3, 'live', start + horizonMs),
            ),
          ),
        );
        expect(
          reservations.map(({ slots }) => slots.map(({ at }) => at)).filter(({ length }) => length > 0),
        ).toEqual([[start]]);
        expect(reservations.map(({ until }) => until)).toEqual(reservations.map(() => start + 30_000));
      }),
    );
  });

  it('says that it opened exactly once, however many fail at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 5, max: 9 }), async (scheduler, failures) => {
        const item = memoryPaceItem();
        const outcomes = await scheduler.waitFor(
          Promise.all(Array.from({ length: failures }, () => paceOn(scheduled(scheduler, item)).failed())),
        );
        expect(outcomes.filter(({ opened }) => opened)).toEqual([{ opened: true }]);
      }),
    );
  });
});

describe('what a 429 asks for', () => {
  it('is a wait of 5 seconds to 15 minutes, whatever rubbish it is', () => {
    const rubbish = fc.oneof(
      fc.constant(undefined),
      fc.double(),
      fc.integer(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 0.5, 1e9, 1e300),
    );
    fc.assert(
      fc.property(rubbish, rubbish, (first, second) => {
        const waiting = afterThrottling(untouched, first, start);
        expect(waiting.heldUntil - start).toBeGreaterThanOrEqual(5000);
        expect(waiting.heldUntil - start).toBeLessThanOrEqual(900_000);
        expect(Number.isInteger(waiting.heldUntil)).toBe(true);
        const longer = afterThrottling(waiting, second, start + 1);
        expect(longer.heldUntil).toBeGreaterThanOrEqual(waiting.heldUntil);
        expect(longer.heldUntil - start).toBeLessThanOrEqual(900_001);
        expect(longer.slowdown).toBe(2);
      }),
    );
  });

  it.each([
    { asked: undefined, waits: 5000 },
    { asked: 0, waits: 5000 },
    { asked: -60_000, waits: 5000 },
    { asked: Number.NaN, waits: 5000 },
    { asked: 5001.5, waits: 5002 },
    { asked: 1e9, waits: 900_000 },
    { asked: Number.POSITIVE_INFINITY, waits: 900_000 },
  ])('of $asked is a wait of $waits ms', ({ asked, waits }) => {
    expect(afterThrottling(untouched, asked, start)).toEqual({
      ...untouched,
      slowdown: 2,
      heldUntil: start + waits,
      stops: 1,
    });
  });

  it('wears off within three minutes, never faster than it is slow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer({ min: 0, max: 60_000 }),
        (waits, later, more) => {
          let state = untouched;
          let now = start;
          for (const wait of waits) {
            now += wait;
            state = afterThrottling(state, undefined, now);
          }
          const at = state.heldUntil + later;
          expect([1, 2, 4, 8]).toContain(slowdownAt(state, at));
          expect(slowdownAt(state, at + more)).toBeLessThanOrEqual(slowdownAt(state, at));
          expect(slowdownAt(state, at + 60_000)).toBeGreaterThanOrEqual(slowdownAt(state, at) / 2);
          expect(slowdownAt(state, state.heldUntil + 180_000)).toBe(1);
          expect(slowdownAt(state, now)).toBe(state.slowdown);
        },
      ),
    );
  });
});
