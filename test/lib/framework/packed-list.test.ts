import { expect, it } from 'vitest';
import { PackedList } from '../../../lib/framework/packed-list.ts';

it('gives back what it was given, at any place and in any order', () => {
  const list = new PackedList();
  const valueAt = (place: number) => ({ id: `c${place}`, note: `é\n"${'x'.repeat(place % 3_000)}` });
  expect(list.at(0)).toBeUndefined();
  for (let place = 0; place < 1_000; place++) list.push(valueAt(place));
  expect(list.length).toBe(1_000);
  for (const place of [0, 999, 500, 501, 499, 1, 998, 0]) expect(list.at(place)).toEqual(valueAt(place));
  expect(list.at(1_000)).toBeUndefined();
});
