import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phone } from '../../../lib/mapping/phone.ts';

describe('phone', () => {
  it.each([
    ['07 68 45 46 74', '07 68 45 46 74'],
    ['0768454674', '07 68 45 46 74'],
    ['07.68.45.46.74', '07 68 45 46 74'],
    ['07-68-45-46-74', '07 68 45 46 74'],
    ['07/68/45/46/74', '07 68 45 46 74'],
    ['+33 7 68 45 46 74', '07 68 45 46 74'],
    ['+33 (0)7 68 45 46 74', '07 68 45 46 74'],
    ['0033768454674', '07 68 45 46 74'],
    ['33 7 68 45 46 74', '07 68 45 46 74'],
    ['768454674', '07 68 45 46 74'],
    ['Tél. : 04 93 12 34 56', '04 93 12 34 56'],
    ['port : 0768454674 (le soir)', '07 68 45 46 74'],
    ['Mme Roux 2e étage, 07 68 45 46 74', '07 68 45 46 74'],
    ['07 68 45 46 74 poste 12', '07 68 45 46 74'],
    ['\u202A07 68 45 46 74\u202C', '07 68 45 46 74'],
    ['09 70 12 34 56', '09 70 12 34 56'],
  ])('reads the French number %j', (text, expected) => {
    expect(phone(text)).toBe(expected);
  });

  it.each([
    ['07 68 45 46 74 / 04 93 12 34 56', '07 68 45 46 74'],
    ['04 93 12 34 56 ou 07 68 45 46 74', '04 93 12 34 56'],
    ['07 68 45 46 74 04 93 12 34 56', '07 68 45 46 74'],
    ['07.68.45.46.74-04.93.12.34.56', '07 68 45 46 74'],
    ['07 68 45 46 7, 04 93 12 34 56', '04 93 12 34 56'],
  ])('takes the first valid number of %j', (text, expected) => {
    expect(phone(text)).toBe(expected);
  });

  it.each([
    ['0262 20 30 40', '97400', '0262 20 30 40'],
    ['0262203040', '97400', '0262 20 30 40'],
    ['0692 85 12 34', '97410', '0692 85 12 34'],
    ['+262 262 20 30 40', '97400', '0262 20 30 40'],
    ['0590 27 12 34', '97133', '0590 27 12 34'],
    ['0590 90 12 34', '97110', '0590 90 12 34'],
    ['0596 71 23 45', '97200', '0596 71 23 45'],
    ['0594 30 12 34', '97300', '0594 30 12 34'],
    ['0269 61 23 45', '97600', '0269 61 23 45'],
    ['41 12 34', '97500', '+508 41 12 34'],
    ['72 12 34', '98600', '+681 72 12 34'],
    ['40 41 42 43', '98714', '+689 40 41 42 43'],
    ['26 12 34', '98800', '+687 26 12 34'],
  ])('reads %j at the postal code %s', (text, postalCode, expected) => {
    expect(phone(text, postalCode)).toBe(expected);
  });

  it('reads a number of La Réunion at a postal code of the mainland, and the other way round', () => {
    expect(phone('0262203040', '06200')).toBe('0262 20 30 40');
    expect(phone('0768454674', '97400')).toBe('07 68 45 46 74');
  });

  it('keeps the prefix of a number that would be another one without it', () => {
    expect(phone('+590 800 00 00 00', '06200')).toBe('+590 800 00 00 00');
    expect(phone('+33 800 00 00 00', '97400')).toBe('+33 800 00 00 00');
  });

  it('writes numbers of other countries in international form', () => {
    expect(phone('+41 22 767 61 11')).toBe('+41 22 767 61 11');
    expect(phone('0032 2 555 12 12')).toBe('+32 2 555 12 12');
  });

  it.each(['3949', 'en attente', '07 68 45 46 7', '07 68 45 46 744', '00 00 00 00 00', 'voir notes 12'])(
    'keeps %j, which is no number, as it is',
    (text) => {
      expect(phone(` ${text} `)).toBe(text);
    },
  );

  const digits = fc.stringMatching(/^[ +()./,0-9-]{0,40}$/);
  const anything = fc.oneof(
    digits,
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^(Tel )?(33|590)?0?[1-9]\d{8}( \d*)?$/),
  );

  it('is the same when applied twice', () => {
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom(undefined, '06200', '97400', '97500', '98800'),
        (text, postalCode) => {
          const once = phone(text, postalCode);
          expect(phone(once, postalCode)).toBe(once);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('answers long rubbish quickly', () => {
    expect(phone('0 '.repeat(50_000))).toHaveLength(99_999);
  });
});
