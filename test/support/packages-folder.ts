import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    packagesFolder: string;
  }
}

/** A folder for the packages of one run of the tests, of both suites: who needs them first makes them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const thisRun = `${process.pid}-${Math.round(performance.timeOrigin)}`;
  const folder = join(tmpdir(), `clavus-moovago-packages-${thisRun}`);
  await mkdir(folder, { recursive: true });
  project.provide('packagesFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
