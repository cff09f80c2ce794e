import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busiestSecond, RateWindow } from '../../../local/simulators/rate-window.ts';

const admitted = (limit: number, arrivals: number[]) => {
  const window = new RateWindow(limit);
  return arrivals.filter((at) => window.admit(at));
};

describe('RateWindow', () => {
  it('lets five in and refuses the sixth until the first is a second old', () => {
    const window = new RateWindow(5);
    const answers = [0, 10, 20, 30, 40, 999, 1000, 1001, 1010].map((at) => window.admit(at));
    expect(answers).toEqual([true, true, true, true, true, false, true, false, true]);
  });

  it('does not count refused arrivals against those who wait', () => {
    expect(admitted(1, [0, 400, 800, 1000])).toEqual([0, 1000]);
  });

  const arrivals = fc
    .array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 })
    .map((all) => all.sort((a, b) => a - b));

  it('never lets more than the limit into any 1000 ms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), arrivals, (limit, all) => {
        const inside = admitted(limit, all);
        for (const from of inside) {
          expect(inside.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('refuses only where the second before is full', () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const window = new RateWindow(5);
        const inside: number[] = [];
        for (const at of all) {
          const before = inside.filter((earlier) => earlier > at - 1000).length;
          expect(window.admit(at)).toBe(before < 5);
          if (before < 5) inside.push(at);
        }
      }),
    );
  });
});

describe('busiestSecond', () => {
  it.each([
    [[], 0],
    [[7], 1],
    [[0, 1000, 2000], 1],
    [[0, 999, 1000], 2],
    [[3000, 0, 200, 400, 600, 800, 999], 6],
  ])('finds in %j a second with %i arrivals', (arrivals, expected) => {
    expect(busiestSecond(arrivals)).toBe(expected);
  });
});
