import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { attempt } from '../../lib/framework/attempt.ts';
import { createDiskFlush } from './disk-flush.ts';
import type { TableDescription } from './table-description.ts';
import { createStoredTable, openStoredTable, type StoredTable } from './table-store.ts';

const part = z.object({ name: z.string(), type: z.enum(['S', 'N']) });
const key = z.object({ hash: part, range: part.optional() });
const storedDescription = z.object({
  name: z.string(),
  key,
  indexes: z.array(key.extend({ name: z.string() })),
});

export type Database = ReturnType<typeof openDatabase>;
export type Tables = Pick<Database, 'table' | 'create'>;

/** SQLite's name for a file without a name, which is gone when it is closed. What fits into the cache does not reach the disk. */
const unnamed = '';
const forNobodyElse = 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000';
// SQLite itself would flush before it goes on, 3 ms each time, with everything at a standstill.
// What is deleted or replaced is overwritten: otherwise it stays in the file until its place is needed.
const shared = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON';

/** Only its owner may read the file, and those that SQLite puts beside it with the same mode. */
function keepToOwner(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

/**
 * Tables in one file of SQLite; in one that is gone afterwards where none is given. What is committed outlives the process, what
 * is flushed the machine. Writes of one moment share one commit, and those that wait for the disk one flush.
 */
export function openDatabase(file: string | undefined) {
  if (file !== undefined) keepToOwner(file);
  const database = new DatabaseSync(file ?? unnamed);
  database.exec(file === undefined ? forNobodyElse : shared);
  const disk = file === undefined ? undefined : createDiskFlush(`${file}-wal`);
  database.exec('CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, description TEXT NOT NULL)');
  const tables = new Map<string, StoredTable>();
  for (const { rowid, description } of database.prepare('SELECT rowid, description FROM tables').iterate()) {
    const known = storedDescription.parse(JSON.parse(String(description)));
    tables.set(known.name, openStoredTable(database, `table_${Number(rowid)}`, known));
  }
  let commit: Promise<void> | undefined;

  /** Returns what SQLite calls it. */
  function create(description: TableDescription): string {
    const { lastInsertRowid } = database
      .prepare('INSERT INTO tables (name, description) VALUES (?, ?)')
      .run(description.name, JSON.stringify(description));
    const name = `table_${lastInsertRowid}`;
    createStoredTable(database, name, description);
    tables.set(description.name, openStoredTable(database, name, description));
    return name;
  }

  /** Call it before a write; what it gives resolves when the write is committed. */
  function begin(): Promise<void> {
    if (file === undefined) return Promise.resolve();
    if (commit !== undefined) return commit;
    database.exec('BEGIN IMMEDIATE');
    commit = new Promise((resolve, reject) => {
      setImmediate(() => {
        commit = undefined;
        try {
          database.exec('COMMIT');
          resolve();
        } catch (error) {
          if (database.isTransaction) database.exec('ROLLBACK');
          reject(error);
        }
      });
    });
    // Whoever writes waits for it; a write that was refused has nothing to wait for.
    commit.catch(() => {});
    return commit;
  }

  return {
    table: (name: string): StoredTable | undefined => tables.get(name),
    create,
    begin,
    /** Resolves when all that is committed is on the disk. */
    flush: async () => disk?.flush(),
    /** Makes another table with the same items. Throws where there is no such table. */
    copyTable(from: string, to: string): void {
      const source = tables.get(from);
      if (source === undefined) throw new Error(`there is no table ${from}`);
      const name = create({ ...source.description, name: to });
      database.exec(`INSERT INTO ${name} SELECT * FROM ${source.sqlName}`);
    },
    /** Takes over the tables of another file, with their items. The file stays as it is. */
    copyFrom(other: string): void {
      database.prepare('ATTACH ? AS other').run(other);
      for (const { rowid, description } of database
        .prepare('SELECT rowid, description FROM other.tables')
        .all()) {
        const known = storedDescription.parse(JSON.parse(String(description)));
        const name = create(known);
        database.exec(`INSERT INTO main.${name} SELECT * FROM other.table_${rowid}`);
      }
      database.exec('DETACH other');
    },
    async close(): Promise<void> {
      if (commit !== undefined) await attempt(commit);
      await disk?.close();
      database.close();
    },
  };
}
