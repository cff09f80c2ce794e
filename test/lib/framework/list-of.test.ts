import { expect, it } from 'vitest';
import * as z from 'zod';
import { listOf } from '../../../lib/framework/list-of.ts';

const users = z.object({ users: listOf(z.object({ id: z.string(), name: z.string() })) });

it('a list is read entry by entry', () => {
  const given = { users: [{ id: 'a', name: 'A', more: 1 }] };
  expect(users.parse(given)).toEqual({ users: [{ id: 'a', name: 'A' }] });
});

it('a list of nothing but mistakes has one report, which names the first', () => {
  const parsed = users.safeParse({ users: [{ id: 'a', name: 'A' }, ...Array(400_000).fill({})] });
  expect(parsed.error?.issues).toEqual([
    { code: 'custom', path: ['users', 1, 'id'], message: expect.stringContaining('expected string') },
  ]);
  expect(users.safeParse({ users: {} }).success).toBe(false);
});
