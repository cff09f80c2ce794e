import { describe, expect, it } from 'vitest';
import { arrivalFigures, median, quantile } from '../../bench/statistics.ts';

describe('a quantile', () => {
  it('is the value that so many lie at or below, in whatever order they come', () => {
    const values = [9, 2, 7, 1, 10, 4, 3, 8, 6, 5];
    expect(quantile(values, 0.5)).toBe(5);
    expect(quantile(values, 0.95)).toBe(10);
    expect(quantile(values, 0.1)).toBe(1);
  });

  it('takes 95 of 100 to be the 95th', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantile(values, 0.95)).toBe(95);
  });

  it('orders numbers by their size, not as text', () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  it('is no number where there is nothing', () => {
    expect(median([])).toBeNaN();
  });
});

const arrivals = (...times: number[]) => times.map((at) => ({ at, records: 25, status: 200 }));

describe('what arrived at Moovago', () => {
  it('is counted from the first request to the last', () => {
    expect(arrivalFigures(arrivals(1000, 1250, 1500, 1750, 2000))).toEqual({
      requestsPerSecond: 4,
      recordsPerRequest: 25,
      recordsPerSecond: 100,
      refused: 0,
    });
  });

  it('counts refused requests as requests that brought nothing', () => {
    const refused = { at: 1000, records: 25, status: 429 };
    const all = [...arrivals(0, 500), refused];
    expect(arrivalFigures(all)).toMatchObject({ requestsPerSecond: 2, recordsPerRequest: 25, refused: 1 });
  });

  it('takes a lost answer for a request that arrived', () => {
    const lost = { at: 1000, records: 5, status: null };
    expect(arrivalFigures([...arrivals(0), lost])).toMatchObject({ recordsPerRequest: 15, refused: 0 });
  });
});
