import type { Item } from '../../local/dynamodb/expressions.ts';
import type { World } from '../world.ts';

type Write = { key: string; before: Item | undefined; after: Item | undefined };
type Observer = (write: Write) => void;

export type Items = ReturnType<typeof createItems>;

export const keyOf = (item: Item) => `${String(item.pk)}\u0000${String(item.sk)}`;

/** As marshalling does it: a copy without what is undefined. */
export function copied<Value>(value: Value): Value;
export function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Item = {};
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) copy[name] = copied(inner);
  return copy;
}

/** The items of the table: as they are, and as a read that is not consistent, or an index, sees them a while later. */
export function createItems(world: World) {
  const current = new Map<string, Item>();
  const visible = new Map<string, Item>();
  const versions = new Map<string, number>();
  const shown = new Map<string, number>();
  const observers: Observer[] = [];
  const sorted = new Map<boolean, [string, Item][]>();
  let writes = 0;

  function show(key: string, version: number, item: Item | undefined): void {
    if ((shown.get(key) ?? 0) > version) return;
    shown.set(key, version);
    sorted.delete(false);
    if (item === undefined) visible.delete(key);
    else visible.set(key, item);
  }

  function put(key: string, after: Item | undefined): void {
    const before = current.get(key);
    sorted.delete(true);
    if (after === undefined) current.delete(key);
    else current.set(key, after);
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    const draw = world.chance.of('table-lag').of(++writes);
    const lag = world.strikes('table-lag', draw) ? draw.pick('lag', [50, 1_000, 20_000]) : 0;
    if (lag === 0) show(key, version, after);
    else world.scheduler.at(world.now() + lag, () => show(key, version, after));
    for (const observe of observers) observe({ key, before, after });
  }

  function list(isConsistent: boolean): [string, Item][] {
    const known = sorted.get(isConsistent);
    if (known !== undefined) return known;
    const all = [...(isConsistent ? current : visible)].sort(([one], [other]) => (one < other ? -1 : 1));
    sorted.set(isConsistent, all);
    return all;
  }

  return {
    get: (key: string, isConsistent: boolean) => (isConsistent ? current : visible).get(key),
    /** Every item, in the order of its key. */
    list,
    put,
    /** All items as they are now. */
    snapshot: (): ReadonlyMap<string, Item> => new Map(current),
    /** The table is replaced by another one, with these items. */
    replace: (items: ReadonlyMap<string, Item>) => {
      for (const all of [current, visible]) {
        all.clear();
        for (const [key, item] of items) all.set(key, item);
      }
      for (const key of [...versions.keys(), ...items.keys()]) {
        const version = (versions.get(key) ?? 0) + 1;
        versions.set(key, version);
        shown.set(key, version);
      }
      sorted.clear();
    },
    onWrite: (observe: Observer) => {
      observers.push(observe);
    },
  };
}
