import { Chance } from './chance.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Plan } from './plan.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

/** A promise of the connector that was broken. */
export type Violation = { invariant: string; message: string; at: number };

/** The one effect that a sweep breaks, by its place in the run, instead of faults by chance. */
export type SingleCrash = { effect: number; point: CrashPoint; mode: CrashMode };
export type CrashPoint = 'before' | 'in flight' | 'after';
/** `kill`: the promise never settles. `throw`: its twin, where catch and finally run. */
export type CrashMode = 'kill' | 'throw';

type WorldOptions = { onTrace?: ((line: string) => void) | undefined; singleCrash?: SingleCrash | undefined };

export type World = ReturnType<typeof createWorld>;

/** What all parts of one run share: its plan, time, chance, counters and trace. */
export function createWorld(plan: Plan, { onTrace, singleCrash }: WorldOptions) {
  const scheduler: Scheduler = createScheduler(plan.startsAt, { hasStreams: plan.wire !== undefined });
  const counts = new Map<string, number>();
  let violation: Violation | undefined;
  let traceHash = 0x811c9dc5;
  let effects = 0;

  function count(what: string, by = 1): void {
    counts.set(what, (counts.get(what) ?? 0) + by);
  }

  function trace(line: string): void {
    const text = `${scheduler.now()} ${line}`;
    for (let index = 0; index < text.length; index++)
      traceHash = Math.imul(traceHash ^ text.charCodeAt(index), 0x01000193);
    onTrace?.(`${new Date(scheduler.now()).toISOString()} ${line}`);
  }

  /** The first violation ends the run: what follows from it is of no interest. */
  function fail(invariant: string, message: string): void {
    trace(`VIOLATION ${invariant}: ${message}`);
    violation ??= { invariant, message, at: scheduler.now() };
  }

  let slowness = 1;

  const isQuiet = () => scheduler.now() >= plan.quietAt;

  /** @param weight makes it likelier, where there are few occasions and much to learn */
  function strikes(kind: FaultKind, draw: Chance, weight = 1): boolean {
    const rate = plan.faults.get(kind);
    if (rate === undefined || isQuiet() || !draw.hits(kind, rate * weight)) return false;
    count(`fault ${kind}`);
    trace(`fault ${kind}`);
    return true;
  }

  return {
    plan,
    scheduler,
    chance: new Chance(plan.seed),
    singleCrash,
    count,
    trace,
    fail,
    strikes,
    isQuiet,
    /** So many times rarer do schedules tick: nothing new can happen while all that is left waits for the evening. */
    slowness: () => slowness,
    setSlowness: (times: number) => {
      slowness = times;
    },
    now: scheduler.now,
    /** The number of an effect in the run, from 1. */
    nextEffect: () => ++effects,
    counts: () => Object.fromEntries(counts),
    violation: () => violation,
    traceHash: () => (traceHash >>> 0).toString(16),
    effects: () => effects,
  };
}
