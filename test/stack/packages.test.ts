import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

const run = promisify(execFile);

type Sbom = {
  bomFormat: string;
  components: { name: string; version: string; hashes?: object[] }[];
};

let folder = '';
let template: Template;
let zippedBytes = new Map<string, number>();
let licences = new Map<string, string>();

beforeAll(async () => {
  ({ folder, template, zippedBytes, licences } = await packagedBundles());
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

describe('the licences in each package', () => {
  it('are those that allow to ship it', () => {
    for (const [name, text] of licences) {
      const named = [...text.matchAll(/^\S+ \d+\.\d+\.\d+ \((.+)\)$/gm)].map(([, licence]) => licence);
      expect(named.length, name).toBeGreaterThan(20);
      const free = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense'];
      expect(
        named.filter((licence) => !free.includes(licence ?? '')),
        name,
      ).toEqual([]);
    }
    expect(licences.size).toBe(zippedBytes.size);
  });

  it('stand below the packages that the bundle has code of, and no other', () => {
    const packagesIn = (name: string) => licences.get(name)?.match(/^\S+(?= \d+\.\d+\.\d+ \()/gm) ?? [];
    // Only the webhook takes signatures; only what sends maps folders and parses telephones.
    expect(packagesIn('receiveWebhook')).toEqual(
      expect.arrayContaining(['standardwebhooks', 'zod', 'luxon']),
    );
    expect(packagesIn('feedQueue')).not.toContain('standardwebhooks');
    expect([...licences.keys()].flatMap(packagesIn)).not.toContain('osls');
  });

  it('have a text each, also of a package that only names its licence', () => {
    const text = licences.get('receiveWebhook') ?? '';
    const parts = text.split('='.repeat(80));
    const partOf = (name: string) => parts.find((part) => part.includes(`\n${name} `)) ?? '';
    expect(partOf('graphql')).toContain('Copyright (c) GraphQL Contributors');
    expect(partOf('@middy/core')).toMatch(
      /Copyright \(c\) .*\n\nPermission is hereby granted, free of charge/,
    );
    expect(partOf('@smithy/types')).toContain('Apache License');
    for (const part of parts.slice(1)) expect(part.trim().split('\n\n').length).toBeGreaterThan(1);
  });
});

it('npm run sbom lists every package of the lock file, with its checksum', async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], { maxBuffer: 20_000_000 });
  const { bomFormat, components }: Sbom = JSON.parse(stdout);
  const { packages }: { packages: object } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  expect(bomFormat).toBe('CycloneDX');
  const locked = Object.entries(packages)
    .slice(1)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`);
  expect([...new Set(components.map(({ name, version }) => `${name} ${version}`))].sort()).toEqual(
    [...new Set(locked)].sort(),
  );
  for (const { name, hashes } of components)
    expect(hashes, name).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
});
