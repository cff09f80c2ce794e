import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

const _run = promisify(execFile);
let folder = '';
let template: Template;
let zippedBytes = new Map<string, number>();

beforeAll(async () => {
  ({ folder, template, zippedBytes } = await packagedBundles());
});

const fileOf = (name: string) => `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.mjs`;

it('each package is smaller than 400 kB, and holds a handler', async () => {
  const names = resourcesOf(template, 'AWS::Lambda::Function').map(
    ({ Properties }) => Properties.FunctionName,
  );
  expect([...zippedBytes.keys()].map((name) => `clavus-moovago-test-${name}`).sort()).toEqual(names.sort());
  for (const [name, bytes] of zippedBytes) {
    expect(bytes, name).toBeLessThan(400_000);
    expect(await import(join(folder, 'functions', fileOf(name)))).toMatchObject({
      handler: expect.any(Function),
    });
  }
});
