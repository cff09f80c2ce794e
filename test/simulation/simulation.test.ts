import { afterAll, describe, expect, it } from 'vitest';
import { readFailedSeeds } from '../../simulation/failed-seeds.ts';
import { createPool } from '../../simulation/run-shards.ts';
import { simulate } from '../../simulation/simulate.ts';

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

const pool = createPool();
afterAll(pool.close);

describe('the simulation', () => {
  it('breaks no promise in 500 seeds, nor in those that ever failed', async () => {
    const { failures, counts } = await pool.runSeeds([...new Set([...readFailedSeeds(), ...range(1, 500)])]);
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({
      'company created': expect.any(Number),
      'company updated': expect.any(Number),
      'metric CompaniesAdopted': expect.any(Number),
      'write killed': expect.any(Number),
    });
  }, 180_000);

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
