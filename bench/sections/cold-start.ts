import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { readStack } from '../../local/template.ts';
import type { Say, Section } from '../section-lines.ts';
import { median } from '../statistics.ts';
import { stage } from '../world.ts';

const run = promisify(execFile);
const timesEach = 5;

export type ColdStartOptions = {
  /** The packaged functions. */
  bundles: string;
  /** Bytes of each function's package, by its name in serverless.yml. */
  zippedBytes: ReadonlyMap<string, number>;
  say: Say;
};

/** How large each function is, and how long a fresh process takes to load it. */
export async function measureColdStart({ bundles, zippedBytes, say }: ColdStartOptions): Promise<Section> {
  const root = process.cwd();
  const { functions } = readStack(root, { stage, environment: {} });
  const figures: Section['figures'] = [];
  for (const { name, handler } of functions) {
    say(`loading ${name}`);
    figures.push(
      {
        what: `${name}: package`,
        unit: 'kB',
        measured: (zippedBytes.get(name) ?? Number.NaN) / 1000,
        target: { atMost: 400 },
      },
      {
        what: `${name}: loading`,
        unit: 'ms',
        measured: await loadingMs(join(bundles, `${handler.file}.mjs`)),
        target: { atMost: 200 },
        compared: await loadingMs(join(root, `${handler.file}.ts`)),
      },
    );
  }
  return {
    title: 'Cold start: what Lambda downloads, and how long a fresh process loads it',
    comparedWith: 'the same function without a bundler, from its sources and node_modules',
    figures,
    notes: [`Loading is the median of ${timesEach} processes.`],
  };
}

/** The median over fresh processes of how long one import takes, in milliseconds. */
async function loadingMs(file: string): Promise<number> {
  const script = `const startedAt = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    process.stdout.write(String(performance.now() - startedAt));`;
  const times: number[] = [];
  while (times.length < timesEach) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      // By it the function knows that it starts on Lambda, and loads all that it needs.
      env: { AWS_LAMBDA_FUNCTION_NAME: 'bench' },
    });
    times.push(Number(stdout));
  }
  return median(times);
}
