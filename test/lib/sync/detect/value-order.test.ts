import { describe, expect, it } from 'vitest';
import { cutOf, mayLieIn, middleCut } from '../../../../lib/sync/detect/value-order.ts';

describe('a value in a range', () => {
  it.each([
    // In no order before the bound.
    ['Dupont', { from: 'Dupond' }, true],
    ['Dupond', { from: 'Dupont' }, false],
    // A dictionary has É between E and F, code units behind all letters.
    ['Écully', { from: 'Evian' }, true],
    ['Écully', { to: 'Evian' }, true],
    // As a number, 9 lies before 10; as text behind it.
    ['9', { from: '10' }, true],
    ['9', { to: '10' }, true],
    ['79000', { from: '79000', to: '79100' }, true],
    ['79100', { from: '79000', to: '79100' }, false],
    ['', { from: '79000' }, false],
    ['', { to: '79000' }, true],
  ])('%s, %j: %s', (value, range, expected) => {
    expect(mayLieIn(value, range)).toBe(expected);
  });
});

describe('the value at which a range is cut', () => {
  it('leaves some room below the ceiling', () => {
    expect(cutOf(['a', 'b', 'c', 'd', 'e'], {}, 2)).toEqual({ cut: 'c', before: 2 });
    expect(cutOf(['a', 'b', 'c', 'c', 'c'], {}, 2)).toEqual({ cut: 'c', before: 2 });
  });

  it('is none of its bounds, and none that spaces may change', () => {
    expect(cutOf(['a', 'a', 'b', 'b', 'b'], { from: 'a', to: 'b' }, 1)).toBeUndefined();
    expect(cutOf(['a', 'b', ' c'], { from: 'a' }, 1)).toMatchObject({ cut: 'b' });
  });

  it('is one in the middle where the server does not sort', () => {
    expect(cutOf(['d', 'a', 'c', 'b', 'e'], {}, 1)).toEqual({ cut: 'c', before: 0 });
    expect(middleCut(['d', 'a', 'c'], {})).toBe('c');
    expect(middleCut(['a', 'b', 'c'], {})).toBeUndefined();
  });
});
