import { tableIndexes, tableKey } from '../../lib/state/table-schema.ts';
import { itemOf, type WireItem, wireItemOf } from '../../local/dynamodb/attribute-values.ts';
import { openDatabase, type Tables } from '../../local/dynamodb/database.ts';
import type { Item } from '../../local/dynamodb/expressions.ts';
import type { TableDescription } from '../../local/dynamodb/table-description.ts';
import type { StoredTable } from '../../local/dynamodb/table-store.ts';
import type { World } from '../world.ts';

type Write = { key: string; before: Item | undefined; after: Item | undefined };
type Observer = (write: Write) => void;

export type Items = ReturnType<typeof createItems>;

export const tableName = 'simulated';

const description: TableDescription = {
  name: tableName,
  key: tableKey,
  indexes: Object.values(tableIndexes),
};

const keyOf = (pk: unknown, sk: unknown) => `${String(pk)}\u0000${String(sk)}`;

function openTable() {
  const database = openDatabase(undefined);
  database.create(description);
  const table = database.table(tableName);
  if (table === undefined) throw new Error('The table was not made');
  return { ...table, close: database.close };
}

function set(table: StoredTable, key: string, item: WireItem | undefined): void {
  const [pk = '', sk = ''] = key.split('\u0000');
  if (item === undefined) table.remove(pk, sk);
  else table.put(item, JSON.stringify(item));
}

/** The items of the table: as they are, and as a read that is not consistent, or an index, sees them a while later. */
export function createItems(world: World) {
  const current = openTable();
  const visible = openTable();
  /** What is in `current`. */
  const known = new Map<string, Item>();
  const versions = new Map<string, number>();
  const shown = new Map<string, number>();
  const observers: Observer[] = [];
  let sorted: [string, Item][] | undefined;
  let writes = 0;

  function change(key: string, item: WireItem | undefined): number {
    sorted = undefined;
    set(current, key, item);
    if (item === undefined) known.delete(key);
    else known.set(key, itemOf(item));
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    return version;
  }

  function show(key: string, version: number, item: WireItem | undefined): void {
    if ((shown.get(key) ?? 0) > version) return;
    shown.set(key, version);
    set(visible, key, item);
  }

  function write(key: string, item: WireItem | undefined): void {
    const before = known.get(key);
    const version = change(key, item);
    const draw = world.chance.of('table-lag').of(++writes);
    const lag = world.strikes('table-lag', draw) ? draw.pick('lag', [50, 1_000, 20_000]) : 0;
    if (lag === 0) show(key, version, item);
    else world.scheduler.at(world.now() + lag, () => show(key, version, item));
    for (const observe of observers) observe({ key, before, after: known.get(key) });
  }

  const observed: StoredTable = {
    ...current,
    put: (item) => write(keyOf(item.pk?.S, item.sk?.S), item),
    remove: (pk, sk) => write(keyOf(pk, sk), undefined),
  };
  const tables = (table: StoredTable): Tables => ({ table: () => table, create: () => tableName });

  return {
    /** For commands: a write goes where consistent reads do. */
    consistent: tables(observed),
    eventual: tables(visible),
    get: (key: string): Item | undefined => known.get(key),
    /** Every item, in the order of its key. */
    list: (): [string, Item][] => {
      sorted ??= [...known].sort(([one], [other]) => (one < other ? -1 : 1));
      return sorted;
    },
    put: (key: string, item: Item): void => write(key, wireItemOf(item)),
    /** All items as they are now. */
    snapshot: (): ReadonlyMap<string, Item> => new Map(known),
    /** The table is replaced by another one, with these items. */
    replace: (items: ReadonlyMap<string, Item>) => {
      for (const key of new Set([...versions.keys(), ...items.keys()])) {
        const item = items.get(key);
        const stored = item === undefined ? undefined : wireItemOf(item);
        show(key, change(key, stored), stored);
      }
    },
    onWrite: (observe: Observer) => {
      observers.push(observe);
    },
    close: async () => {
      await current.close();
      await visible.close();
    },
  };
}
