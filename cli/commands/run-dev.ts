import { fileURLToPath } from 'node:url';
import { systemClock } from '../../lib/framework/clock.ts';
import { startDemoWorld } from '../../local/demo/demo-world.ts';
import { createActivity } from '../board/activity.ts';
import { simulatedSystems } from '../board/simulated-systems.ts';
import { startBoard } from '../board/start-board.ts';
import type { LogEntry } from '../function-output.ts';
import { interruption, keepInStep } from '../keep-in-step.ts';
import { serviceEnvironment } from '../service-environment.ts';
import { localStage, openSession } from '../session.ts';
import { exitStatus } from '../sync-report.ts';
import { createTerminal } from '../terminal.ts';
import type { DevOptions } from './dev.ts';

/** `dev`: simulated systems, the real connector, and the page to look at and to edit in, until it is interrupted. */
export async function runDev(options: DevOptions): Promise<number> {
  const terminal = createTerminal({ verbose: options.verbose ?? false });
  const interrupted = interruption();
  terminal.say(
    'Clavus and Moovago are simulated on this machine; everything between them is the real connector.',
  );
  await using dev = await startDev(options, terminal.log);
  terminal.say(`Open ${dev.url} and edit a folder. Press Ctrl+C to stop; nothing is kept.`);
  await interrupted;
  return exitStatus.done;
}

/** How often the queue is fed, in milliseconds. */
const feedEveryMs = 3_000;

/** Everything that `dev` runs, with its state in memory. */
export async function startDev(
  { folders, port, businessHours = false, clavusCeiling, moovagoList }: DevOptions,
  onLog: (entry: LogEntry) => void,
) {
  await using started = new AsyncDisposableStack();
  const world = await startDemoWorld({ folders, seed: 1, troubled: true, clavusCeiling, moovagoList });
  started.defer(async () => void (await world.close()));
  const activity = createActivity(systemClock.now);
  const session = started.use(
    await openSession({
      config: fileURLToPath(new URL('../../local/demo/sync.config.ts', import.meta.url)),
      ignoreBusinessHours: !businessHours,
      environment: world.environment,
      onLog: (entry) => {
        activity.take(entry);
        onLog(entry);
      },
    }),
  );
  const systems = simulatedSystems(session, world, localStage);
  const environment = serviceEnvironment({ ...process.env, ...world.environment });
  const board = started.use(await startBoard({ port, session, activity, systems, environment, onLog }));
  await keepInStep(session, () => {});
  // The schedule's minute is long for somebody who looks on.
  const feeding = setInterval(() => void session.stack.invoke('feedQueue', {}).catch(() => {}), feedEveryMs);
  started.defer(() => clearInterval(feeding));
  const running = started.move();
  return { url: board.url, world, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
