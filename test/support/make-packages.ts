import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { surroundings } from './surroundings.ts';

const run = promisify(execFile);

/** A CloudFormation template, as the deployment sends it. */
export type Template = {
  // biome-ignore lint/suspicious/noExplicitAny: what stands in it is what the tests are about
  Resources: Record<string, { Type: string; Properties: any; DeletionPolicy?: string }>;
};

export type Packages = {
  /** Where the bundles are unpacked. */
  folder: string;
  templateFile: string;
  template: Template;
  /** By function, without the licences of what is in it. */
  zippedBytes: Map<string, number>;
  /** The licences of what is in each function's package. */
  licences: Map<string, string>;
};

const packagesIn = (folder: string) => join(folder, 'packages');

/** Packages the functions of stage `test`, as for a deployment, without credentials, and unpacks them into a folder. */
export async function makePackages(folder: string): Promise<void> {
  await run('npx', ['osls', 'package', '--stage', 'test', '--package', packagesIn(folder)], {
    env: {
      ...surroundings,
      MOOVAGO_API_URL: 'https://moovago.example/graphql',
      ALARM_EMAIL: 'ops@example.com',
      WEBHOOK: 'on',
    },
  });
  for (const { content } of await zipsIn(packagesIn(folder))) {
    for (const [path, file] of Object.entries(unzipSync(content))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), file);
    }
  }
}

/** What {@link makePackages} made in a folder. */
export async function readPackages(folder: string): Promise<Packages> {
  const templateFile = join(packagesIn(folder), 'cloudformation-template-update-stack.json');
  const zips = (await zipsIn(packagesIn(folder))).map((zip) => ({
    ...zip,
    licences: licencesIn(zip.content),
  }));
  return {
    folder,
    templateFile,
    template: JSON.parse(await readFile(templateFile, 'utf8')),
    zippedBytes: new Map(
      zips.map(({ name, content, licences }) => [name, content.length - licences.zippedBytes]),
    ),
    licences: new Map(zips.map(({ name, licences }) => [name, licences.text])),
  };
}

function licencesIn(zip: Uint8Array): { text: string; zippedBytes: number } {
  let zippedBytes = 0;
  const { 'THIRD-PARTY-LICENSES.txt': text } = unzipSync(zip, {
    filter: ({ name, size }) => {
      if (name === 'THIRD-PARTY-LICENSES.txt') zippedBytes = size;
      return name === 'THIRD-PARTY-LICENSES.txt';
    },
  });
  return { text: text ? strFromU8(text) : '', zippedBytes };
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
