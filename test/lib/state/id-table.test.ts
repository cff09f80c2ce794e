import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type IdHash, IdTable, idHash } from '../../../lib/state/id-table.ts';

/** The whole range of 32 bits, and few of them: ids that share a segment, a place in it, or a half. */
const word = fc.oneof(fc.integer({ min: 0, max: 0xff_ff_ff_ff }), fc.constantFrom(0, 1, 2, 0xff_ff_ff_ff));
const key = fc.tuple(
  word.map((high) => high || 1),
  word,
);
const entries = fc.array(fc.tuple(key, fc.tuple(word, word)), { maxLength: 2000 });
const textOf = ([high, low]: IdHash) => `${high}/${low}`;

it('knows exactly what a map of the same ids knows, with the words of each', () => {
  fc.assert(
    fc.property(entries, fc.array(key), (added, others) => {
      const table = new IdTable(2);
      const model = new Map<string, readonly number[]>();
      for (const [id, words] of added) {
        expect(table.put(id, words)).toBe(!model.has(textOf(id)));
        model.set(textOf(id), words);
      }
      expect(table.size).toBe(model.size);
      expect([...table.hashes()].map(textOf).sort()).toEqual([...model.keys()].sort());
      for (const [id] of added) expect(table.holds(id, model.get(textOf(id)) ?? [])).toBe(true);
      for (const id of others) expect(table.has(id)).toBe(model.has(textOf(id)));
    }),
    { numRuns: 100 },
  );
});

it('finds every id, and none twice, whenever it has grown', () => {
  const table = new IdTable(1);
  const ids = Array.from({ length: 20_000 }, (_, index) => idHash(`folder-${index}`));
  for (const [index, id] of ids.entries()) {
    expect(table.put(id, [index])).toBe(true);
    if (index % 2500 !== 2499) continue;
    const missing = ids.slice(0, index + 1).filter((known, place) => !table.holds(known, [place]));
    const tooMany = ids.slice(index + 1).filter((unknown) => table.has(unknown));
    const listed = new Set([...table.hashes()].map(textOf));
    expect([table.size, listed.size, missing, tooMany]).toEqual([index + 1, index + 1, [], []]);
  }
  expect(ids.filter((id) => table.put(id, [0]))).toEqual([]);
  expect(table.size).toBe(20_000);
});

it('keeps ids apart that all belong to the last place of one segment', () => {
  const table = new IdTable(1);
  const ids = Array.from({ length: 500 }, (_, index): IdHash => [0xff_ff_ff_ff - index, 0xff_ff_ff_ff]);
  for (const [index, id] of ids.entries()) table.put(id, [index]);
  expect(ids.map((id, index) => table.holds(id, [index])).every(Boolean)).toBe(true);
  expect(table.has([0xff_ff_ff_ff - 500, 0xff_ff_ff_ff])).toBe(false);
  expect(table.size).toBe(500);
});

it('holds an id with its own words alone, the last that it was given', () => {
  const table = new IdTable(2);
  table.put([7, 7], [1, 2]);
  table.put([7, 7], [3, 4]);
  const asked = [
    [1, 2],
    [3, 4],
    [3, 5],
    [5, 4],
  ];
  expect(asked.map((words) => table.holds([7, 7], words))).toEqual([false, true, false, false]);
  expect([table.size, table.holds([7, 8], [3, 4]), table.holds([8, 7], [3, 4])]).toEqual([1, false, false]);
});

it('takes the first eight bytes of a SHA-1', () => {
  // `printf abc | sha1sum`: a9993e364706816a…
  expect(idHash('abc')).toEqual([0xa9_99_3e_36, 0x47_06_81_6a]);
});
