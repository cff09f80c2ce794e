import { describe, expect, it } from 'vitest';
import { createWatermarkTracker, lowerBound, readModified } from '../../../lib/mapping/watermark.ts';

const paris = 'Europe/Paris';

describe('a modification date', () => {
  it.each([
    ['2026-11-24', '2026-11-23T23:00:00Z', 'date'],
    ['2026-11-24T09:30:00', '2026-11-24T08:30:00Z', 'local'],
    ['2026-07-24T09:30', '2026-07-24T07:30:00Z', 'local'],
    ['2026-11-24 09:30:00.123', '2026-11-24T08:30:00.123Z', 'spaced'],
    ['2026-11-24T09:30:00Z', '2026-11-24T09:30:00Z', 'zoned'],
    ['2026-11-24T09:30:00+02:00', '2026-11-24T07:30:00Z', 'zoned'],
    [' 2026-11-24 ', '2026-11-23T23:00:00Z', 'date'],
  ])('%s is read as %s', (text, at, shape) => {
    expect(readModified(text, paris)).toMatchObject({ at: Date.parse(at), shape });
  });

  it.each(['01/02/2022', '1/2/2022 10:00', '01.02.2022', '01-02-2022'])(
    '%s does not sort as text',
    (text) => {
      expect(readModified(text, paris)).toBe('unsortable');
    },
  );

  it.each(['', 'hier', '2026-13-45', '0000-00-00', null, undefined, 5, ['2026-11-24']])(
    '%j is none',
    (value) => {
      expect(readModified(value, paris)).toBeUndefined();
    },
  );
});

describe('the watermark', () => {
  it('of an older version, without an offset, asks in UTC', () => {
    const at = Date.parse('2026-11-27T11:13:06Z');
    expect(lowerBound({ at, shape: 'zoned' }, paris)).toBe('2026-11-27T08:13:06Z');
  });

  const now = Date.parse('2026-11-24T20:00:00+01:00');

  it('is the greatest date seen, whatever the order', () => {
    const tracker = createWatermarkTracker(paris, now);
    for (const value of ['2026-11-20', '2026-11-23', '2026-11-21', null]) tracker.see(value);
    expect(tracker.greatest()).toEqual({ at: Date.parse('2026-11-23T00:00:00+01:00'), shape: 'date' });
  });

  it.each(['2999-01-01', '1900-01-01', '0000-00-00', '2026-11-26', ''])('ignores %s', (absurd) => {
    const tracker = createWatermarkTracker(paris, now);
    tracker.see(absurd);
    expect(tracker.greatest()).toBeUndefined();
  });

  it('takes a date of tomorrow, as zones differ', () => {
    const tracker = createWatermarkTracker(paris, now);
    tracker.see('2026-11-25');
    expect(tracker.greatest()?.at).toBe(Date.parse('2026-11-25T00:00:00+01:00'));
  });

  it('is none where dates do not sort as text', () => {
    const tracker = createWatermarkTracker(paris, now);
    tracker.see('2026-11-24');
    tracker.see('24/11/2026');
    expect([tracker.greatest(), tracker.hasUnsortable()]).toEqual([undefined, true]);
  });

  it.each([
    ['2026-11-24', '2026-11-22'],
    ['2026-11-24T09:30:00', '2026-11-24T06:30:00'],
    ['2026-11-24 09:30:00', '2026-11-24 06:30:00'],
    ['2026-11-24T09:30:00.500Z', '2026-11-24T06:30:00Z'],
    // The night in which the hour from two to three comes twice: the overlap is one of real time.
    ['2026-10-25T04:00:00', '2026-10-25T02:00:00'],
    ['2027-03-28T04:00:00', '2027-03-28T00:00:00'],
    // As text, an offset compares by its local hour: the bound has the same.
    ['2026-07-24T09:30:00+02:00', '2026-07-24T06:30:00+02:00'],
    ['2026-11-27T07:13:06-04:00', '2026-11-27T04:13:06-04:00'],
    ['2026-11-27T07:13:06.250+0545', '2026-11-27T04:13:06+0545'],
  ])('%s: the next poll asks from %s on', (seen, from) => {
    const tracker = createWatermarkTracker(paris, Date.parse('2027-06-01T00:00:00Z'));
    tracker.see(seen);
    const watermark = tracker.greatest();
    expect(watermark && lowerBound(watermark, paris)).toBe(from);
  });
});
