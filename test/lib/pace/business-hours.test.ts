import { describe, expect, it } from 'vitest';
import { type BusinessHours, endOfBusinessTime, isBusinessTime } from '../../../lib/pace/business-hours.ts';

const paris: BusinessHours = {
  timezone: 'Europe/Paris',
  days: [1, 2, 3, 4, 5],
  fromMinute: 480,
  toMinute: 1110,
};
const isBusiness = (at: string) => isBusinessTime(Date.parse(at), paris);
const end = (at: string) => new Date(endOfBusinessTime(Date.parse(at), paris)).toISOString();

describe('business hours', () => {
  it.each([
    // Winter: Paris is one hour ahead of UTC.
    ['2026-11-24T06:59:59.999Z', false],
    ['2026-11-24T07:00:00.000Z', true],
    ['2026-11-24T17:29:59.999Z', true],
    ['2026-11-24T17:30:00.000Z', false],
    // Summer: two hours.
    ['2026-07-14T05:59:59.999Z', false],
    ['2026-07-14T06:00:00.000Z', true],
    ['2026-07-14T16:29:59.999Z', true],
    ['2026-07-14T16:30:00.000Z', false],
    // Saturday and Sunday at noon.
    ['2026-11-21T11:00:00.000Z', false],
    ['2026-11-22T11:00:00.000Z', false],
    // The Fridays and Mondays around both clock changes.
    ['2026-10-23T06:00:00.000Z', true],
    ['2026-10-26T06:30:00.000Z', false],
    ['2026-10-26T07:00:00.000Z', true],
    ['2027-03-26T07:00:00.000Z', true],
    ['2027-03-29T06:00:00.000Z', true],
  ])('at %s are %s', (at, expected) => {
    expect(isBusiness(at)).toBe(expected);
  });

  it('end at half past six in the evening, in summer and in winter', () => {
    expect(end('2026-11-24T09:00:00Z')).toBe('2026-11-24T17:30:00.000Z');
    expect(end('2026-07-14T09:00:00Z')).toBe('2026-07-14T16:30:00.000Z');
  });

  it('have ended already at any other time', () => {
    expect(end('2026-11-21T09:00:00Z')).toBe('2026-11-21T09:00:00.000Z');
  });

  it('that run until midnight end where the days end', () => {
    const late = { ...paris, fromMinute: 0, toMinute: 1440 };
    expect(new Date(endOfBusinessTime(Date.parse('2026-11-24T09:00:00Z'), late)).toISOString()).toBe(
      '2026-11-27T23:00:00.000Z',
    );
  });
});
