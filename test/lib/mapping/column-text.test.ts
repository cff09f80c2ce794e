import { expect, it } from 'vitest';
import { columnText } from '../../../lib/mapping/column-text.ts';

it.each([
  ['9 kWc', '9 kWc'],
  ['un\ndeux', 'un\ndeux'],
  ['   ', ''],
  [null, ''],
  [9.5, '9.5'],
  [-0, '0'],
  [1e21, '1000000000000000000000'],
  [1.5e-7, '0.00000015'],
  [Number.NaN, ''],
  [true, 'oui'],
  [false, 'non'],
  [['a', null, ['b', 1], '', true], 'a, b, 1, oui'],
  [[], ''],
])('a column that holds %j reads %j', (value, expected) => {
  expect(columnText(value)).toBe(expected);
});
