import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vendorText } from '../../../lib/framework/vendor-text.ts';

describe('vendorText', () => {
  it('puts everything on one line, without control characters or bidirectional tricks', () => {
    expect(vendorText('a\r\nERROR b\u0000\u001b[31m\u202ec\u2028d\t e ', [])).toBe('a ERROR b [31m c d e');
  });

  it('keeps 200 characters at most, and never half of one', () => {
    expect(vendorText('é'.repeat(200), [])).toBe('é'.repeat(200));
    expect(vendorText('😀'.repeat(201), [])).toBe(`${'😀'.repeat(199)}…`);
  });

  it('hides values before it shortens, the longest first, quoted as JSON or not', () => {
    const text = `got "Solaire du Sud", Solaire, and "l\\"Éolienne" ${'x'.repeat(150)} Solaire du Sud`;
    expect(vendorText(text, ['Solaire', 'Solaire du Sud', 'l"Éolienne', 'x'])).toBe(
      `got "…", …, and "…" ${'x'.repeat(150)} …`,
    );
  });

  it('shows no hidden value of three characters or more, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.stringMatching(/^[a-z]{3,300}$/), (before, after, value) => {
        expect(vendorText(before + value + after, [value])).not.toContain(value);
      }),
    );
  });
});
