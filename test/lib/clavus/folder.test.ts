import { expect, it } from 'vitest';
import { folderColumn } from '../../../lib/clavus/folder.ts';

const read = (value: unknown) => folderColumn.parse({ id: 'col1', name: 'x', label: 'X', value }).value;

it.each([
  ['["u1"]', ['u1']],
  [' [ "u1", "u2" ] ', ['u1', 'u2']],
  [{ street: '3 rue du Lac', zip: '79000' }, ['3 rue du Lac', '79000']],
  ['{"street":"3 rue du Lac","zip":79000}', ['3 rue du Lac', 79_000]],
  [{ a: { b: ['c', null, true] } }, [[['c', null, true]]]],
  ['[à rappeler]', '[à rappeler]'],
  ['{nom}', '{nom}'],
  ['"u1"', '"u1"'],
  ['12', '12'],
])('A column with %j has the value %j', (given, value) => {
  expect(read(given)).toEqual(value);
});

it('A list within lists beyond four levels stays as it is written', () => {
  expect(read([[[[[['deep']]]]]])).toEqual([[[[[['deep']]]]]]);
  expect(read('[[[[["deep"]]]]]')).toEqual([[[['["deep"]']]]]);
});
