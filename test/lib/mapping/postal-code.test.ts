import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postalCode } from '../../../lib/mapping/postal-code.ts';

describe('postalCode', () => {
  it.each([
    ['06200', '06200'],
    ['6200', '06200'],
    ['1000', '01000'],
    ['06 200', '06200'],
    ['06\u00A0200', '06200'],
    ['F-06200', '06200'],
    ['FR 06200', '06200'],
    ['f06200', '06200'],
    ['20090', '20090'],
    ['97400', '97400'],
    ['97 400', '97400'],
    ['98800', '98800'],
    [' 75008\n', '75008'],
  ])('reads the French code %j', (text, expected) => {
    expect(postalCode(text)).toBe(expected);
  });

  it.each([
    '',
    '620',
    '0620',
    '2A004',
    'L-1234',
    'B-1000',
    'CH-1200',
    '1234-567',
    '06200 Nice',
    'SW1A 1AA',
    'F',
  ])('keeps %j as it is', (text) => {
    expect(postalCode(text)).toBe(text);
  });

  it('is the same when applied twice', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[FR 0-9.-]{0,8}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const once = postalCode(text);
        expect(postalCode(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});
