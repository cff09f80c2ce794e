import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ConfigurationError } from '../lib/framework/errors.ts';

export type DataDirLock = { release(): void };

/**
 * Takes a directory for this process, and creates it where it is missing. The lock is SQLite's, so the system gives it back
 * even when the process is killed, and no stale one is ever left. Throws a `ConfigurationError` where another process has it,
 * or where it cannot be written.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const database = openLock(dataDir);
  return { release: () => database.close() };
}

function openLock(dataDir: string): DatabaseSync {
  try {
    // Names, telephones and addresses of customers are in it.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(join(dataDir, 'lock'));
    // With this mode the lock outlives the transaction that took it.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    throw new ConfigurationError(dataDir, whyNot(cause), { cause });
  }
}

/** SQLite's code of a lock that somebody else has. */
const busy = 5;
const failure = z.object({ code: z.string(), errcode: z.number(), errstr: z.string() }).partial().catch({});

/** Two causes, which want two cures. */
function whyNot(cause: unknown): string {
  const { code = 'unknown reason', errcode, errstr } = failure.parse(cause);
  if (errcode === busy)
    return 'another process uses this directory. End it first, or name another directory.';
  return `this directory cannot be written (${errstr ?? code}).`;
}
