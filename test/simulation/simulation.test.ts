import { afterAll, describe, expect, it } from 'vitest';
import { createPool } from '../../simulation/run-shards.ts';
import { simulate } from '../../simulation/simulate.ts';

/** `test/long` has more of them, and those that ever failed. */
const first120 = Array.from({ length: 120 }, (_, index) => index + 1);

const pool = createPool();
afterAll(pool.close);

describe('the simulation', () => {
  it('breaks no promise in 120 seeds', async () => {
    const { failures, counts } = await pool.runSeeds(first120);
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({
      'company created': expect.any(Number),
      'company updated': expect.any(Number),
      'metric CompaniesAdopted': expect.any(Number),
      'write killed': expect.any(Number),
    });
  });

  it('does the same for the same seed', async () => {
    const [one, other] = [await simulate(11), await simulate(11)];
    expect(one).toEqual(other);
  });

  it('does something else for another seed', async () => {
    expect((await simulate(11)).traceHash).not.toBe((await simulate(12)).traceHash);
  });

  it('strikes with no fault that is switched off', async () => {
    const { faults } = await simulate(11);
    expect(faults.length).toBeGreaterThan(5);
    const { counts } = await simulate(11, { without: faults });
    expect(Object.keys(counts).filter((name) => name.startsWith('fault '))).toEqual([]);
  });
});
