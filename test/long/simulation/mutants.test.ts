import { afterAll, describe, expect, it } from 'vitest';
import { mutants, needsTheWire } from '../../../simulation/mutants.ts';
import { createPool } from '../../../simulation/run-shards.ts';

/** Broken variants that show within a few seeds; `npm run simulate -- --mutants` has all of them, and more seeds. */
const seedsMax = 20;

const pool = createPool();
afterAll(pool.close);

describe('the oracle of the simulation', () => {
  const quick = [...mutants].filter(([, { seeds }]) => seeds <= seedsMax);

  it.each(quick)('notices that %s', async (mutant, broken) => {
    const changes = { wire: needsTheWire(broken) };
    const { failures } = await pool.runSeeds(
      Array.from({ length: broken.seeds }, (_, index) => index + 1),
      { mutant, changes, isEnough: (soFar) => soFar.failures.length > 0 },
    );
    expect(failures.length).toBeGreaterThan(0);
  });
});
