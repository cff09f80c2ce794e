import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { inject, vi } from 'vitest';

const run = promisify(execFile);

/** A CloudFormation template, as the deployment sends it. */
export type Template = {
  // biome-ignore lint/suspicious/noExplicitAny: what stands in it is what the tests are about
  Resources: Record<string, { Type: string; Properties: any; DeletionPolicy?: string }>;
};

type Packaged = {
  /** Where the bundles are unpacked. */
  folder: string;
  templateFile: string;
  template: Template;
  /** By function. */
  zippedBytes: Map<string, number>;
};

/**
 * The functions of stage `test`, packaged as for a deployment, without credentials, and unpacked. Made once for all tests
 * of a run: two packagings at a time would use the same folder.
 */
export async function packagedBundles(): Promise<Packaged> {
  const folder = inject('packagesFolder');
  const packages = join(folder, 'packages');
  const ended = join(folder, 'ended');
  if (await isFirst(join(folder, 'begun')))
    await writeFile(
      ended,
      await makePackages(packages, folder).then(
        () => '',
        (error) => String(error.stdout ?? error),
      ),
    );
  await vi.waitUntil(() => existsSync(ended), { timeout: 120_000, interval: 200 });
  const problem = await readFile(ended, 'utf8');
  if (problem !== '') throw new Error(problem);
  const templateFile = join(packages, 'cloudformation-template-update-stack.json');
  const zips = await zipsIn(packages);
  return {
    folder,
    templateFile,
    template: JSON.parse(await readFile(templateFile, 'utf8')),
    zippedBytes: new Map(zips.map(({ name, content }) => [name, content.length])),
  };
}

const isFirst = (folder: string) =>
  mkdir(folder).then(
    () => true,
    () => false,
  );

async function makePackages(packages: string, folder: string): Promise<void> {
  const { PATH = '', HOME = '' } = process.env;
  await run('npx', ['osls', 'package', '--stage', 'test', '--package', packages], {
    env: { PATH, HOME, MOOVAGO_API_URL: 'https://moovago.example/graphql', ALARM_EMAIL: 'ops@example.com' },
  });
  for (const { content } of await zipsIn(packages)) {
    for (const [path, file] of Object.entries(unzipSync(content))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), file);
    }
  }
}

async function zipsIn(packages: string) {
  const names = (await readdir(packages)).filter((file) => file.endsWith('.zip'));
  return Promise.all(
    names.map(async (file) => ({
      name: file.replace('.zip', ''),
      content: await readFile(join(packages, file)),
    })),
  );
}

/** The resources of a type, by logical id. */
export const resourcesOf = ({ Resources }: Template, type: string) =>
  Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [{ id, Properties }] : [],
  );
