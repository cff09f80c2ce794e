import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkSyncConfig, syncConfig } from '../../lib/mapping/sync-config.ts';

const text = readFileSync('docs/configure.md', 'utf8');

/** The objects of the code blocks, whose keys a configuration takes as they stand. */
const blocks = (info: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${info}\\n(.+?)^\`\`\``, 'gms'))].map(([, code = '']) => code);
const objectOf = (code: string): object => runInNewContext(`({${code}})`);

type Shape = {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
  additionalProperties?: unknown;
};

/** `clavus.filter.column`: every key that the schema has, without the positions in lists. */
function keysOf(shape: Shape, path: string[] = []): string[] {
  // A field's rule has forms, which a table tells apart.
  const hasRules = ['company', 'contacts', 'turnover'].includes(path[0] ?? '');
  if (path.length === 2 && hasRules) return [path.join('.')];
  const own = path.length > 0 ? [path.join('.')] : [];
  const nested = Object.entries(shape.properties ?? {}).flatMap(([key, inner]) =>
    keysOf(inner, [...path, key]),
  );
  return [...own, ...nested, ...(shape.items ? keysOf(shape.items, path).slice(1) : [])];
}

function keysIn(value: unknown, path: string[] = []): string[] {
  const own = path.length > 0 ? [path.join('.')] : [];
  if (Array.isArray(value)) return [...own, ...value.flatMap((one) => keysIn(one, path))];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => keysIn(inner, [...path, key]))];
}

const schemaKeys = keysOf(z.toJSONSchema(syncConfig, { io: 'input', unrepresentable: 'any' }) as Shape);

describe('docs/configure.md', () => {
  it('names every key of sync.config.ts, except for those whose group names them', () => {
    expect(schemaKeys.length).toBeGreaterThan(40);
    const headings = [...text.matchAll(/^## `(\w+)`(?: and `(\w+)`)?/gm)].flatMap(([, ...names]) => names);
    expect(schemaKeys.filter((key) => !text.includes(`\`${key}\``) && !headings.includes(key))).toEqual([]);
  });

  it.each(blocks('ts'))('has an example that passes: %s', (code) => {
    const checked = checkSyncConfig({ company: { name: 'nom' }, ...objectOf(code) });
    expect('problems' in checked ? checked.problems : []).toEqual([]);
  });

  it('has an example of every key', () => {
    const shown = new Set(blocks('ts').flatMap((code) => keysIn(objectOf(code))));
    expect(schemaKeys.filter((key) => !shown.has(key))).toEqual([]);
  });

  it('tells the defaults as they are', () => {
    const [code = ''] = blocks('ts defaults');
    const company = { name: 'nom', note: 'nom' };
    expect(checkSyncConfig({ company, ...objectOf(code) })).toEqual(checkSyncConfig({ company }));
    const said = keysIn(objectOf(code));
    const withoutDefault = schemaKeys.filter(
      (key) => !said.includes(key) && !/^(company|contacts|turnover|mandators|prospects)\b/.test(key),
    );
    expect(withoutDefault).toEqual([
      'clavus.modifiedColumn',
      'clavus.createdColumn',
      'clavus.filter.column',
      'clavus.filter.operator',
      'clavus.filter.value',
      'owners.fallback',
    ]);
  });

  it('names every environment variable that is read', () => {
    const names = ['cli', 'lib', 'local', 'serverless.yml', 'resources']
      .flatMap(filesIn)
      .flatMap(variablesIn);
    expect(new Set(names).size).toBeGreaterThan(15);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

const filesIn = (path: string): string[] =>
  path.includes('.')
    ? [path]
    : readdirSync(path, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
        /\.(ts|yml)$/.test(name) ? [join(path, name)] : [],
      );

/** `process.env.X`, `{ X } = process.env`, `${env:X}`, and the keys of the functions' own schema. */
function variablesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const lists = [...source.matchAll(/\{([^{}]*)\} = (?:process\.env|given|serviceEnvironment\()/g)].map(
    ([, list = '']) => list,
  );
  return [
    ...[...source.matchAll(/(?:process\.env\.|\$\{env:)([A-Z][A-Z_]+)/g)].map(([, name = '']) => name),
    ...lists.flatMap((list) => list.match(/\b[A-Z][A-Z_]{3,}\b/g) ?? []),
    ...(file.endsWith('lib/framework/environment.ts')
      ? (source.match(/^ {2}[A-Z_]+(?=:)/gm) ?? []).map((name) => name.trim())
      : []),
  ];
}
