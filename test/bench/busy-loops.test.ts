import { expect, it } from 'vitest';
import { startBusyLoops } from '../../bench/busy-loops.ts';

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('keeps loops running until it is disposed of', async () => {
  const loops = startBusyLoops(2);
  const { pids } = loops;
  expect(pids.map(isRunning)).toEqual([true, true]);
  await loops[Symbol.asyncDispose]();
  expect(pids.map(isRunning)).toEqual([false, false]);
});
