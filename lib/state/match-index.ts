import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';
import { batchGet, holds, queryPages, type Table } from './table.ts';

const keysPerBatch = 100;
const shards = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'] as const;

const itemKey = (key: string) => ({ pk: `M#${key.slice(0, 1)}`, sk: key });
const idsOf = (value: unknown): string[] => (value instanceof Set ? [...value].map(String) : []);

/** The folder that has the say about a key, and the attempt that took it; no attempt where it was given back. */
export type Holder = { folderId: string; turn: string | undefined };

export type Claim = {
  folderId: string;
  /** Names the attempt: whoever works on the same folder at the same time must not give back what this one needs. */
  turn: string;
  /** Who had the key and needs it no more; unless it has been claimed once more since. */
  from?: Holder;
  /** The company that it has, which answers to the key. The index learns of it here, not before somebody needs it. */
  its?: string | undefined;
  /** Of a company's key: when it was made, in milliseconds since the epoch. Stays, whoever takes the key later. */
  madeAt?: number;
};

/** Not since it was looked at: a folder that claims its key once more is about to act on it. */
const unchanged = ({ turn }: Holder) =>
  `f = :from AND ${turn === undefined ? 'attribute_not_exists(t)' : 't = :seen'}`;

/** The update that takes a key. "f = :me" lets the retry of our own applied write through. */
function claiming({ folderId, turn, from, its, madeAt }: Claim) {
  const values = {
    ':me': folderId,
    ':turn': turn,
    ':from': from?.folderId,
    ':seen': from?.turn,
    ':its': its === undefined ? undefined : new Set([its]),
    ':at': madeAt,
  };
  return {
    UpdateExpression: `SET f = :me, t = :turn${madeAt ? ', m = :at' : ''}${its ? ' ADD c :its' : ''}`,
    ConditionExpression: `attribute_not_exists(f) OR f = :me${from ? ` OR (${unchanged(from)})` : ''}`,
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined),
    ),
  };
}
/** The folder that took a key; of a company's key also when the connector made the company, in milliseconds since the epoch. */
export type KeyHolder = { folderId: string | undefined; madeAt: number | undefined };

export type ClaimKey = ReturnType<typeof createMatchIndex>['claim'];

/**
 * Which companies answer to a match key (hexadecimal), as the last pass over Moovago's companies found them; and which
 * folder has the say about a key. A company that was made since then is in the row of the folder that has the key.
 */
export function createMatchIndex(table: Table) {
  const { client, name: TableName } = table;

  const findBatch = async (keys: readonly string[]): Promise<[string, string[]][]> =>
    (await batchGet(table, keys.map(itemKey), 'match keys')).map(({ sk, c }) => [String(sk), idsOf(c)]);

  /** Key → company ids, for the keys that some company answers to. */
  async function find(keys: readonly string[]): Promise<Map<string, string[]>> {
    const distinct = [...new Set(keys)];
    const batches = chunks(distinct, keysPerBatch);
    const found = (await inParallel(batches, findBatch, 4)).flat();
    return new Map(found.filter(([, ids]) => ids.length > 0));
  }

  async function loadShard(shard: string): Promise<[string, string[]][]> {
    const found: [string, string[]][] = [];
    const query = {
      KeyConditionExpression: 'pk = :shard',
      ExpressionAttributeValues: { ':shard': `M#${shard}` },
    };
    for await (const { Items = [] } of queryPages(table, query))
      for (const { sk, c } of Items) found.push([String(sk), idsOf(c)]);
    return found;
  }

  /** Everything, for a pass that brings it up to date. */
  async function load(): Promise<Map<string, string[]>> {
    const found = (await inParallel(shards, loadShard, 4)).flat();
    return new Map(found.filter(([, ids]) => ids.length > 0));
  }

  const change = (action: 'ADD' | 'DELETE', key: string, companyIds: readonly string[]) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: itemKey(key),
        UpdateExpression: `${action} c :ids`,
        ExpressionAttributeValues: { ':ids': new Set(companyIds) },
      }),
    );

  /** Adds companies to keys, and takes companies from keys; both may be repeated. */
  async function update(
    add: ReadonlyMap<string, readonly string[]>,
    remove: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    await inParallel(add, ([key, ids]) => change('ADD', key, ids), 16);
    await inParallel(remove, ([key, ids]) => change('DELETE', key, ids), 16);
  }

  /**
   * Takes a key for a folder, if it is free, or is `from`'s.
   * @returns who has it now, until it is given back or another one takes it; none when it was given back this very
   * moment
   */
  async function claim(key: string, wanted: Claim): Promise<Holder | undefined> {
    const { folderId, turn } = wanted;
    const taking = new UpdateCommand({ TableName, Key: itemKey(key), ...claiming(wanted) });
    if (await holds(client.send(taking))) return { folderId, turn };
    const { f, t } = await read(key);
    return typeof f === 'string' ? { folderId: f, turn: typeof t === 'string' ? t : undefined } : undefined;
  }

  async function read(key: string): Promise<Record<string, unknown>> {
    const { Item = {} } = await client.send(
      new GetCommand({ TableName, Key: itemKey(key), ConsistentRead: true }),
    );
    return Item;
  }

  /** Who took which of these keys. */
  async function holders(keys: readonly string[]): Promise<Map<string, KeyHolder>> {
    const found = new Map<string, KeyHolder>();
    for (const batch of chunks([...new Set(keys)], keysPerBatch))
      for (const { sk, f, m } of await batchGet(table, batch.map(itemKey), 'match keys'))
        found.set(String(sk), {
          folderId: typeof f === 'string' ? f : undefined,
          madeAt: typeof m === 'number' ? m : undefined,
        });
    return found;
  }

  /** When the company of a key was made, where that was said. */
  async function madeAt(key: string): Promise<number | undefined> {
    const { m } = await read(key);
    return typeof m === 'number' ? m : undefined;
  }

  /** Gives a key back, to the folder that had it before if there was one, unless another turn has it by now. */
  async function release(key: string, turn: string, to?: string): Promise<void> {
    await holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key: itemKey(key),
          UpdateExpression: to === undefined ? 'REMOVE f, t' : 'SET f = :to REMOVE t',
          ConditionExpression: 't = :turn',
          ExpressionAttributeValues: { ':turn': turn, ...(to === undefined ? {} : { ':to': to }) },
        }),
      ),
    );
  }

  return { find, load, update, claim, holders, madeAt, release };
}
