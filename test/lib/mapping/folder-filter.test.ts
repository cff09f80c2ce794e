import { expect, it } from 'vitest';
import { satisfiesFilter } from '../../../lib/mapping/folder-filter.ts';

const values = new Map([
  ['statut', 'Signé'],
  ['puissance', '9'],
  ['ville', 'Saint-Étienne'],
]);
const passes = (column: string, operator: '=' | '<' | '>' | '<=' | '>=' | 'IN' | 'CONTAINS', value: string) =>
  satisfiesFilter([{ column, operator, value }], (name) => values.get(name));

it.each([
  ['statut', '=', 'signe', true],
  ['statut', '=', 'perdu', false],
  ['statut', 'IN', 'prospect, signé', true],
  ['statut', 'IN', 'prospect,perdu', false],
  ['ville', 'CONTAINS', 'etienne', true],
  ['ville', 'CONTAINS', 'nice', false],
  ['puissance', '>', '10', false],
  ['puissance', '>=', '9', true],
  ['puissance', '<', '10', true],
  ['puissance', '<=', '8', false],
  ['unknown', '=', '', true],
  ['unknown', '=', 'x', false],
] as const)('%s %s %s: %s', (column, operator, value, expected) => {
  expect(passes(column, operator, value)).toBe(expected);
});

it('takes a folder that satisfies all conditions', () => {
  const both = [
    { column: 'statut', operator: '=', value: 'Signé' },
    { column: 'puissance', operator: '>', value: '10' },
  ] as const;
  expect(satisfiesFilter(both, (name) => values.get(name))).toBe(false);
  expect(satisfiesFilter(both.slice(0, 1), (name) => values.get(name))).toBe(true);
});
