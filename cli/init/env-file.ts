import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { attempt } from '../../lib/framework/attempt.ts';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { writePrivateFile } from '../private-file.ts';

const run = promisify(execFile);

/**
 * Refuses a file for keys that git would take along: one that it tracks, or does not ignore.
 * @throws ConfigurationError; not where there is no git repository
 */
export async function refuseShared(file: string): Promise<void> {
  const git = async (...args: string[]) => (await attempt(run('git', args, { cwd: dirname(file) }))).ok;
  if (!(await git('rev-parse', '--is-inside-work-tree'))) return;
  if (await git('ls-files', '--error-unmatch', file))
    throw new ConfigurationError(
      '.env',
      'git tracks this file, and it must not hold a key. Stop tracking it first: git rm --cached .env',
    );
  if (!(await git('check-ignore', '--quiet', file)))
    throw new ConfigurationError(
      '.env',
      'git does not ignore this file, and it must not share a key. Add it to .gitignore first.',
    );
}

/** Sets variables in a `.env` file that only its owner may read. Whatever else is in it stays. */
export async function writeEnvFile(file: string, variables: Record<string, string>): Promise<void> {
  const read = await attempt(readFile(file, 'utf8'));
  const lines = (read.ok ? read.value : '').split('\n');
  const kept = lines.filter((line) => !(nameIn(line) in variables));
  while (kept.at(-1) === '') kept.pop();
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quoted(name, value)}`);
  await writePrivateFile(file, `${[...kept, ...set].join('\n')}\n`);
}

const nameIn = (line: string) => /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? '';

/** As every reader of such files understands it. */
function quoted(name: string, value: string): string {
  if (/^[\w./:@%+=-]*$/.test(value)) return value;
  const quote = ["'", '"', '`'].find((one) => !value.includes(one));
  if (quote === undefined || /[\r\n\\]/.test(value))
    throw new ConfigurationError(name, 'holds characters that .env cannot hold. Set it in the environment.');
  return `${quote}${value}${quote}`;
}
