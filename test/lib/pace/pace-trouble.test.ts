import { describe, expect, it } from 'vitest';
import { SlotMissed } from '../../../lib/moovago/slot.ts';
import { createPace } from '../../../lib/pace/pace.ts';
import { createPaceItem, type PaceItem } from '../../../lib/pace/pace-item.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { memoryPaceItem } from '../../support/memory-pace-item.ts';
import { stateTable } from '../../support/state-table.ts';
import { takeSlots } from '../../support/take-slots.ts';

const start = Date.parse('2026-11-24T20:00:00+01:00');
const minute = 60_000;

/** Workers, each with what it knows, on one item and by one clock. */
function workersOn(item: PaceItem) {
  const clock = fakeClock(start);
  const worker = () => {
    const pace = createPace({ otherwise: { requestsPerSecond: 5 } }, { item, clock, onReset: () => {} });
    /** Up to `count` slots within a minute from now, counted from the start. */
    const ask = async (count = 1) => {
      const { slots, until } = await takeSlots(pace, count, 'live', clock.now() + minute);
      const moments = slots.map(({ at }) => at - start);
      return until === undefined ? { moments } : { moments, until: until - start };
    };
    return { ...pace, ask };
  };
  return { clock, worker, item, at: (ms: number) => clock.set(start + ms) };
}

const times = <Value>(count: number, work: () => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, work));

const kinds = [
  { where: 'in memory', newItem: async () => memoryPaceItem() },
  { where: 'in DynamoDB', newItem: async () => createPaceItem(await stateTable()) },
];

describe.each(kinds)('a 429, with the pace $where', ({ newItem }) => {
  it('stops everybody for as long as Moovago asks, and halves the pace of everybody', async () => {
    const { worker } = workersOn(await newItem());
    const [one, other] = [worker(), worker()];
    await one.throttled(30_000);
    expect(await other.ask(3)).toEqual({ moments: [30_000, 30_424, 30_848] });
    expect(await one.ask()).toEqual({ moments: [31_272] });
  });

  it('halves it once for all the requests that were on their way', async () => {
    const { worker, at } = workersOn(await newItem());
    await times(5, () => worker().throttled(undefined));
    at(4999);
    await worker().throttled(undefined);
    expect(await worker().ask(2)).toEqual({ moments: [5000, 5424] });
  });

  it('down to an eighth when it comes back after every wait', async () => {
    const { worker, at } = workersOn(await newItem());
    for (const ms of [0, 5000, 10_000, 15_000]) {
      at(ms);
      await worker().throttled(undefined);
    }
    expect(await worker().ask(2)).toEqual({ moments: [20_000, 21_696] });
  });

  it('is forgotten step by step, a minute each', async () => {
    const { worker, at } = workersOn(await newItem());
    const one = worker();
    for (const ms of [0, 5000, 10_000]) {
      at(ms);
      await one.throttled(undefined);
    }
    const spaces: number[] = [];
    for (const ms of [15_000, 74_999, 75_000, 135_000, 195_000, 1_000_000]) {
      at(ms);
      const [first = 0, second = 0] = (await worker().ask(2)).moments;
      spaces.push(second - first);
    }
    expect(spaces).toEqual([1696, 1696, 848, 424, 212, 212]);
  });

  it('makes the wait longer when a later one asks for more, and never shorter', async () => {
    const { worker } = workersOn(await newItem());
    await worker().throttled(20_000);
    await worker().throttled(40_000);
    await worker().throttled(1000);
    expect(await worker().ask(2)).toEqual({ moments: [40_000, 40_424] });
  });

  it('voids the slots that were handed out before, as soon as a process hears of it', async () => {
    const { worker, clock } = workersOn(await newItem());
    const [one, other] = [worker(), worker()];
    const { slot } = await one.reserve('live', 0, clock.now() + minute);
    await other.throttled(undefined);
    await expect(slot?.ready()).resolves.toBeUndefined();
    expect(await one.freeFrom()).toBe(start + 5000);
    await expect(slot?.ready()).rejects.toThrow(SlotMissed);
  });

  it('voids the slots behind the wait when the wait becomes longer', async () => {
    const { worker, clock } = workersOn(await newItem());
    const one = worker();
    await one.throttled(undefined);
    const { slot } = await one.reserve('live', 0, clock.now() + minute);
    await one.throttled(30_000);
    clock.set(slot?.at ?? 0);
    await expect(slot?.ready()).rejects.toThrow(SlotMissed);
  });
});

describe.each(kinds)('the breaker, with the pace $where', ({ newItem }) => {
  it('opens at the fifth failure in a row, whoever met the others, and says so once', async () => {
    const { worker } = workersOn(await newItem());
    const outcomes = await times(9, () => worker().failed());
    expect(outcomes.filter(({ opened }) => opened)).toHaveLength(1);
    expect(await worker().ask(3)).toEqual({ moments: [], until: 30_000 });
  });

  it('stays closed when somebody succeeds in between', async () => {
    const { worker } = workersOn(await newItem());
    const [one, other] = [worker(), worker()];
    for (let failure = 0; failure < 4; failure++) await one.failed();
    await other.succeeded();
    expect(await one.failed()).toEqual({ opened: false });
    expect((await other.ask()).moments).toHaveLength(1);
  });

  it('lets exactly one of many try when its time is over', async () => {
    const { worker, at } = workersOn(await newItem());
    await times(5, () => worker().failed());
    at(29_999);
    expect(await worker().ask()).toEqual({ moments: [], until: 30_000 });
    at(30_000);
    const answers = await times(10, () => worker().ask(4));
    expect(answers.filter(({ moments }) => moments.length > 0)).toEqual([
      { moments: [30_000], until: 60_000 },
    ]);
    expect(answers.filter(({ moments }) => moments.length === 0)).toEqual(
      Array.from({ length: 9 }, () => ({ moments: [], until: 60_000 })),
    );
  });

  it('closes when that one succeeds', async () => {
    const { worker, at } = workersOn(await newItem());
    await times(5, () => worker().failed());
    at(30_000);
    const one = worker();
    await one.ask();
    at(30_100);
    await one.succeeded();
    expect(await worker().ask(2)).toEqual({ moments: [30_212, 30_424] });
    expect(await worker().failed()).toEqual({ opened: false });
  });

  it('opens for twice as long each time that one fails, up to 15 minutes', async () => {
    const { worker, at, clock } = workersOn(await newItem());
    await times(5, () => worker().failed());
    const waits: number[] = [];
    for (let probe = 0; probe < 7; probe++) {
      at((await worker().freeFrom()) - start);
      await worker().ask();
      expect(await worker().failed()).toEqual({ opened: false });
      waits.push(((await worker().freeFrom()) - clock.now()) / 1000);
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('lets the next one try when nothing is heard of the first', async () => {
    const { worker, at } = workersOn(await newItem());
    await times(5, () => worker().failed());
    at(30_000);
    await worker().ask();
    at(60_000);
    expect(await worker().ask()).toEqual({ moments: [60_000] });
    expect(await worker().ask()).toEqual({ moments: [], until: 90_000 });
  });

  it('does not care what becomes of requests from before it opened', async () => {
    const { worker, at } = workersOn(await newItem());
    const late = worker();
    await late.ask();
    await times(5, () => worker().failed());
    at(10_000);
    for (let failure = 0; failure < 6; failure++) await late.failed();
    await late.succeeded();
    expect(await late.stopped(5 * minute)).toEqual({ opened: false });
    expect(await worker().ask()).toEqual({ moments: [], until: 30_000 });
  });

  it('voids slots that were handed out before it opened', async () => {
    const { worker, clock } = workersOn(await newItem());
    const one = worker();
    const { slot } = await one.reserve('live', 0, clock.now() + minute);
    await times(5, () => one.failed());
    await expect(slot?.ready()).rejects.toThrow(SlotMissed);
  });

  it('opens at once for a refused key, says so once, and lets one try every five minutes', async () => {
    const { worker, at } = workersOn(await newItem());
    const outcomes = await times(6, () => worker().stopped(5 * minute));
    expect(outcomes.filter(({ opened }) => opened)).toHaveLength(1);
    for (const round of [1, 2, 3]) {
      at(round * 5 * minute - 1);
      expect((await worker().ask()).moments).toEqual([]);
      at(round * 5 * minute);
      const answers = await times(4, () => worker().ask());
      expect(answers.flatMap(({ moments }) => moments)).toEqual([round * 5 * minute]);
      expect(await worker().stopped(5 * minute)).toEqual({ opened: false });
    }
  });

  it('waits for the end of a 429 before it lets one try', async () => {
    const { worker, at } = workersOn(await newItem());
    await times(5, () => worker().failed());
    await worker().throttled(10 * minute);
    at(30_000);
    expect(await worker().ask()).toEqual({ moments: [], until: 10 * minute });
    at(10 * minute);
    expect(await worker().ask()).toEqual({ moments: [10 * minute] });
  });
});

describe.each(kinds)('the learned size of a document, with the pace $where', ({ newItem }) => {
  it('is as configured until a refusal shows better', async () => {
    const { worker } = workersOn(await newItem());
    expect(await worker().documentSize(25)).toBe(25);
    await worker().shrinkTo(13);
    await worker().shrinkTo(20);
    expect(await worker().documentSize(25)).toBe(13);
    expect(await worker().documentSize(10)).toBe(10);
    await worker().shrinkTo(0);
    expect(await worker().documentSize(25)).toBe(1);
  });

  it('grows by one, however many documents of that size pass at once', async () => {
    const { worker } = workersOn(await newItem());
    await worker().shrinkTo(10);
    await times(6, () => worker().grow(10, 25));
    expect(await worker().documentSize(25)).toBe(11);
    await worker().grow(4, 25);
    expect(await worker().documentSize(25)).toBe(11);
  });

  it('is forgotten when it has grown to what is configured', async () => {
    const { worker, item } = workersOn(await newItem());
    await worker().shrinkTo(23);
    for (const sent of [23, 24, 25]) await worker().grow(sent, 25);
    expect(await item.read()).toMatchObject({ documentSize: 0 });
    expect(await worker().documentSize(50)).toBe(50);
  });
});

it('While only a trial request may go, there is room for one', async () => {
  const { worker } = workersOn(memoryPaceItem());
  const pace = worker();
  await pace.stopped(30_000);
  await pace.freeFrom();
  expect(pace.requestsWithin(75_000)).toBe(1);
});
