import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLines, cleanText } from '../../../lib/mapping/clean-text.ts';
import { fold } from '../../../lib/mapping/fold.ts';

describe('cleanText', () => {
  it.each([
    ['  46   Rue du\t14\nJuillet ', '46 Rue du 14 Juillet'],
    ['Hélène', 'H\u00E9l\u00E8ne'],
    ['a\u0000b\u200Bc\uFEFF', 'abc'],
    ['a \u200B b', 'a b'],
    ['\uD800', '\uFFFD'],
    ['👩\u200D🔧', '👩\u200D🔧'],
    [' \u00A0\u3000', ''],
  ])('makes %j into %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('keeps 30 marks on a letter: more of them would take minutes', () => {
    const marks = '\u0301\u0316'.repeat(200_000);
    expect([...cleanText(`e${marks}`)]).toHaveLength(30);
    expect([...fold(`Zo\u0308e${marks}`)].join('')).toBe('zoe');
  });

  it('composes what was written with combining accents', () => {
    expect(cleanText('He\u0301le\u0300ne')).toBe('H\u00E9l\u00E8ne');
  });
});

describe('cleanLines', () => {
  it('keeps line breaks, and one empty line of several', () => {
    expect(cleanLines('\n  un \r\ndeux\u2028trois\n\n\n\nquatre  \n')).toBe('un\ndeux\ntrois\n\nquatre');
  });
});

it('text is the same when cleaned twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
      expect(cleanLines(cleanLines(text))).toBe(cleanLines(text));
    }),
    { numRuns: 500 },
  );
});
