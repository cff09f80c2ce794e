import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addCounts, type ShardReport, type ShardRequest } from './shard-messages.ts';

const seedsPerShard = 10;

type RunOptions = Omit<ShardRequest, 'seeds'> & {
  onProgress?: ((soFar: ShardReport) => void) | undefined;
  /** Whether enough was seen. */
  isEnough?: ((soFar: ShardReport) => boolean) | undefined;
};

async function ask(worker: Worker, request: ShardRequest): Promise<ShardReport> {
  worker.postMessage(request);
  const [report] = await once(worker, 'message');
  return report;
}

/** Runs seeds on all cores; which core runs which seed changes nothing. */
export async function runSeeds(
  seeds: readonly number[],
  { onProgress, isEnough = () => false, ...request }: RunOptions = {},
): Promise<ShardReport> {
  const total: ShardReport = { runs: 0, failures: [], counts: {} };
  let next = 0;

  async function work(worker: Worker): Promise<void> {
    while (next < seeds.length && !isEnough(total)) {
      const shard = seeds.slice(next, next + seedsPerShard);
      next += shard.length;
      const { runs, failures, counts } = await ask(worker, { ...request, seeds: shard });
      total.runs += runs;
      total.failures.push(...failures);
      addCounts(total.counts, counts);
      onProgress?.(total);
    }
  }

  const wanted = Math.min(availableParallelism(), Math.ceil(seeds.length / seedsPerShard));
  const workers = Array.from(
    { length: wanted },
    () => new Worker(new URL('./shard-worker.ts', import.meta.url)),
  );
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  total.failures.sort((one, other) => one.seed - other.seed);
  return total;
}
