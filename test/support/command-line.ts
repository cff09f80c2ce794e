import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export type Finished = { status: number | null; stdout: string; stderr: string };

/** Starts the command line as a process of its own, as a user does. */
export function startCommand(args: string[], environment: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that runs out of time leaves nothing behind that goes on.
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { child, finished, seen: () => stdout + stderr };
}

export const runCommand = (args: string[], environment: Record<string, string> = {}): Promise<Finished> =>
  startCommand(args, environment).finished;

/** The object on the last line of standard output. */
export function jsonOf({ status, stdout, stderr }: Finished): unknown {
  const last = stdout.trim().split('\n').at(-1);
  if (!last) throw new Error(`no answer, status ${status}: ${stderr}`);
  return JSON.parse(last);
}

/** A folder that is there until the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clavus-moovago-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A configuration file that is there until the test ends. */
export async function configFile(config: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'sync.config.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}
