import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackages, readPackages } from '../test/support/make-packages.ts';
import { type BenchOptions, help, readOptions } from './options.ts';
import { number, type Section, sectionLines } from './section-lines.ts';
import { measureColdStart } from './sections/cold-start.ts';
import { measureCreateCost } from './sections/create-cost.ts';
import { measureBusyDelivery, measureDelivery } from './sections/delivery.ts';
import { measureIdentity } from './sections/identity.ts';
import { measureLatency } from './sections/latency.ts';
import { measureScan } from './sections/scan.ts';
import { measureSize } from './sections/size.ts';

const startedAt = performance.now();

/** Progress, on standard error. */
function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stderr.write(`${seconds.padStart(4)} s  ${text}\n`);
}

async function bench({ backlog, sizes, largest, sections }: BenchOptions): Promise<void> {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  print([
    `${availableParallelism()} cores of ${cpu}, Node ${process.version}; before it began, ${number(loadavg()[0] ?? 0)} processes wanted one`,
  ]);
  if (sections.has('identity')) print(sectionLines(measureIdentity(say)));
  if (sections.size === 1 && sections.has('identity')) return;
  const bundles = await mkdtemp(join(tmpdir(), 'clavus-moovago-bundles-'));
  const show = async (section: Promise<Section>) => print(sectionLines(await section));
  try {
    say('packaging the functions');
    await makePackages(bundles);
    const { zippedBytes } = await readPackages(bundles);
    if (sections.has('delivery')) await show(measureDelivery({ folders: backlog, bundles, say }));
    if (sections.has('busyDelivery')) await show(measureBusyDelivery({ bundles, say }));
    if (sections.has('scan')) for (const folders of sizes) await show(measureScan({ folders, bundles, say }));
    if (sections.has('size')) {
      await show(measureSize({ companies: largest.companies, bundles, say }));
      await show(measureScan({ folders: largest.folders, bundles, say }));
    }
    if (sections.has('coldStart')) await show(measureColdStart({ bundles, zippedBytes, say }));
    if (sections.has('latency')) await show(measureLatency({ bundles, say }));
    if (sections.has('createCost')) await show(measureCreateCost({ bundles, say }));
  } finally {
    await rm(bundles, { recursive: true });
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') print([help]);
  else await bench(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
