import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonAnswer } from '../../../lib/framework/json-answer.ts';
import { ListSieve } from '../../../lib/framework/list-sieve.ts';

/** What a sieve takes out of a text in these pieces, and what it leaves. */
function sieved(pieces: readonly string[]) {
  const entries: unknown[] = [];
  const sieve = new ListSieve(['data', 'list'], (entry) => {
    entries.push(entry);
  });
  const left = pieces.map((piece) => sieve.push(piece)).join('');
  return { entries, left };
}

/** The text in pieces that end at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = places.map((place) => place % (text.length + 1)).sort((one, other) => one - other);
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const places = fc.array(fc.nat(), { maxLength: 8 });
const awkward = fc.constantFrom('"', '\\', 'é', '😀', '[', '{"data":{"list":[1]}}', ']}', ',', ':', '');
// V8 13.6 takes the key "\"" for one that is a backslash, if it has met that in an object of the same shape.
const key = awkward.filter((text) => text !== '\\');
const value = fc.oneof(fc.jsonValue(), fc.dictionary(key, awkward), awkward);
const answer = fc.record({
  before: value,
  list: fc.array(value, { maxLength: 5 }),
  behind: value,
  errors: fc.option(fc.array(value, { maxLength: 2 })),
  indent: fc.constantFrom(0, 2),
});
const textOf = ({ before, list, behind, errors, indent }: AnswerParts) =>
  JSON.stringify({ before, errors, data: { before, list, behind }, behind }, null, indent);
type AnswerParts = { before: unknown; list: unknown[]; behind: unknown; errors: unknown; indent: number };

describe('a sieve', () => {
  it('takes the entries of a list out of an answer, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(answer, places, (parts, ends) => {
        const { before, list, behind, errors } = parts;
        const { entries, left } = sieved(cut(textOf(parts), ends));
        expect(entries).toEqual(parseJsonAnswer(JSON.stringify(list)));
        const rest = { before, errors, data: { before, list: [], behind }, behind };
        expect(parseJsonAnswer(left)).toEqual(parseJsonAnswer(JSON.stringify(rest)));
      }),
    );
  });

  it('leaves JSON where it was JSON, and none where a character of it is wrong', () => {
    fc.assert(
      fc.property(
        answer,
        places,
        fc.nat(),
        fc.constantFrom('', ',', ']', '}', '"', '7'),
        (parts, ends, at, by) => {
          const text = textOf(parts);
          const wrong = text.slice(0, at % text.length) + by + text.slice((at % text.length) + 1);
          expect(isJson(sieved(cut(wrong, ends)).left)).toBe(isJson(wrong));
        },
      ),
    );
  });

  it.each([
    ['{"data":{"list":[1,]}}', [1]],
    ['{"data":{"list":[,1]}}', []],
    ['{"data":{"list":[1 2]}}', []],
    ['{"data":{"list":[1}}}', [1]],
    ['{"data":{"list":[{]}}', []],
    ['{"data":{"list":[{"a":1}', []],
    ['{"data":{"list":[1],"list":[2]}}', [1]],
  ])('leaves no JSON of %s', (text, entries) => {
    const found = sieved([text]);
    expect(found.entries).toEqual(entries);
    expect(isJson(found.left)).toBe(false);
  });

  it.each([
    '{"data":{"list":null}}',
    '{"data":null}',
    '{"data":[["list"]],"list":[1]}',
    '{"list":[1],"other":{"list":[1]}}',
    '[{"data":{"list":[1]}}]',
    '{"errors":[{"message":"{\\"data\\":{\\"list\\":[1]}}"}]}',
  ])('leaves %s as it is', (text) => {
    expect(sieved([...text])).toEqual({ entries: [], left: text });
  });

  it('leaves no JSON of an entry that is nested too deep', () => {
    const nested = (depth: number) => `{"data":{"list":[${'['.repeat(depth)}${']'.repeat(depth)}]}}`;
    expect(sieved([nested(197)]).left).toBe('{"data":{"list":[]}}');
    expect(isJson(sieved([nested(198)]).left)).toBe(false);
    expect(isJson(sieved([`{"data":{"list":[${'['.repeat(1_000_000)}`]).left)).toBe(false);
  });

  it('keeps all digits of an integer', () => {
    expect(sieved(['{"data":{"list":[{"id":90071992547', '40993}]}}']).entries).toEqual([
      { id: '9007199254740993' },
    ]);
  });
});
