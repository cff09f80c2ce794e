import { describe, expect, it } from 'vitest';
import { arrivalFigures } from '../../bench/arrivals.ts';

const arrivals = (...times: number[]) => times.map((at) => ({ at, records: 25, status: 200 }));

describe('what arrived at Moovago', () => {
  it('is counted from the first request to the last', () => {
    expect(arrivalFigures(arrivals(1000, 1250, 1500, 1750, 2000))).toEqual({
      requestsPerSecond: 4,
      recordsPerRequest: 25,
      recordsPerSecond: 100,
      refused: 0,
      unused: 0,
    });
  });

  it('shows the moments that nobody used', () => {
    // 250 ms apart, with three moments left out after the second request and one before the last.
    expect(arrivalFigures(arrivals(0, 250, 1250, 1500, 1750, 2250))).toMatchObject({ unused: 4 });
  });

  it('takes a request that is a little late for no more than that', () => {
    expect(arrivalFigures(arrivals(0, 216, 470, 648, 864))).toMatchObject({ unused: 0 });
  });

  it('counts refused requests as requests that brought nothing', () => {
    const [first, second] = arrivals(0, 500);
    const refused = { at: 1000, records: 25, status: 429 };
    const all = [first, second, refused].flatMap((one) => one ?? []);
    expect(arrivalFigures(all)).toMatchObject({ requestsPerSecond: 2, recordsPerRequest: 25, refused: 1 });
  });

  it('takes a lost answer for a request that arrived', () => {
    const lost = { at: 1000, records: 5, status: null };
    expect(arrivalFigures([...arrivals(0), lost])).toMatchObject({ recordsPerRequest: 15, refused: 0 });
  });
});
