import { describe, expect, it } from 'vitest';
import { conditionOf, updateOf } from '../../../local/dynamodb/expressions.ts';

describe('conditions', () => {
  const item = { name: 'a', count: 5, inner: { at: 7 }, members: new Set(['x', 'y', 'z']) };
  it.each([
    ['attribute_exists(name)', true],
    ['attribute_not_exists(name)', false],
    ['attribute_not_exists(missing) AND count = :five', true],
    ['count < :five OR count > :five', false],
    ['count BETWEEN :four AND :five', true],
    ['count BETWEEN :five AND :four', false],
    ['NOT (count = :five)', false],
    ['count = :four OR count = :five AND name = :name', true],
    ['(count = :four OR count = :five) AND name = :five', false],
    ['inner.at > :five', true],
    ['#n = :name', true],
    ['missing <= :five', false],
    ['missing <> :five', true],
    ['name < :five', false],
    ['begins_with(name, :name)', true],
    ['size(members) < :four', true],
    ['size(name) = :five', false],
    ['size(missing) < :five', false],
  ])('%s is %s', (text, holds) => {
    const values = { ':four': 4, ':five': 5, ':name': 'a' };
    expect(conditionOf(text)(item, values, { '#n': 'name' })).toBe(holds);
  });

  it('complains about what it cannot read', () => {
    expect(() => conditionOf('count ~ :five')).toThrow('Cannot read the expression: count ~ :five');
    expect(() => conditionOf('count =')).toThrow('The expression ends too soon: count =');
    expect(() => conditionOf('count = :five extra')).toThrow(
      'Something is left over in: count = :five extra',
    );
  });
});

describe('updates', () => {
  const updated = (text: string, values: Record<string, unknown>) => {
    const item = { count: 5, ids: new Set(['a', 'b']) };
    updateOf(text)(item, values, {});
    return item;
  };

  it('sets, adds to, takes from and removes attributes', () => {
    const text = 'SET count = count + :two, name = if_not_exists(name, :name) ADD total :two DELETE ids :ids';
    expect(updated(text, { ':two': 2, ':name': 'x', ':ids': new Set(['a']) })).toEqual({
      count: 7,
      name: 'x',
      total: 2,
      ids: new Set(['b']),
    });
    expect(updated('REMOVE count DELETE ids :ids', { ':ids': new Set(['a', 'b']) })).toEqual({});
    expect(updated('ADD ids :ids', { ':ids': new Set(['c']) })).toEqual({
      count: 5,
      ids: new Set(['a', 'b', 'c']),
    });
  });
});
