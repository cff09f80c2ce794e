import { afterAll, describe, expect, it } from 'vitest';
import { createPool } from '../../simulation/run-shards.ts';
import { simulate } from '../../simulation/simulate.ts';

const first30 = Array.from({ length: 30 }, (_, index) => index + 1);

const pool = createPool();
afterAll(pool.close);

describe('the simulation at the wire', () => {
  it('breaks no promise in 30 seeds, in which the real clients read answers of all kinds', async () => {
    const { failures, counts } = await pool.runSeeds(first30, { changes: { wire: true } });
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({
      'wire: data is null': expect.any(Number),
      'wire: a page too heavy': expect.any(Number),
      'wire: too many ids': expect.any(Number),
      'fault folder-unreadable': expect.any(Number),
      'fault alias-throttled': expect.any(Number),
      'fault members-vanish': expect.any(Number),
      'poll that saw everything': expect.any(Number),
    });
  });

  it('does the same for the same seed', async () => {
    const [one, other] = [await simulate(3, { wire: true }), await simulate(3, { wire: true })];
    expect(one).toEqual(other);
  });
});
