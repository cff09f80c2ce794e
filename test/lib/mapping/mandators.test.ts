import { describe, expect, it } from 'vitest';
import { createMandatorResolver } from '../../../lib/mapping/mandators.ts';

const resolve = createMandatorResolver({
  mandators: [
    { id: 'd1', name: 'Panneaux SA' },
    { id: 'd2', name: 'Énergie & Toits' },
    { id: 'd3', name: 'Doublon' },
    { id: 'd4', name: 'DOUBLON' },
    { id: 'd5', name: 'Rey, Dupont et fils' },
  ],
  overrides: { PSA: 'd1', 'Ancien nom': 'Énergie & Toits', constructor: 'd2', perdu: 'nobody' },
});

describe('the mandators that a column names', () => {
  it.each([
    ['Panneaux SA', ['d1'], []],
    ['  PANNEAUX   sa ', ['d1'], []],
    ['energie et toits', [], ['energie et toits']],
    ['ENERGIE TOITS', ['d2'], []],
    ['d2', ['d2'], []],
    ['PSA', ['d1'], []],
    ['Ancien nom', ['d2'], []],
    ['constructor', ['d2'], []],
    ['toString', [], ['toString']],
    ['perdu', [], ['perdu']],
    // Two mandators are called so: nobody can tell which is meant.
    ['doublon', [], ['doublon']],
    ['PSA; Énergie & Toits | PSA', ['d1', 'd2'], []],
    ['Rey, Dupont et fils', ['d5'], []],
    [['Panneaux SA', null, ['Inconnu']], ['d1'], ['Inconnu']],
    [null, [], []],
    ['', [], []],
  ])('of %j are %j, and %j nobody', (value, ids, unmatched) => {
    expect(resolve(value)).toEqual({ ids, unmatched });
  });
});
