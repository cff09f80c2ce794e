import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

const run = promisify(execFile);
let folder = '';
let template: Template;
let zippedBytes = new Map<string, number>();

beforeAll(async () => {
  ({ folder, template, zippedBytes } = await packagedBundles());
}, 150_000);

const fileOf = (name: string) => `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.mjs`;

/** How long a fresh process works on loading a package, in milliseconds: what else this machine does is left out. */
async function loadingMs(name: string): Promise<number> {
  const { href } = pathToFileURL(join(folder, 'functions', fileOf(name)));
  const script = `
    const before = process.threadCpuUsage();
    await import('${href}');
    const { user, system } = process.threadCpuUsage(before);
    console.log((user + system) / 1000);`;
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    times.push(Number(stdout));
  }
  return Math.min(...times);
}

it('each package is smaller than 400 kB, and is loaded in less than 200 ms', async () => {
  const names = resourcesOf(template, 'AWS::Lambda::Function').map(
    ({ Properties }) => Properties.FunctionName,
  );
  expect([...zippedBytes.keys()].map((name) => `clavus-moovago-test-${name}`).sort()).toEqual(names.sort());
  for (const [name, bytes] of zippedBytes) {
    expect(bytes, name).toBeLessThan(400_000);
    expect(await loadingMs(name), name).toBeLessThan(200);
  }
});
