import { expect, it } from 'vitest';
import { lazy } from '../../../lib/framework/lazy.ts';

it('a value is made once, and a failure is forgotten', async () => {
  const made: number[] = [];
  const value = lazy(async () => {
    made.push(made.length);
    if (made.length === 1) throw new Error('not yet');
    return made.length;
  });
  await expect(value()).rejects.toThrow('not yet');
  expect(await Promise.all([value(), value()])).toEqual([2, 2]);
  expect(await value()).toBe(2);
});
