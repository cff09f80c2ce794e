import type { Clock } from '../lib/framework/clock.ts';
import type { Chance } from './chance.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { CrashMode, CrashPoint, World } from './world.ts';

/** How far the clocks of two Lambdas stand from the true time, in milliseconds, either way. */
const clockOffsetMaxMs = 20;
/** Timers fire late by up to this, in milliseconds. */
const timerLateMaxMs = 5;

/** Where a crash can cost a company or make two of it: few of all effects, and so struck more often. */
const critical = /^moovago|FOLDER|PROSPECTS|^clavus prospect/;
const criticalWeight = 6;

/** Effects that change something. */
const writing = /^(Put|Update|Delete|BatchWrite|SendMessage)|^moovago write|^clavus prospect/;

export type Answer<Value> = { value: Value } | { error: unknown };
export type Reply<Value> = (answer: Answer<Value>) => void;
/** Sends something and sees to it that `reply` is called; what was sent lands whatever becomes of the sender. */
export type Send<Value> = (reply: Reply<Value>, draw: Chance) => void;

type Strike = { point: CrashPoint; mode: CrashMode };

/** What a thrown crash looks like to the code that it meets. */
export class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure';
}

type EnvironmentOptions = {
  /** Called for every 429 whose receiver lived on, and so had to tell the others. */
  onPatience(saidAt: number, until: number): void;
  /** Called when an invocation may be unable to write down what it learned. */
  onHarm(process: string): void;
};

export type Environment = ReturnType<typeof createEnvironment>;

/**
 * One execution environment of a Lambda: every effect of the connector passes through `call`, where the process may be
 * killed, be hit by an exception or freeze. Between two invocations it is frozen, with whatever was left pending.
 */
export function createEnvironment(world: World, name: string, { onPatience, onHarm }: EnvironmentOptions) {
  const { scheduler, trace, count, singleCrash } = world;
  const chance = world.chance.of(name);
  const offset = chance.between('clock', -clockOffsetMaxMs, clockOffsetMaxMs);
  let state: 'idle' | 'running' | 'dead' = 'idle';
  let held: (() => void)[] = [];
  let frozenUntil = 0;
  let calls = 0;
  let pending = 0;
  let invocation = 0;
  let hasLeftovers = false;
  let hasThrown = false;
  let injected = 0;
  let ids = 0;
  let patience: { saidAt: number; until: number }[] = [];
  let onDeath: (why: string) => void = () => {};

  const process = () => `${name}.${invocation}`;

  function strikes(kind: FaultKind, draw: Chance, weight = 1): boolean {
    const struck = world.strikes(kind, draw, weight);
    if (struck) injected++;
    return struck;
  }

  function die(why: string): void {
    if (state === 'dead') return;
    state = 'dead';
    onHarm(process());
    trace(`${name} killed ${why}`);
    onDeath(why);
  }

  /** Runs a continuation when this process may run: never, once it is dead. */
  function resume(run: () => void): void {
    if (state === 'dead') return;
    if (state === 'idle') held.push(run);
    else if (world.now() < frozenUntil) scheduler.at(frozenUntil, () => resume(run));
    else run();
  }

  function drawStrike(label: string, draw: Chance): Strike | undefined {
    // A timer does not throw.
    if (label === 'wait') return strikes('crash', draw) ? { point: 'after', mode: 'kill' } : undefined;
    const weight = critical.test(label) ? criticalWeight : 1;
    for (const [kind, mode] of [['crash', 'kill'] as const, ['throw', 'throw'] as const]) {
      if (!strikes(kind, draw, weight)) continue;
      const point = draw.pick<CrashPoint>(`${kind} point`, ['before', 'in flight', 'after']);
      count(`${mode} ${point} ${label}`);
      return { point, mode };
    }
    return undefined;
  }

  function strikeFor(label: string, draw: Chance): Strike | undefined {
    const nth = world.nextEffect();
    if (singleCrash) return singleCrash.effect === nth ? singleCrash : undefined;
    return drawStrike(label, draw);
  }

  function freezePerhaps(draw: Chance): void {
    if (!strikes('freeze', draw)) return;
    const forMs = draw.pick('freeze for', [30, 70, 400, 3_000, 30_000, 70_000]);
    frozenUntil = Math.max(frozenUntil, world.now() + forMs);
  }

  function call<Value>(label: string, send: Send<Value>): Promise<Value> {
    if (state === 'dead') return new Promise(() => {});
    const draw = chance.of(++calls);
    const strike = strikeFor(label, draw);
    trace(`${name} ${label} #${world.effects()}${strike ? ` ${strike.mode} ${strike.point}` : ''}`);
    const calledIn = invocation;
    const weight = writing.test(label) ? 1 : 0;
    pending += weight;
    return new Promise<Value>((resolve, reject) => {
      let hasReplied = false;
      const finish = (settle: () => void) => {
        if (hasReplied) return;
        hasReplied = true;
        freezePerhaps(draw);
        resume(() => {
          if (calledIn === invocation) pending -= weight;
          settle();
        });
      };
      const hit = (mode: CrashMode) => {
        if (mode === 'kill') die(`at ${label}`);
        else finish(() => reject(new SimulatedFailure(`simulated at ${label}`)));
        onHarm(process());
        hasThrown ||= mode === 'throw';
      };
      if (strike?.point === 'before') return hit(strike.mode);
      send((answer) => {
        if ('error' in answer && answer.error instanceof SimulatedFailure) onHarm(process());
        if (strike?.point === 'after') hit(strike.mode);
        else finish(() => ('value' in answer ? resolve(answer.value) : reject(answer.error)));
      }, draw);
      if (strike?.point === 'in flight') hit(strike.mode);
    });
  }

  function wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return call('wait', (reply, draw) => {
      const late = world.isQuiet() ? 1 : draw.between('late', 0, timerLateMaxMs);
      scheduler.at(world.now() + ms + late, () => reply({ value: undefined }));
    });
  }

  const clock: Clock = {
    now: () => world.now() + offset,
    wait,
    random: () => chance.of(++calls).number('random'),
  };

  return {
    name,
    chance,
    clock,
    call,
    strikes,
    /** This invocation, as its ids begin. */
    process,
    newId: () => `${process()}-${++ids}`,
    /** Thaws for an invocation. */
    begin(onKilled: (why: string) => void): void {
      state = 'running';
      invocation++;
      hasLeftovers ||= pending > 0;
      injected = 0;
      pending = 0;
      frozenUntil = 0;
      hasThrown = false;
      patience = [];
      onDeath = onKilled;
      const thawed = held;
      held = [];
      for (const run of thawed) scheduler.at(world.now(), () => resume(run));
    },
    /** Freezes until the next one. */
    end(): void {
      state = 'idle';
    },
    die,
    /** Moovago asked an invocation for patience; nobody hears it where that one is over. */
    patience: (sender: string, saidAt: number, forMs: number) => {
      if (sender === process()) patience.push({ saidAt, until: saidAt + forMs });
    },
    /** The invocation ended well: unless an exception took the place of an answer, everybody knows of the patience. */
    keepPatience: () => {
      if (hasThrown) return;
      for (const { saidAt, until } of patience) onPatience(saidAt, until);
    },
    isAlive: () => state !== 'dead',
    /** Writes that have not come back; not told any more once an exception left some behind, which then go on. */
    pending: () => (hasLeftovers ? 0 : pending),
    /** Faults that struck during this invocation. */
    injected: () => injected,
  };
}
