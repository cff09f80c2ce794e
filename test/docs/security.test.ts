import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const text = readFileSync('docs/security.md', 'utf8');

const isRule = (line = '') => /^\|[ |-]+\|$/.test(line);
/** The rows of the tables, without the two lines above them. */
const rows = text
  .split('\n')
  .filter((line, index, lines) => line.startsWith('| ') && !isRule(line) && !isRule(lines[index + 1]));

describe('docs/security.md', () => {
  it('names tests that exist', () => {
    const named = [...text.matchAll(/`(test\/[^`]+\.[^`]+)`/g)].map(([, file = '']) => file);
    expect(new Set(named).size).toBeGreaterThan(30);
    expect(named.filter((file) => !file.endsWith('.test.ts') || !existsSync(file))).toEqual([]);
  });

  it('has a test for every promise, or says why there is none', () => {
    expect(rows.length).toBeGreaterThan(50);
    const unshown = rows.filter((row) => !/`test\/|\| not here: /.test(row));
    expect(unshown).toEqual([]);
  });

  it.each([
    ['OWASP API Security Top 10', 'API', 10],
    ['OWASP ASVS', 'V', 17],
  ])('has every row of %s', (heading, prefix, many) => {
    const [, section = ''] = text.split(new RegExp(`^## ${heading}.*$`, 'm'));
    const [own = ''] = section.split(/^## /m);
    const found = [...own.matchAll(new RegExp(`^\\| ${prefix}(\\d+) `, 'gm'))].map(([, number]) =>
      Number(number),
    );
    expect(found).toEqual(Array.from({ length: many }, (_, index) => index + 1));
  });
});

it('renovate.json has rules for packages that there are', () => {
  const rules = z.object({ packageRules: z.array(z.object({ matchPackageNames: z.array(z.string()) })) });
  const names = z.record(z.string(), z.string());
  const manifest = z.object({ dependencies: names, devDependencies: names, optionalDependencies: names });
  const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const packages = Object.keys(Object.assign({}, ...Object.values(manifest.parse(read('package.json')))));
  const patterns = rules.parse(read('renovate.json')).packageRules.flatMap((rule) => rule.matchPackageNames);
  expect(patterns.length).toBeGreaterThan(5);
  const fits = (pattern: string, name: string) =>
    pattern.endsWith('/**') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
  expect(patterns.filter((pattern) => !packages.some((name) => fits(pattern, name)))).toEqual([]);
});
