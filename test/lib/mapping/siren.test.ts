import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siren } from '../../../lib/mapping/siren.ts';

describe('siren', () => {
  it.each([
    ['732829320', '732829320'],
    ['732 829 320', '732829320'],
    ['SIREN : 732 829 320', '732829320'],
    ['n° siret 73282932000074', '732829320'],
    ['732 829 320 00074', '732829320'],
    // La Poste's establishments add up to a multiple of five instead.
    ['35600000049837', '356000000'],
  ])('reads %j', (text, expected) => {
    expect(siren(text)).toBe(expected);
  });

  it.each([
    '',
    '732829321',
    '73282932000075',
    '000000000',
    '00000000000000',
    '0000000000000',
    '12345',
    'en cours',
  ])('finds none in %j', (text) => {
    expect(siren(text)).toBe('');
  });

  it('is the same when applied twice, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9 ]{9,16}$/)), (text) => {
        const once = siren(text);
        expect(siren(once)).toBe(once);
      }),
    );
  });
});
