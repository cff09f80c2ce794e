import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { WireItem } from './attribute-values.ts';
import type { Index, KeyValue, TableDescription } from './table-description.ts';
import { keyValues, primaryKey } from './table-description.ts';

/** A row of SQLite: an item's key and text, or an entry of an index. */
export type StoredRow = Record<string, unknown>;
/** Which rows of a table or an index, in the order of their keys. */
export type Selection = {
  index: Index | undefined;
  /** A condition on the columns `hash` and `range` of what is looked through, and its values. */
  where?: { sql: string; values: KeyValue[] } | undefined;
  /** The key after which it begins: of the table, and of the index before it where there is one. */
  after?: KeyValue[] | undefined;
};

export type StoredTable = ReturnType<typeof openStoredTable>;

/** Columns of an index' keys in the table. */
const columnsOf = (index: number) => [`h${index}`, `r${index}`] as const;

/** SQLite's form of a table: a row an item, with the keys of its index entries beside it, so that both change as one. */
export function createStoredTable(database: DatabaseSync, table: string, { indexes }: TableDescription) {
  const columns = indexes.flatMap((_, index) => columnsOf(index));
  database.exec(
    `CREATE TABLE ${table} (${['hash', 'range', 'body TEXT NOT NULL', ...columns].join(', ')}, PRIMARY KEY (hash, range))`,
  );
  for (const index of indexes.keys()) {
    const [hash, range] = columnsOf(index);
    database.exec(
      `CREATE INDEX ${table}_${index} ON ${table} (${hash}, ${range}, hash, range) WHERE ${hash} IS NOT NULL`,
    );
  }
}

/** Items of one table, by their keys. */
export function openStoredTable(database: DatabaseSync, table: string, description: TableDescription) {
  const { indexes } = description;
  const columns = ['hash', 'range', 'body', ...indexes.flatMap((_, index) => columnsOf(index))];
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const updates = columns.slice(2).map((column) => `${column} = excluded.${column}`);
  const putSql =
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ` +
    `ON CONFLICT (hash, range) DO UPDATE SET ${updates.join(', ')}`;

  function sqlOf({ index, where, after }: Selection, selected: string): string {
    const own = index === undefined ? undefined : columnsOf(indexes.indexOf(index));
    const [hash, range] = own ?? ['hash', 'range'];
    const order = own === undefined ? ['hash', 'range'] : [...own, 'hash', 'range'];
    const conditions = [
      ...(own === undefined ? [] : [`${hash} IS NOT NULL`]),
      ...(where === undefined ? [] : [where.sql.replaceAll('$hash', hash).replaceAll('$range', range)]),
      ...(after === undefined ? [] : [`(${order.join(', ')}) > (${order.map(() => '?').join(', ')})`]),
    ];
    const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    return `SELECT ${selected} FROM ${table}${filter}${selected.startsWith('count') ? '' : ` ORDER BY ${order.join(', ')}`}`;
  }

  const valuesOf = ({ where, after }: Selection) => [...(where?.values ?? []), ...(after ?? [])];

  return {
    description,
    /** What SQLite calls it. */
    sqlName: table,
    get: (hash: KeyValue, range: KeyValue): string | undefined => {
      const row = statement(`SELECT body FROM ${table} WHERE hash = ? AND range = ?`).get(hash, range);
      return row === undefined ? undefined : String(row.body);
    },
    /** `text`: the item's JSON. Throws a ValidationException where a key has the wrong type. */
    put: (item: WireItem, text: string): void => {
      const entries = indexes.flatMap((index) => keyValues(index, item) ?? [null, null]);
      statement(putSql).run(...primaryKey(description, item), text, ...entries);
    },
    remove: (hash: KeyValue, range: KeyValue): void => {
      statement(`DELETE FROM ${table} WHERE hash = ? AND range = ?`).run(hash, range);
    },
    /** One after the other; whoever has enough stops. Nothing may be written before that. */
    select: (selection: Selection): Iterable<StoredRow> => {
      const own = selection.index === undefined ? [] : columnsOf(indexes.indexOf(selection.index));
      const selected = selection.index === undefined ? 'hash, range, body' : ['hash', 'range', ...own].join();
      return statement(sqlOf(selection, selected)).iterate(...valuesOf(selection));
    },
    count: (selection: Selection): number =>
      Number(statement(sqlOf(selection, 'count(*) AS found')).get(...valuesOf(selection))?.found ?? 0),
    /** The key values of an index entry, as `select` gives them. */
    entryOf: (row: StoredRow, index: Index): unknown[] =>
      columnsOf(indexes.indexOf(index)).map((column) => row[column]),
  };
}
