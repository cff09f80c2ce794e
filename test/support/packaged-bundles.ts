import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import { makePackages, type Packages, readPackages, type Template } from './make-packages.ts';

export type { Template };

/**
 * The functions of stage `test`, packaged as for a deployment, without credentials, and unpacked. Made once for all tests
 * of a run: two packagings at a time would use the same folder.
 */
export async function packagedBundles(): Promise<Packages> {
  const folder = inject('packagesFolder');
  const ended = join(folder, 'ended');
  if (await isFirst(join(folder, 'begun')))
    await writeFile(
      ended,
      await makePackages(folder).then(
        () => '',
        (error) => String(error.stdout ?? error),
      ),
    );
  await vi.waitUntil(() => existsSync(ended), { timeout: 300_000, interval: 200 });
  const problem = await readFile(ended, 'utf8');
  if (problem !== '') throw new Error(problem);
  return readPackages(folder);
}

const isFirst = (folder: string) =>
  mkdir(folder).then(
    () => true,
    () => false,
  );

/** The resources of a type, by logical id. */
export const resourcesOf = ({ Resources }: Template, type: string) =>
  Object.entries(Resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [{ id, Properties }] : [],
  );
