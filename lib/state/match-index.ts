import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';
import { batchGet, getItem, holds, itemsBelow, itemsOf, putItem, queryPages, type Table } from './table.ts';

const keysPerBatch = 100;
/** So many bearers of a key are kept. A value that has more is shared by definition: they would say nothing new. */
export const bearersMax = 50;
const shards = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'] as const;

const itemKey = (key: string) => ({ pk: `M#${key.slice(0, 1)}`, sk: key });
/** A folder that shares the company of a key, in an item of its own: there is no end to them. */
const sharerKey = (key: string, folderId: string) => ({ ...itemKey(key), sk: `${key}#${folderId}` });
const textsOf = (value: unknown): string[] => (value instanceof Set ? [...value].map(String) : []);

/**
 * A bearer of a key: a company, and what a witness needs to know about it. Without a company: a folder that contradicts others
 * with the key.
 */
export type Bearer = { companyId: string; witness: string };

/** As an item keeps it. A witness has no space. */
export const bearerText = ({ companyId, witness }: Bearer): string => `${companyId} ${witness}`;

export function bearerOf(text: string): Bearer {
  const at = text.lastIndexOf(' ');
  // Older code kept the company alone.
  return at < 0
    ? { companyId: text, witness: '' }
    : { companyId: text.slice(0, at), witness: text.slice(at + 1) };
}

/** The owner of the lease on a key, and the attempt that took it; no attempt if the key was given back. */
export type LeaseOwner = { folderId: string; token: string | undefined };

export type Claim = {
  folderId: string;
  /** The fencing token of the attempt: a parallel attempt for the same folder must not release what this one needs. */
  token: string;
  /** The previous owner, which needs the key no more. The claim fails if that owner has taken the key again since. */
  from?: LeaseOwner;
  /** The company of the previous owner, if it has this key. The index learns of it only now, when it is needed. */
  its?: Bearer | undefined;
  /**
   * Of a company's key: when the company was made, in milliseconds since the epoch. It stays when another folder takes
   * the key.
   */
  madeAt?: number;
};

/** True if the key is unchanged since it was read: a folder that takes its key again is about to act on it. */
const unchanged = ({ token }: LeaseOwner) =>
  `f = :from AND ${token === undefined ? 'attribute_not_exists(t)' : 't = :seen'}`;

/** The update that takes the lease on a key. "f = :me" accepts the retry of our own applied write. */
function claiming({ folderId, token, from, its, madeAt }: Claim) {
  const values = {
    ':me': folderId,
    ':token': token,
    ':from': from?.folderId,
    ':seen': from?.token,
    ':its': its === undefined ? undefined : new Set([bearerText(its)]),
    ':at': madeAt,
    ':max': its === undefined ? undefined : bearersMax,
  };
  return {
    UpdateExpression: `SET f = :me, t = :token${madeAt ? ', m = :at' : ''}${its ? ' ADD c :its' : ''}`,
    ConditionExpression: `(attribute_not_exists(f) OR f = :me${from ? ` OR (${unchanged(from)})` : ''})${
      its === undefined ? '' : ' AND (attribute_not_exists(c) OR size(c) < :max)'
    }`,
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined),
    ),
  };
}
/**
 * The folder that took a key. Of a company's key, also when the connector made the company, in milliseconds since the
 * epoch.
 */
export type KeyOwner = { folderId: string | undefined; madeAt: number | undefined };

export type MatchIndex = ReturnType<typeof createMatchIndex>;

/**
 * The match keys (hexadecimal): which companies bear a key, as the last pass over Moovago's companies found them, and
 * which folder has the lease on it. A company that was made since then is in the row of that folder.
 */
export function createMatchIndex(table: Table) {
  const { client, name: TableName } = table;

  const findBatch = async (keys: readonly string[]): Promise<[string, Bearer[]][]> =>
    (await batchGet(table, keys.map(itemKey), 'match keys')).map(({ sk, c }) => [
      String(sk),
      textsOf(c).map(bearerOf),
    ]);

  /** Key → its bearers, for the keys that have one. */
  async function find(keys: readonly string[]): Promise<Map<string, Bearer[]>> {
    const distinct = [...new Set(keys)];
    const batches = chunks(distinct, keysPerBatch);
    const found = (await inParallel(batches, findBatch, 4)).flat();
    return new Map(found.filter(([, bearers]) => bearers.length > 0));
  }

  /** The whole index, for a pass that updates it: each key that has bearers, and these as an item keeps them. */
  async function* entries(): AsyncGenerator<[key: string, bearers: string[]]> {
    for (const shard of shards) {
      const query = {
        KeyConditionExpression: 'pk = :shard',
        ExpressionAttributeValues: { ':shard': `M#${shard}` },
      };
      for await (const { Items = [] } of queryPages(table, query))
        for (const { sk, c } of Items) if (textsOf(c).length > 0) yield [String(sk), textsOf(c)];
    }
  }

  async function add(key: string, bearers: readonly string[]): Promise<void> {
    const adding = new UpdateCommand({
      TableName,
      Key: itemKey(key),
      UpdateExpression: 'ADD c :bearers',
      ConditionExpression: 'attribute_not_exists(c) OR size(c) < :max',
      ExpressionAttributeValues: { ':bearers': new Set(bearers.slice(0, bearersMax)), ':max': bearersMax },
    });
    await holds(client.send(adding));
  }

  const remove = (key: string, bearers: readonly string[]) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: itemKey(key),
        UpdateExpression: 'DELETE c :bearers',
        ExpressionAttributeValues: { ':bearers': new Set(bearers) },
      }),
    );

  /** Adds bearers to keys, and removes bearers from keys. Both may be repeated. A key with {@link bearersMax} takes no more. */
  async function update(
    more: ReadonlyMap<string, readonly string[]>,
    less: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    await inParallel(more, ([key, bearers]) => add(key, bearers), 16);
    await inParallel(less, ([key, bearers]) => remove(key, bearers), 16);
  }

  /** Removes a company from keys, whatever is known about it. */
  async function forget(keys: readonly string[], companyId: string): Promise<void> {
    const found = [...(await find(keys))].map(([key, bearers]) => {
      const its = bearers.filter((bearer) => bearer.companyId === companyId);
      // Older code kept the company alone.
      const texts = its.length === 0 ? [] : [companyId, ...its.map(bearerText)];
      return [key, texts] as const;
    });
    await update(new Map(), new Map(found.filter(([, texts]) => texts.length > 0)));
  }

  /** Records folders that contradict each other although they have one key. */
  const contradict = (key: string, witnesses: readonly string[]) =>
    add(
      key,
      witnesses.map((witness) => bearerText({ companyId: '', witness })),
    );

  /**
   * Takes the lease on a key for a folder, if the key is free, or is `from`'s.
   * @returns the owner from now on; `undefined` if the key was given back at this very moment
   */
  async function claim(key: string, requested: Claim): Promise<LeaseOwner | undefined> {
    const { folderId, token } = requested;
    const taking = new UpdateCommand({ TableName, Key: itemKey(key), ...claiming(requested) });
    if (await holds(client.send(taking))) return { folderId, token };
    const { f, t, c } = await read(key);
    // The company of the previous owner has no room: without it the key says the same.
    if (requested.its !== undefined && textsOf(c).length >= bearersMax)
      return claim(key, { ...requested, its: undefined });
    return typeof f === 'string' ? { folderId: f, token: typeof t === 'string' ? t : undefined } : undefined;
  }

  const read = async (key: string) => (await getItem(table, itemKey(key))) ?? {};

  /** The owners of these keys. */
  async function owners(keys: readonly string[]): Promise<Map<string, KeyOwner>> {
    const found = new Map<string, KeyOwner>();
    for (const batch of chunks([...new Set(keys)], keysPerBatch))
      for (const { sk, f, m } of await batchGet(table, batch.map(itemKey), 'match keys'))
        found.set(String(sk), {
          folderId: typeof f === 'string' ? f : undefined,
          madeAt: typeof m === 'number' ? m : undefined,
        });
    return found;
  }

  /** When the company of a key was made, if that was recorded. */
  async function madeAt(key: string): Promise<number | undefined> {
    const { m } = await read(key);
    return typeof m === 'number' ? m : undefined;
  }

  /** Records with a company's key that this folder shares the company, although another folder writes it. */
  async function share(key: string, folderId: string): Promise<void> {
    await putItem(table, sharerKey(key, folderId));
  }

  /** The folders that ever shared the company of a key. */
  async function sharers(key: string): Promise<string[]> {
    // An older version kept them in a set.
    const found = textsOf((await read(key)).s);
    for await (const { sk } of itemsBelow(table, itemKey(key))) found.push(String(sk).slice(key.length + 1));
    return [...new Set(found)];
  }

  /** Gives a key back, to its previous owner if there was one, unless another attempt has it by now. */
  async function release(key: string, token: string, to?: string): Promise<void> {
    await holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key: itemKey(key),
          UpdateExpression: to === undefined ? 'REMOVE f, t' : 'SET f = :to REMOVE t',
          ConditionExpression: 't = :token',
          ExpressionAttributeValues: { ':token': token, ...(to === undefined ? {} : { ':to': to }) },
        }),
      ),
    );
  }

  /**
   * Takes a folder out of the whole index: its leases, and that it shared companies. What Moovago's companies have stays.
   * It reads all of the index: for a command.
   * @returns at how many keys it was, and the companies that bear a key
   */
  async function erase(folderId: string): Promise<{ keys: number; companyIds: Set<string> }> {
    const found = { keys: 0, companyIds: new Set<string>() };
    for (const shard of shards)
      for await (const item of itemsOf(table, `M#${shard}`)) {
        for (const text of textsOf(item.c)) found.companyIds.add(bearerOf(text).companyId);
        if (await eraseAt(item, folderId)) found.keys++;
      }
    return found;
  }

  async function eraseAt({ pk, sk, f, c, m, s }: Record<string, unknown>, folderId: string) {
    const at = { TableName, Key: { pk, sk } };
    if (String(sk).endsWith(`#${folderId}`)) {
      await client.send(new DeleteCommand(at));
      return true;
    }
    const isSharer = textsOf(s).includes(folderId);
    if (isSharer)
      await client.send(
        new UpdateCommand({
          ...at,
          UpdateExpression: 'DELETE s :folder',
          ExpressionAttributeValues: { ':folder': new Set([folderId]) },
        }),
      );
    if (f !== folderId) return isSharer;
    const mine = { ...at, ExpressionAttributeValues: { ':me': folderId } };
    const isAlone = c === undefined && m === undefined && s === undefined;
    return isAlone
      ? holds(
          client.send(
            new DeleteCommand({ ...mine, ConditionExpression: 'f = :me AND attribute_not_exists(c)' }),
          ),
        )
      : holds(
          client.send(
            new UpdateCommand({ ...mine, ConditionExpression: 'f = :me', UpdateExpression: 'REMOVE f, t' }),
          ),
        );
  }

  return {
    find,
    erase,
    entries,
    update,
    forget,
    contradict,
    claim,
    owners,
    madeAt,
    share,
    sharers,
    release,
  };
}
