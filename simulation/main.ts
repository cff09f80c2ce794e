import { parseArgs } from 'node:util';
import { addFailedSeeds, readFailedSeeds } from './failed-seeds.ts';
import { isFaultKind } from './fault-kinds.ts';
import { mutants, needsTheWire } from './mutants.ts';
import type { PlanChanges } from './plan.ts';
import { unreached } from './reached.ts';
import { createPool, type WorkerPool } from './run-shards.ts';
import type { Failure, ShardReport } from './shard-messages.ts';
import { replayCommand, shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Failures of one kind beyond these say nothing new. */
const shrunkMax = 3;

const print = (text: string) => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    without: { type: 'string' },
    folders: { type: 'string' },
    edits: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    wire: { type: 'boolean', default: false },
  },
});

const changes: PlanChanges = {
  without: (values.without ?? '').split(',').filter(isFaultKind),
  ...(values.folders === undefined ? {} : { folders: Number(values.folders) }),
  ...(values.edits === undefined ? {} : { edits: Number(values.edits) }),
  ...(values.wire ? { wire: true } : {}),
};

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

const perMinute = (runs: number, startedAt: number) =>
  Math.round(runs / ((performance.now() - startedAt) / 60_000));

/** One seed, line by line. */
async function replay(seed: number): Promise<boolean> {
  const { violation, traceHash, effects, hours } = await simulate(seed, { ...changes, onTrace: print });
  print(`seed ${seed}: ${effects} effects in ${hours.toFixed(1)} simulated hours, trace ${traceHash}`);
  if (violation) print(`broken: ${violation.invariant}: ${violation.message}`);
  return violation === undefined;
}

async function explain(failures: readonly Failure[]): Promise<void> {
  const byInvariant = Map.groupBy(failures, ({ violation }) => violation.invariant);
  for (const [invariant, all] of byInvariant) {
    print(
      `\n${invariant}: ${all.length} seeds: ${all
        .slice(0, 20)
        .map(({ seed }) => seed)
        .join(' ')}`,
    );
    const [first] = all.slice(0, shrunkMax);
    if (first === undefined || invariant === 'same-trace') continue;
    const { changes: smaller, outcome } = await shrink(first.seed, changes);
    print(`  ${outcome.violation?.message.replaceAll('\n', '\n  ')}`);
    print(`  replay: ${replayCommand(first.seed, smaller)}`);
  }
}

function printFaults(counts: Readonly<Record<string, number>>): void {
  const faults = Object.entries(counts).filter(([name]) => name.startsWith('fault '));
  print(`faults: ${faults.map(([name, count]) => `${name.slice('fault '.length)} ${count}`).join(', ')}`);
}

async function runMany({ runSeeds }: WorkerPool): Promise<boolean> {
  const startedAt = performance.now();
  const wanted = range(Number(values.from), Number(values.seeds));
  const seeds = [...new Set([...readFailedSeeds(values.wire), ...wanted])];
  let printedAt = 0;
  const told = new Set<number>();
  const onProgress = ({ runs, failures }: ShardReport) => {
    // At once: a long run that is stopped has not said it in vain.
    for (const { seed, violation } of failures.filter(({ seed }) => !told.has(seed))) {
      told.add(seed);
      print(`seed ${seed}: ${violation.invariant}: ${violation.message.split('\n')[0]}`);
    }
    if (performance.now() - printedAt < 5_000) return;
    printedAt = performance.now();
    print(
      `${runs} of ${seeds.length} seeds, ${perMinute(runs, startedAt)} a minute, ${failures.length} failed`,
    );
  };
  const { runs, failures, counts } = await runSeeds(seeds, { changes, onProgress });
  await explain(failures);
  const missing = unreached(runs, counts, values.wire);
  if (missing.length > 0) print(`never happened: ${missing.join(', ')}`);
  printFaults(counts);
  print(
    `${runs} runs, ${perMinute(runs, startedAt)} a minute, ${failures.length} failed; ` +
      `${counts['company created'] ?? 0} companies created, ${counts['metric CompaniesAdopted'] ?? 0} adopted`,
  );
  if (failures.length > 0)
    addFailedSeeds(
      failures.map(({ seed }) => seed),
      values.wire,
    );
  return failures.length === 0 && missing.length === 0;
}

/** Every broken variant must be caught within its number of seeds. */
async function runMutants({ runSeeds }: WorkerPool): Promise<boolean> {
  let all = true;
  for (const [mutant, broken] of mutants) {
    const { seeds } = broken;
    const wire = needsTheWire(broken);
    const isEnough = ({ failures }: ShardReport) => failures.length > 0;
    const { runs, failures } = await runSeeds(range(Number(values.from), seeds), {
      mutant,
      changes: { wire },
      isEnough,
    });
    const [first] = failures;
    all &&= first !== undefined;
    print(
      first
        ? `caught   ${mutant}: ${first.violation.invariant}, seed ${first.seed} (${runs} runs)`
        : `ESCAPED  ${mutant}: ${runs} seeds noticed nothing`,
    );
  }
  return all;
}

async function withWorkers(run: (pool: WorkerPool) => Promise<boolean>): Promise<boolean> {
  const pool = createPool();
  try {
    return await run(pool);
  } finally {
    await pool.close();
  }
}

const isFine =
  values.seed === undefined
    ? await withWorkers(values.mutants ? runMutants : runMany)
    : await replay(Number(values.seed));
process.exitCode = isFine ? 0 : 1;
