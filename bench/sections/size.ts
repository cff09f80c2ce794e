import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { readStack } from '../../local/template.ts';
import { startChild } from '../processes/child.ts';
import type { Figure, Say, Section } from '../section-lines.ts';
import { stage, startStack, startSystems } from '../world.ts';

/** What Lambda gives a whole processor for, in megabytes. */
const processorMegabytes = 1_769;
/** The folders of the simulated Clavus, for its columns and people. */
const sampleFolders = 50;

const seededAtOnce = 20_000;

const invoked = z.object({ result: z.string(), processorSeconds: z.number(), peakMegabytes: z.number() });

type SizeOptions = { companies: number; bundles: string; say: Say };

/** The functions that read all of Moovago's companies, with 100,000 of them, none of which has changed. */
export async function measureSize({ companies, bundles, say }: SizeOptions): Promise<Section> {
  await using systems = await startSystems({ folders: sampleFolders, moovagoLatencyMs: 0 });
  await using stack = await startStack({ systems, bundles, hours: 'night' });
  const MOOVAGO_API_URL = await systems.startManyCompanies(companies);
  for (let from = 0; from < companies; from += seededAtOnce) {
    say(`${companies} companies: writing their keys and rows, from ${from} on`);
    const to = Math.min(companies, from + seededAtOnce);
    await stack.table.ask('seedCompanies', { from, to, tableName: stack.tableName }, z.undefined());
  }
  const figures: Figure[] = [];
  for (const name of ['refreshDirectory', 'reconcile'] as const) {
    say(`${companies} companies: ${name}`);
    const environment = { ...stack.environmentOf(name), MOOVAGO_API_URL };
    const { memoryMegabytes, timeoutMs, moduleUrl, exportName } = functionOf(name, bundles, environment);
    const before = await systems.manyCompaniesRequests();
    await using child = startChild('function-process', { environment, megabytes: memoryMegabytes / 2 });
    const run = await child.ask('invoke', { moduleUrl, exportName, timeoutMs }, invoked);
    if (name === 'reconcile' && !run.result.includes(`"compared":${companies}`))
      throw new Error(`reconcile did not compare all companies: ${run.result}`);
    figures.push(
      {
        what: `${name}: peak memory, of ${memoryMegabytes} MB`,
        unit: 'MB',
        measured: run.peakMegabytes,
        target: { atMost: memoryMegabytes / 2 },
      },
      {
        what: `${name}: time there, of ${timeoutMs / 1000} s`,
        unit: 's',
        measured: (run.processorSeconds * processorMegabytes) / memoryMegabytes,
        target: { atMost: timeoutMs / 2000 },
      },
      {
        what: `${name}: requests to Moovago`,
        unit: '',
        measured: (await systems.manyCompaniesRequests()) - before,
      },
    );
  }
  return {
    title: `A list of ${companies} companies of 1 kB`,
    figures,
    notes: [
      'Each function is packaged, and runs in a process of its own, whose heap has half of the memory of serverless.yml to get along with.',
      `Time: processor seconds × ${processorMegabytes} MB ÷ its memory.`,
    ],
  };
}

function functionOf(name: string, bundles: string, environment: Record<string, string>) {
  const { functions } = readStack(process.cwd(), { stage, environment });
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`serverless.yml has no function ${name}`);
  const { memoryMegabytes, timeoutSeconds, handler } = found;
  const moduleUrl = pathToFileURL(join(bundles, `${handler.file}.mjs`)).href;
  return { memoryMegabytes, timeoutMs: timeoutSeconds * 1000, moduleUrl, exportName: handler.exportName };
}
