import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { packagedBundles } from '../support/packaged-bundles.ts';

const run = promisify(execFile);
let folder = '';
let zippedBytes = new Map<string, number>();

beforeAll(async () => {
  ({ folder, zippedBytes } = await packagedBundles());
}, 150_000);

const fileOf = (name: string) => `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.mjs`;

/** How long a fresh process takes to load a package, in milliseconds; the best of some, for other work disturbs. */
async function loadingMs(name: string): Promise<number> {
  const { href } = pathToFileURL(join(folder, 'functions', fileOf(name)));
  const script = `const at = performance.now(); await import('${href}'); console.log(performance.now() - at);`;
  const times: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    times.push(Number(stdout));
    if (Math.min(...times) < 200) break;
  }
  return Math.min(...times);
}

it('each package is smaller than 400 kB, and is loaded in less than 200 ms', async () => {
  expect([...zippedBytes.keys()].sort()).toEqual([
    'feedQueue',
    'pollClavus',
    'receiveWebhook',
    'reconcile',
    'refreshDirectory',
    'writeMoovago',
  ]);
  for (const [name, bytes] of zippedBytes) {
    expect(bytes, name).toBeLessThan(400_000);
    expect(await loadingMs(name), name).toBeLessThan(200);
  }
});
