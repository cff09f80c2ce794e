import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ConfigurationError } from '../lib/framework/errors.ts';

/** Stands in the lock from the moment that it is taken until a clean end. */
const unfinished = 1;

export type DataDirLock = {
  /** Whether the last process that had the directory was killed, or said so when it gave it back. */
  wasInterrupted: boolean;
  release(interrupted: boolean): void;
};

/**
 * Takes a directory for this process, and creates it where it is missing. The lock is SQLite's, so the system gives it back
 * even when the process is killed, and no stale one is ever left. Throws a `ConfigurationError` where another process has it,
 * or where it cannot be written.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const database = openLock(dataDir);
  const { user_version: lastEnd } = database.prepare('PRAGMA user_version').get() ?? {};
  database.exec(`PRAGMA user_version = ${unfinished}; COMMIT`);
  return {
    wasInterrupted: lastEnd === unfinished,
    release(interrupted) {
      if (!interrupted) database.exec('PRAGMA user_version = 0');
      database.close();
    },
  };
}

function openLock(dataDir: string): DatabaseSync {
  try {
    mkdirSync(dataDir, { recursive: true });
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
