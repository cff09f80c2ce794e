import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../lib/framework/retry-after.ts';

const noon = Date.UTC(2026, 9, 25, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each([
    ['2', 2000],
    [' 30 ', 30_000],
    ['1.5', 1500],
    ['0', 0],
    ['900', 900_000],
    ['901', 900_000],
    ['1000000000', 900_000],
    ['Sun, 25 Oct 2026 12:00:10 GMT', 10_000],
    ['Sun, 25 Oct 2026 11:00:00 GMT', 0],
    ['Fri, 01 Jan 2999 00:00:00 GMT', 900_000],
  ])('reads "%s" as %i ms', (header, expected) => {
    expect(retryAfterMs(header, noon)).toBe(expected);
  });

  it.each([
    null,
    '',
    '-5',
    '1e9',
    'soon',
    'in 5 minutes',
    '2026-10-25',
    'Xyz, 99 Abc 2026 12:00:00 GMT',
    '5 6',
    'NaN',
  ])('ignores %s', (header) => {
    expect(retryAfterMs(header, noon)).toBeUndefined();
  });

  it('never asks for less than nothing or more than a quarter of an hour, whatever the header', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), fc.date().map(String)), (header) => {
        const waitMs = retryAfterMs(header, noon) ?? 0;
        expect(waitMs >= 0 && waitMs <= 900_000).toBe(true);
      }),
    );
  });
});
