import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    packagesFolder: string;
  }
}

/** A folder for the packages of one run of the tests: who needs them first makes them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'clavus-moovago-packages-'));
  project.provide('packagesFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
