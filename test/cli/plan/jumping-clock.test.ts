import { expect, it } from 'vitest';
import { createJumpingClock } from '../../../cli/plan/jumping-clock.ts';

it('A jumping clock wakes those who wait in the order of their moments, and lets each finish before the next', async () => {
  const clock = createJumpingClock(1000);
  const seen: [string, number][] = [];
  const wait = async (name: string, ms: number, then = 0) => {
    await clock.wait(ms);
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    seen.push([name, clock.now()]);
    await clock.wait(then);
    seen.push([`${name} again`, clock.now()]);
  };
  await Promise.all([
    wait('late', 500),
    wait('soon', 100, 200),
    wait('never mind', 0),
    wait('days', 2 * 86_400_000),
  ]);
  expect(seen).toEqual([
    ['never mind', 1000],
    ['never mind again', 1000],
    ['soon', 1100],
    ['soon again', 1300],
    ['late', 1500],
    ['late again', 1500],
    ['days', 172_801_000],
    ['days again', 172_801_000],
  ]);
});
