import type { Item } from '../../local/table-expressions.ts';

/** The hash keys of the indexes in serverless.yml, and what their entries are sorted by. */
const indexes = [
  { name: 'due', hash: 'dueLane', range: 'dueAt' },
  { name: 'company', hash: 'companyId', range: 'pk' },
] as const;
const primary = { name: undefined, hash: 'pk', range: 'sk' } as const;

export type MemoryItems = ReturnType<typeof createMemoryItems>;

/** Items by their key, and by the hash keys of the indexes. An item that was put in is never changed, only replaced. */
export function createMemoryItems(items: readonly Item[]) {
  const byKey = new Map<string, Item>();
  const buckets = [primary, ...indexes].map((index) => ({ ...index, items: new Map<unknown, Set<Item>>() }));

  function remove(key: Item): void {
    const before = byKey.get(keyOf(key));
    byKey.delete(keyOf(key));
    if (before === undefined) return;
    for (const { hash, items: found } of buckets) found.get(before[hash])?.delete(before);
  }

  function put(given: Item): void {
    remove(given);
    // As marshalling does it.
    const item = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    byKey.set(keyOf(item), item);
    for (const { hash, items: found } of buckets) {
      if (item[hash] === undefined) continue;
      const bucket = found.get(item[hash]) ?? new Set();
      found.set(item[hash], bucket.add(item));
    }
  }

  /** The items with this value of a hash key, in the order of their range key. */
  function having(hash: string, value: unknown, index: string | undefined): Item[] {
    const bucket = buckets.find((one) => one.name === index && one.hash === hash);
    if (bucket === undefined) throw new Error(`No index '${index}' has the hash key '${hash}'`);
    const { range } = bucket;
    return [...(bucket.items.get(value) ?? [])].sort((one, other) => compare(one[range], other[range]));
  }

  for (const item of items) put(item);
  return {
    get: (key: Item) => byKey.get(keyOf(key)),
    put,
    remove: (key: Item) => {
      remove(key);
      return {};
    },
    having,
    all: () => [...byKey.values()],
  };
}

const keyOf = ({ pk, sk }: Item) => `${String(pk)}\u0000${String(sk)}`;

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : Number(String(one) > String(other));
}
