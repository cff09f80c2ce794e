import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { email } from '../../../lib/mapping/email.ts';

describe('email', () => {
  it.each([
    ['support@moovago.com', 'support@moovago.com'],
    [' Support@Moovago.COM ', 'support@moovago.com'],
    ['mailto:a.b@exemple.fr', 'a.b@exemple.fr'],
    ['E-mail : a.b@exemple.fr', 'a.b@exemple.fr'],
    ['Jean Dupont <jean@exemple.fr>', 'jean@exemple.fr'],
    ['"Dupont, Jean" <jean@exemple.fr>', 'jean@exemple.fr'],
    ['jean@exemple.fr; marie@exemple.fr', 'jean@exemple.fr'],
    ['jean@exemple.fr marie@exemple.fr', 'jean@exemple.fr'],
    ['NC; dupont@exemple.fr', 'dupont@exemple.fr'],
    ['jean@exemple.fr;marie@exemple.fr', 'jean@exemple.fr'],
    ['jean@exemple.fr (bureau)', 'jean@exemple.fr'],
    ['néant / jean+pv@sous.exemple.fr', 'jean+pv@sous.exemple.fr'],
    ['pas encore\njean@exemple.fr', 'jean@exemple.fr'],
    ['jean@exemple.fr\u200B', 'jean@exemple.fr'],
  ])('finds the address in %j', (text, expected) => {
    expect(email(text)).toBe(expected);
  });

  it.each([
    '',
    'néant',
    'jean@',
    '@exemple.fr',
    'jean@exemple',
    'jean..d@exemple.fr',
    'jean dupont@exemple.fr',
    'jean,dupont@exemple.fr',
    'x@y;jean,dupont@exemple.fr',
  ])('finds no address in %j', (text) => {
    expect(email(text)).toBe('');
  });

  it('takes no address that is too long for mail', () => {
    expect(email(`${'a'.repeat(244)}@exemple.fr`)).toBe('');
  });

  it('is the same when applied twice, and never throws', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.stringMatching(/^[a.@<> ;-]{0,20}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const once = email(text);
        expect(email(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it('answers long rubbish quickly', () => {
    expect(email('a@'.repeat(100_000))).toBe('');
  });
});
