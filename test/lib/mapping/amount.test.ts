import { describe, expect, it } from 'vitest';
import { amount } from '../../../lib/mapping/amount.ts';

describe('an amount', () => {
  it.each([
    ['12345', '12345'],
    ['12 345,60 €', '12345.6'],
    ['12\u202f345,60\u00a0€', '12345.6'],
    ['12.345,60', '12345.6'],
    ['12,345.60', '12345.6'],
    ['1.234.567', '1234567'],
    ['12.345', '12345'],
    ['0,5', '0.5'],
    ['12,', '12'],
    ['-450,00 EUR', '-450'],
    ['18 900 euros TTC', '18900'],
    ['007', '7'],
  ])('%j is %s', (text, number) => {
    expect(amount(text)).toBe(number);
  });

  it.each(['', '  ', 'à définir', '€', '12 ou 13', '1e9', '9 kWc', '12-13', '--4', ',5'])(
    '%j is none',
    (text) => {
      expect(amount(text)).toBe('');
    },
  );
});
