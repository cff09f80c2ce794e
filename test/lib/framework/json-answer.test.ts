import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonAnswer, TooManyValues } from '../../../lib/framework/json-answer.ts';

describe('parseJsonAnswer', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const expected: unknown = JSON.parse(text);
        const hasNulls = /"(errors|extensions)"|\d{16}/.test(text);
        if (!hasNulls) expect(parseJsonAnswer(text)).toEqual(expected);
      }),
    );
  });

  it('takes errors and extensions that are null as absent, at the top only', () => {
    expect(parseJsonAnswer('{"data":{"errors":null},"errors":null,"extensions":null}')).toEqual({
      data: { errors: null },
    });
  });

  it('takes 200 levels, and refuses 201 and 5 million', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(JSON.stringify(parseJsonAnswer(nested(200)))).toBe(nested(200));
    expect(() => parseJsonAnswer(nested(201))).toThrow(new Error('nested too deep'));
    expect(() => parseJsonAnswer(nested(5_000_000))).toThrow(new Error('nested too deep'));
  });

  it('takes a million values, and refuses one more, and 6.5 million lists', () => {
    // The outer list, and n - 1 commas.
    const ones = (count: number) => `[${Array(count).fill(1).join(',')}]`;
    expect(parseJsonAnswer(ones(1_000_000))).toHaveLength(1_000_000);
    expect(() => parseJsonAnswer(ones(1_000_001))).toThrow(TooManyValues);
    expect(() => parseJsonAnswer(`[${'[],'.repeat(6_500_000)}[]]`)).toThrow(TooManyValues);
    expect(parseJsonAnswer(JSON.stringify([',[{'.repeat(1_000_000)]))).toHaveLength(1);
  });

  it('counts no brackets inside of strings', () => {
    const text = `\\"${'[{'.repeat(300)}\\\\`;
    expect(parseJsonAnswer(`["${text}"]`)).toEqual([`"${'[{'.repeat(300)}\\`]);
  });

  it('reads a string of 10 MB', () => {
    expect(parseJsonAnswer(JSON.stringify('x'.repeat(10_000_000)))).toHaveLength(10_000_000);
  });

  it('keeps all digits of an integer, as text where a number would lose some', () => {
    const text =
      '{"data":[9007199254740993,-12345678901234567890,9007199254740991,1e30,0.1234567890123456789,"9007199254740993"]}';
    expect(parseJsonAnswer(text)).toEqual({
      data: [
        '9007199254740993',
        '-12345678901234567890',
        9007199254740991,
        1e30,
        0.12345678901234568,
        '9007199254740993',
      ],
    });
  });

  it('does not quote what it cannot read', () => {
    expect(() => parseJsonAnswer('{"email": "canary@example.com"')).toThrow(new Error('not JSON'));
  });

  it('pollutes no prototype', () => {
    const answer = parseJsonAnswer('{"__proto__":{"polluted":true},"data":{"__proto__":{"polluted":true}}}');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(Object(answer))).toEqual(['__proto__', 'data']);
  });
});
