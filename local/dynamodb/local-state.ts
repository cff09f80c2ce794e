import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type DataDirLock, lockDataDir } from '../data-dir-lock.ts';
import { type Database, openDatabase } from './database.ts';
import { hasOldState, oldItems, setOldStateAside } from './old-state.ts';
import { putItem } from './operations.ts';
import { describeTable } from './table-description.ts';

const fileIn = (dataDir: string) => join(dataDir, 'state.sqlite');

/** Whether a directory holds any state. */
export const hasState = (dataDir: string): boolean => existsSync(fileIn(dataDir)) || hasOldState(dataDir);

/**
 * The state in a directory, for this process alone; in memory where none is given. The state of version 0.1.0 is taken over,
 * and put aside. Throws a `ConfigurationError` where another process has the directory, or where it cannot be written.
 */
export async function openLocalState(
  dataDir: string | undefined,
  tables: readonly CreateTableCommandInput[],
): Promise<Database> {
  if (dataDir === undefined) return openDatabase(undefined);
  const lock = lockDataDir(dataDir);
  if (!existsSync(fileIn(dataDir)) && hasOldState(dataDir)) await takeOver(dataDir, tables);
  const database = openDatabase(fileIn(dataDir));
  return releasing(lock, database);
}

/** The database, whose end gives the directory back. */
const releasing = (lock: DataDirLock, database: Database): Database => ({
  ...database,
  close: async () => {
    await database.close();
    lock.release();
  },
});

/** All of it, or nothing: what was cut off begins anew. */
async function takeOver(dataDir: string, tables: readonly CreateTableCommandInput[]): Promise<void> {
  const unfinished = `${fileIn(dataDir)}.unfinished`;
  rmSync(unfinished, { force: true });
  const database = openDatabase(unfinished);
  await copyOldItems(dataDir, tables, database);
  await database.close();
  renameSync(unfinished, fileIn(dataDir));
  setOldStateAside(dataDir);
}

/** Puts what version 0.1.0 kept into a database. */
async function copyOldItems(
  dataDir: string,
  tables: readonly CreateTableCommandInput[],
  database: Database,
): Promise<void> {
  for (const table of tables) {
    database.create(describeTable(table));
    for await (const item of oldItems(dataDir, table.TableName ?? '')) {
      const written = database.begin();
      putItem(database, table.TableName ?? '', item);
      await written;
    }
  }
}

/** A copy in memory of the state in a directory, which nothing is written to. */
export async function copyLocalState(
  dataDir: string,
  tables: readonly CreateTableCommandInput[],
): Promise<Database> {
  const lock = lockDataDir(dataDir);
  const database = openDatabase(undefined);
  if (existsSync(fileIn(dataDir))) database.copyFrom(fileIn(dataDir));
  else await copyOldItems(dataDir, tables, database);
  return releasing(lock, database);
}
