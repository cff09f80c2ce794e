import type { FaultKind } from './fault-kinds.ts';
import type { Plan } from './plan.ts';
import { simulate } from './simulate.ts';
import type { CrashMode, CrashPoint, SingleCrash, Violation } from './world.ts';

const minuteMs = 60_000;

/** Two folders are imported and one is edited, on a Tuesday at noon, with nothing going wrong by itself. */
const smallScenario = (plan: Plan): Plan => ({
  ...plan,
  isCalm: false,
  startsAt: Date.parse('2026-11-24T11:00:00Z'),
  quietAt: Date.parse('2026-11-24T11:04:00Z'),
  silenceMs: 5 * minuteMs,
  pollEveryMs: 2 * minuteMs,
  faults: new Map<FaultKind, number>(),
  lateMs: 1_000,
  listLagMs: 1_000,
  settleAfterMs: 65_000,
  pageSize: 1,
  bulkAbove: 100,
  recordsPerRequest: 25,
  businessRate: 5,
  tableMs: 2,
  clavusMs: 5,
  moovagoMs: 10,
  moovagoWorksMs: 5,
  folders: 2,
  edits: 1,
  isNumbered: true,
  hasNotes: true,
});

type Swept = { effects: number; runs: number; failures: { crash: SingleCrash; violation: Violation }[] };

const points: readonly CrashPoint[] = ['before', 'in flight', 'after'];
const modes: readonly CrashMode[] = ['kill', 'throw'];

/** Runs a small scenario once for every effect that it has, every point at which that can break, and either way. */
export async function sweepCrashes(seed: number): Promise<Swept> {
  const options = { adjust: smallScenario };
  const sound = await simulate(seed, options);
  if (sound.violation) throw new Error(`The scenario fails by itself: ${JSON.stringify(sound.violation)}`);
  const swept: Swept = { effects: sound.effects, runs: 0, failures: [] };
  for (let effect = 1; effect <= sound.effects; effect++)
    for (const point of points)
      for (const mode of modes) {
        const crash = { effect, point, mode };
        const { violation } = await simulate(seed, { ...options, singleCrash: crash });
        swept.runs++;
        if (violation) swept.failures.push({ crash, violation });
      }
  return swept;
}
