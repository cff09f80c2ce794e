import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PlanChanges } from './plan.ts';
import { addCounts, type ShardReport, type ShardRequest } from './shard-messages.ts';

const seedsPerShard = 10;

type Watch = {
  onProgress?: ((soFar: ShardReport) => void) | undefined;
  /** Whether enough was seen. */
  isEnough?: ((soFar: ShardReport) => boolean) | undefined;
};

type RunOptions = Watch & { mutant?: string; changes?: PlanChanges };

export type WorkerPool = ReturnType<typeof createPool>;

async function ask(worker: Worker, request: ShardRequest): Promise<ShardReport> {
  worker.postMessage(request);
  const [report] = await once(worker, 'message');
  return report;
}

/** A worker for every core, for as many runs as there are: it takes each a second to start. */
export function createPool() {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./shard-worker.ts', import.meta.url)),
  );

  /** Runs shards on all workers; which of them runs which changes nothing. */
  async function run(
    shards: readonly ShardRequest[],
    { onProgress, isEnough = () => false }: Watch = {},
  ): Promise<ShardReport> {
    const total: ShardReport = { runs: 0, failures: [], counts: {} };
    const left = [...shards];
    const work = async (worker: Worker) => {
      for (let shard = left.shift(); shard !== undefined && !isEnough(total); shard = left.shift()) {
        const { runs, failures, counts } = await ask(worker, shard);
        total.runs += runs;
        total.failures.push(...failures);
        addCounts(total.counts, counts);
        onProgress?.(total);
      }
    };
    await Promise.all(workers.map(work));
    total.failures.sort((one, other) => one.seed - other.seed);
    return total;
  }

  function runSeeds(
    seeds: readonly number[],
    { onProgress, isEnough, ...request }: RunOptions = {},
  ): Promise<ShardReport> {
    const shards = Array.from({ length: Math.ceil(seeds.length / seedsPerShard) }, (_, nth) => ({
      ...request,
      seeds: seeds.slice(nth * seedsPerShard, (nth + 1) * seedsPerShard),
    }));
    return run(shards, { onProgress, isEnough });
  }

  return { run, runSeeds, close: () => Promise.all(workers.map((worker) => worker.terminate())) };
}
