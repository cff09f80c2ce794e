import { hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { chunks } from '../framework/chunks.ts';
import { batchGet, getItem, itemsBelow, putItem, type Table } from './table.ts';

/** An item has 400 kB at most. Plain content may be larger there than as JSON: numbers and lists have marks of their own. */
const plainBytesMax = 200_000;
const partBytesMax = 350_000;
const keysPerBatch = 100;
/** How often a reader meets a list that another process replaces at that moment. */
const roundsMax = 5;

const head = z.object({ list: z.string(), parts: z.number() });
const part = z.object({ sk: z.string(), packed: z.instanceof(Uint8Array) });

/**
 * JSON of any size under one key: as it is in the attribute `content`, or compressed in parts beside it. The item itself
 * is written last, and names the list of parts that counts: a write that is cut off changes nothing.
 */
export function createLargeItem(table: Table, key: { pk: string; sk: string }) {
  const { client, name: TableName } = table;
  const prefix = `${key.sk}#`;
  const partKey = (list: string, place: number) => ({
    pk: key.pk,
    sk: `${prefix}${list}#${String(place).padStart(4, '0')}`,
  });
  /** Parts of an earlier list may be there. Not known at first. */
  let mayHaveParts = true;

  /** The attributes of the item with its `content`; `undefined` if nothing was ever saved. */
  async function read(): Promise<Record<string, unknown> | undefined> {
    for (let round = 0; round < roundsMax; round++) {
      const item = await getItem(table, key);
      const large = head.safeParse(item);
      if (!large.success) return item;
      const { list, parts } = large.data;
      const keys = Array.from({ length: parts }, (_, place) => partKey(list, place));
      const found: z.infer<typeof part>[] = [];
      for (const some of chunks(keys, keysPerBatch))
        found.push(...(await batchGet(table, some, 'parts of an item')).map((one) => part.parse(one)));
      if (found.length < parts) continue;
      const packed = found.sort((one, other) => (one.sk < other.sk ? -1 : 1)).map((one) => one.packed);
      return { ...item, content: JSON.parse(gunzipSync(Buffer.concat(packed)).toString()) };
    }
    throw new Error(`The parts of ${key.pk} ${key.sk} are missing from the table`);
  }

  async function save(content: unknown): Promise<void> {
    const text = JSON.stringify(content);
    const isLarge = Buffer.byteLength(text) > plainBytesMax;
    const list = isLarge ? hash('sha256', text).slice(0, 16) : '';
    if (isLarge) {
      const packed = gzipSync(text);
      const parts = Math.ceil(packed.byteLength / partBytesMax);
      for (let place = 0; place < parts; place++) {
        const bytes = packed.subarray(place * partBytesMax, (place + 1) * partBytesMax);
        await putItem(table, { ...partKey(list, place), packed: bytes });
      }
      await putItem(table, { ...key, list, parts });
    } else await putItem(table, { ...key, content });
    if (isLarge || mayHaveParts) await forgetParts((sk) => !sk.startsWith(`${prefix}${list}#`));
    mayHaveParts = isLarge;
  }

  async function forget(): Promise<void> {
    await client.send(new DeleteCommand({ TableName, Key: key }));
    await forgetParts(() => true);
  }

  async function forgetParts(isOver: (sk: string) => boolean): Promise<void> {
    const keys: string[] = [];
    for await (const { sk } of itemsBelow(table, key)) keys.push(String(sk));
    for (const sk of keys.filter(isOver))
      await client.send(new DeleteCommand({ TableName, Key: { pk: key.pk, sk } }));
  }

  return { read, save, forget };
}
