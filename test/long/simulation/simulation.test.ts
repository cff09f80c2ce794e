import { afterAll, expect, it } from 'vitest';
import { readFailedSeeds } from '../../../simulation/failed-seeds.ts';
import { createPool } from '../../../simulation/run-shards.ts';

const first500 = Array.from({ length: 500 }, (_, index) => index + 1);

const pool = createPool();
afterAll(pool.close);

it('breaks no promise in 500 seeds, nor in those that ever failed', async () => {
  const { failures, counts } = await pool.runSeeds([...new Set([...readFailedSeeds(), ...first500])]);
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({
    'company created': expect.any(Number),
    'company updated': expect.any(Number),
    'metric CompaniesAdopted': expect.any(Number),
    'write killed': expect.any(Number),
  });
});

it('breaks no promise at the wire in 200 seeds, nor in those that ever failed there', async () => {
  const seeds = [...new Set([...readFailedSeeds(true), ...first500.slice(0, 200)])];
  const { failures } = await pool.runSeeds(seeds, { changes: { wire: true } });
  expect(failures).toEqual([]);
});
