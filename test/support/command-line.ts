import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { surroundings } from './surroundings.ts';

const main = fileURLToPath(new URL('../../cli/start.js', import.meta.url));

export type Finished = { status: number | null; stdout: string; stderr: string };

/** What these do hangs on the hour: bulk waits for the end of business hours, and what is sent in them is sent slowly. */
const bound = ['sync', 'retry', 'removals', 'plan'];

/** Throws where a command would do one thing on a Tuesday morning and another at night. */
export function requireHours(args: string[], cwd: string): void {
  const [name = ''] = args;
  if (!bound.includes(name) || args.includes('--ignore-business-hours')) return;
  const named = args.includes('--config') ? args[args.indexOf('--config') + 1] : undefined;
  const file = resolve(cwd, named ?? 'sync.config.ts');
  if (!existsSync(file) || readFileSync(file, 'utf8').includes('businessHours')) return;
  throw new Error(
    `${name} hangs on the hour: name pace.businessHours in ${file}, or --ignore-business-hours`,
  );
}

/** Starts the command line as a process of its own, as a user does. */
export function startCommand(args: string[], environment: Record<string, string> = {}, cwd = process.cwd()) {
  requireHours(args, cwd);
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...surroundings, ...environment },
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

export const runCommand = (
  args: string[],
  environment: Record<string, string> = {},
  cwd?: string,
): Promise<Finished> => startCommand(args, environment, cwd).finished;

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
