import { parentPort } from 'node:worker_threads';
import { mutants } from './mutants.ts';
import type { PlanChanges } from './plan.ts';
import { addCounts, type ShardReport, type ShardRequest } from './shard-messages.ts';
import { type Outcome, simulate } from './simulate.ts';
import { smallScenario } from './small-scenario.ts';
import type { SingleCrash } from './world.ts';

/** So many seeds run twice: the same seed gives the same trace. */
const twiceEvery = 40;

/** A seed that fails anyway shows nothing about a mutant. */
async function runMutant(seed: number, name: string, changes: PlanChanges): Promise<Outcome> {
  const outcome = await simulate(seed, { ...changes, mutant: mutants.get(name) });
  if (outcome.violation === undefined) return outcome;
  const sound = await simulate(seed, changes);
  return sound.violation === undefined ? outcome : { ...outcome, violation: undefined };
}

async function run(seed: number, changes: PlanChanges): Promise<Outcome> {
  const outcome = await simulate(seed, changes);
  if (seed % twiceEvery > 0 || outcome.violation !== undefined) return outcome;
  const again = await simulate(seed, changes);
  if (again.traceHash === outcome.traceHash) return outcome;
  return {
    ...outcome,
    violation: { invariant: 'same-trace', message: 'the same seed gave another trace', at: 0 },
  };
}

async function runSeeds(
  seeds: readonly number[],
  mutant: string | undefined,
  changes: PlanChanges,
): Promise<ShardReport> {
  const report: ShardReport = { runs: 0, failures: [], counts: {} };
  for (const seed of seeds) {
    const { violation, counts } = await (mutant === undefined
      ? run(seed, changes)
      : runMutant(seed, mutant, changes));
    report.runs++;
    addCounts(report.counts, counts);
    if (violation !== undefined) report.failures.push({ seed, violation });
    if (violation !== undefined && mutant !== undefined) return report;
  }
  return report;
}

async function runCrashes(seed: number, crashes: readonly SingleCrash[]): Promise<ShardReport> {
  const report: ShardReport = { runs: 0, failures: [], counts: {} };
  for (const crash of crashes) {
    const { violation } = await simulate(seed, { adjust: smallScenario, singleCrash: crash });
    report.runs++;
    if (violation) report.failures.push({ seed, violation, crash });
  }
  return report;
}

const answer = (request: ShardRequest) =>
  'crashes' in request
    ? runCrashes(request.seed, request.crashes)
    : runSeeds(request.seeds, request.mutant, request.changes ?? {});

parentPort?.on('message', (request: ShardRequest) => {
  answer(request).then(
    (report) => parentPort?.postMessage(report),
    (error: unknown) => {
      // A bug of the simulation: nothing to go on with.
      throw error;
    },
  );
});
