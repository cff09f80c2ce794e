import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A loop ends by itself after so long, in milliseconds, should nobody be there any more to end it. */
const longestMs = 15 * 60_000;

/** Processes that want a core each, all the time, until they are disposed of. */
export function startBusyLoops(count: number) {
  const script = `const end = Date.now() + ${longestMs}; while (Date.now() < end);`;
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', script], { stdio: 'ignore' }),
  );
  const ended = loops.map((loop) => once(loop, 'exit'));
  // However this process ends: what is disposed of asynchronously is not when it is killed by an error.
  const killAll = () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
  process.once('exit', killAll);
  return {
    pids: loops.flatMap(({ pid }) => pid ?? []),
    async [Symbol.asyncDispose]() {
      process.off('exit', killAll);
      killAll();
      await Promise.all(ended);
    },
  };
}
