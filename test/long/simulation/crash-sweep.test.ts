import { afterAll, expect, it } from 'vitest';
import { sweepCrashes } from '../../../simulation/crash-sweep.ts';
import { createPool } from '../../../simulation/run-shards.ts';

const pool = createPool();
afterAll(pool.close);

it('survives a crash before, in and after every single effect of a small import, killed or by an exception', async () => {
  const { effects, runs, failures } = await sweepCrashes(1, pool);
  expect(failures).toEqual([]);
  expect(effects).toBeGreaterThan(100);
  expect(runs).toBe(effects * 6);
});
