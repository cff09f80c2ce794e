import type { WorkerPool } from './run-shards.ts';
import type { ShardReport } from './shard-messages.ts';
import { simulate } from './simulate.ts';
import { smallScenario } from './small-scenario.ts';
import type { CrashMode, CrashPoint, SingleCrash } from './world.ts';

const crashesPerShard = 60;
const points: readonly CrashPoint[] = ['before', 'in flight', 'after'];
const modes: readonly CrashMode[] = ['kill', 'throw'];

/** Runs a small scenario once for every effect that it has, every point at which that can break, and either way. */
export async function sweepCrashes(
  seed: number,
  pool: WorkerPool,
): Promise<ShardReport & { effects: number }> {
  const { violation, effects } = await simulate(seed, { adjust: smallScenario });
  if (violation) throw new Error(`The scenario fails by itself: ${JSON.stringify(violation)}`);
  const crashes: SingleCrash[] = Array.from({ length: effects }, (_, index) => index + 1).flatMap((effect) =>
    points.flatMap((point) => modes.map((mode) => ({ effect, point, mode }))),
  );
  const shards = Array.from({ length: Math.ceil(crashes.length / crashesPerShard) }, (_, nth) => ({
    seed,
    crashes: crashes.slice(nth * crashesPerShard, (nth + 1) * crashesPerShard),
  }));
  return { ...(await pool.run(shards)), effects };
}
