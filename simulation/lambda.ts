import { ConfigurationError, TryLater } from '../lib/framework/errors.ts';
import type { App } from '../lib/jobs/app.ts';
import type { Environment } from './environment.ts';
import { timeoutMs } from './plan.ts';
import type { World } from './world.ts';

export type FunctionName = keyof typeof timeoutMs;

type Ending = { kind: 'returned'; value: unknown } | { kind: 'threw'; error: unknown } | { kind: 'killed' };
type Job = (app: App, deadline: number) => Promise<unknown>;

/** What one execution environment is made of. */
export type Instance = { env: Environment; app: App };

export type Lambda = ReturnType<typeof createLambda>;

/** Lambda: warm and cold environments, a limit on time, and death. */
export function createLambda(world: World, makeEnvironment: (name: string) => Instance) {
  const { scheduler, trace, count } = world;
  const idle = new Map<FunctionName, Instance[]>();
  let made = 0;
  let invocations = 0;
  let running: Environment[] = [];
  let stoppedUntil = 0;

  function takeInstance(name: FunctionName): Instance {
    const draw = world.chance.of('cold').of(++invocations);
    const warm = idle.get(name) ?? [];
    const isCold = world.strikes('cold-start', draw);
    const instance = isCold ? warm.shift() && undefined : warm.pop();
    idle.set(name, warm);
    if (instance !== undefined) return instance;
    return makeEnvironment(`${name}${++made}`);
  }

  /** A job may throw because of what struck it, or because a service is down. Anything else is a mistake of ours. */
  function checkThrown(name: FunctionName, { env, app }: Instance, error: unknown): void {
    if (error instanceof Error)
      app.telemetry.log.error('failed', { error: error.name, reason: error.message });
    const isTrouble = error instanceof TryLater || error instanceof ConfigurationError;
    if (env.injected() > 0 || world.singleCrash || (isTrouble && name !== 'write')) return;
    world.fail(
      'throws',
      `${name} threw for no reason: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }

  function finish(name: FunctionName, instance: Instance, ending: Ending): void {
    const { env } = instance;
    trace(`${env.name} ${ending.kind}`);
    count(`${name} ${ending.kind}`);
    if (ending.kind === 'threw') checkThrown(name, instance, ending.error);
    if (ending.kind === 'returned') {
      env.keepPatience();
      if (env.pending() > 0)
        world.fail('dangling', `${name} returned and left ${env.pending()} effects behind`);
    }
    running = running.filter((one) => one !== env);
    if (ending.kind === 'killed') return;
    env.end();
    idle.get(name)?.push(instance);
  }

  function invoke(name: FunctionName, job: Job, onEnd: (ending: Ending) => void = () => {}): void {
    if (world.now() < stoppedUntil) {
      onEnd({ kind: 'killed' });
      return;
    }
    const instance = takeInstance(name);
    const { env, app } = instance;
    const deadline = world.now() + timeoutMs[name];
    let hasEnded = false;
    const end = (ending: Ending) => {
      if (hasEnded) return;
      hasEnded = true;
      finish(name, instance, ending);
      onEnd(ending);
    };
    trace(`${env.name} begins`);
    running.push(env);
    env.begin(() => end({ kind: 'killed' }));
    scheduler.at(deadline, () => {
      if (hasEnded) return;
      if (env.injected() === 0 && name === 'write')
        world.fail('time-out', `${name} ran out of time for no reason`);
      env.die('by the time-out');
    });
    job(app, deadline + env.clock.now() - world.now()).then(
      (value) => end({ kind: 'returned', value }),
      (error: unknown) => end({ kind: 'threw', error }),
    );
  }

  /** An operator's command, on a machine of its own: nothing keeps it from running. */
  function byHand(job: Job, onEnd: (ending: Ending) => void): void {
    const until = stoppedUntil;
    stoppedUntil = 0;
    invoke('poll', job, onEnd);
    stoppedUntil = until;
  }

  /** A deployment: nothing of before runs on, and nothing begins for a while. */
  function stopFor(ms: number): void {
    stoppedUntil = world.now() + ms;
    idle.clear();
    for (const env of running) env.die('by an operator');
  }

  return { invoke, byHand, stopFor };
}
