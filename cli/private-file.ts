import { chmod, stat, writeFile } from 'node:fs/promises';
import { attempt } from '../lib/framework/attempt.ts';

/** Writes a file that only its owner may read: it holds keys, or names and telephones. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  // An existing file keeps its mode otherwise.
  await chmod(file, 0o600);
}

/** Whether other people on this machine may read a file. Windows has no such modes. */
export async function isReadByOthers(file: string): Promise<boolean> {
  const found = await attempt(stat(file));
  return process.platform !== 'win32' && found.ok && (found.value.mode & 0o044) !== 0;
}
