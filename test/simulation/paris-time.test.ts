import { expect, it } from 'vitest';
import { isParisBusinessTime } from '../../simulation/paris-time.ts';

it.each([
  ['2026-11-23T06:59:59.999Z', false], // Monday, winter, just before eight
  ['2026-11-23T07:00:00.000Z', true],
  ['2026-11-20T17:29:59.999Z', true], // Friday, winter, just before half past six
  ['2026-11-20T17:30:00.000Z', false],
  ['2026-07-13T05:59:59.999Z', false], // summer
  ['2026-07-13T06:00:00.000Z', true],
  ['2026-07-17T16:30:00.000Z', false],
  ['2026-11-21T11:00:00.000Z', false], // Saturday
  ['2027-03-26T06:30:00.000Z', false], // the Friday before the clocks change, half past seven
  ['2027-03-29T06:30:00.000Z', true], // the Monday after, half past eight
  ['2026-10-23T06:30:00.000Z', true],
  ['2026-10-26T06:30:00.000Z', false],
])('business hours in Paris: %s is %s', (at, isBusiness) => {
  expect(isParisBusinessTime(Date.parse(at))).toBe(isBusiness);
});
