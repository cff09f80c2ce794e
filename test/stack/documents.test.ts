import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedBundles, type Template } from '../support/packaged-bundles.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedBundles());
});

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('the documents', () => {
  it.each([
    'docs/deploy.md',
    'docs/operate.md',
    'docs/configure.md',
    'docs/decisions.md',
    'docs/commands.md',
    'docs/commands.fr.md',
    'docs/how-it-works.md',
    'docs/how-it-works.fr.md',
    'docs/performance.md',
    'docs/personal-data.md',
    'docs/security.md',
    'docs/table.md',
    'README.md',
    'README.fr.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
  ])('%s has no link that leads nowhere', async (file) => {
    const text = await readFile(file, 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [link, path = '', anchor] of links) {
      const target = path === '' ? file : join(dirname(file), path);
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsIn(await readFile(target, 'utf8')), link).toContain(anchor);
    }
  });

  it('name only functions and parameters that exist', async () => {
    const text = (await readFile('docs/deploy.md', 'utf8')) + (await readFile('docs/operate.md', 'utf8'));
    const resources = JSON.stringify(template);
    for (const [, name = ''] of text.matchAll(/clavus-moovago-\$STAGE-([a-z]\w+)/g))
      expect(resources, name).toContain(`clavus-moovago-test-${name}`);
    for (const [, name = ''] of text.matchAll(/\/clavus-moovago\/\$STAGE\/([a-z]\w[\w-]+)/g))
      expect(resources, name).toContain(`/clavus-moovago/test/${name}`);
  });
});
