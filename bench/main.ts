import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackages, readPackages } from '../test/support/make-packages.ts';
import { scanChart } from './chart.ts';
import type { Section } from './figures.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type BenchOptions, help, readOptions } from './options.ts';
import { number, sectionLines } from './section-lines.ts';
import { measureBusyDelivery } from './sections/busy-delivery.ts';
import { measureColdStart } from './sections/cold-start.ts';
import { measureCreateCost } from './sections/create-cost.ts';
import { measureDelivery } from './sections/delivery.ts';
import { measureLatency } from './sections/latency.ts';
import { growthSection, measureScans, type ScanPoint, scanSection } from './sections/scan.ts';

const chartFile = 'docs/bench.svg';
const startedAt = performance.now();

/** Progress, on standard error. */
function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stderr.write(`${seconds.padStart(4)} s  ${text}\n`);
}

async function bench(options: BenchOptions): Promise<void> {
  const machine = describeMachine();
  const folder = await mkdtemp(join(tmpdir(), 'clavus-moovago-bundles-'));
  try {
    say('packaging the functions');
    await makePackages(folder);
    const { zippedBytes } = await readPackages(folder);
    const { sections, scans } = await measure(options, folder, zippedBytes);
    if (options.chart && scans.length > 0) await draw(scans, machine);
    print(options, machine, sections, scans);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(
  { backlog, sizes, edits, sections: wanted }: BenchOptions,
  bundles: string,
  zippedBytes: ReadonlyMap<string, number>,
): Promise<{ sections: Section[]; scans: ScanPoint[] }> {
  const sections: Section[] = [];
  const scans: ScanPoint[] = [];
  if (wanted.has('delivery')) sections.push(await measureDelivery({ folders: backlog, bundles, say }));
  if (wanted.has('busyDelivery')) sections.push(await measureBusyDelivery({ bundles, say }));
  if (wanted.has('scan')) {
    scans.push(...(await measureScans({ sizes, bundles, say })));
    const usual = scans.find(({ folders }) => folders === 100_000);
    if (usual !== undefined) sections.push(scanSection(usual));
    sections.push(growthSection(scans));
  }
  if (wanted.has('coldStart')) sections.push(await measureColdStart({ bundles, zippedBytes, say }));
  if (wanted.has('latency')) sections.push(await measureLatency({ edits, bundles, say }));
  if (wanted.has('createCost')) sections.push(await measureCreateCost({ bundles, say }));
  return { sections, scans };
}

async function draw(scans: readonly ScanPoint[], machine: Machine): Promise<void> {
  await mkdir('docs', { recursive: true });
  await writeFile(
    chartFile,
    scanChart(scans, `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}`),
  );
  say(`drew ${chartFile}`);
}

function print({ json }: BenchOptions, machine: Machine, sections: Section[], scans: ScanPoint[]): void {
  const { cpu, cores, node, loadBefore } = machine;
  const where = `${cores} cores of ${cpu}, Node ${node}; before it began, ${number(loadBefore)} processes wanted one`;
  const text = json
    ? JSON.stringify({ machine, sections, scans })
    : [where, ...sections.flatMap(sectionLines), ''].join('\n');
  process.stdout.write(`${text}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${help}\n`);
  else await bench(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
