import { z } from 'zod';
import { billedBytes, pageBytes, pageBytesMax, readUnits, type SmallItem } from './item-size.ts';

type Partition = { items: Map<string, string>; sorted: string[] | undefined };

const text = z.object({ S: z.string() });
const key = z.strictObject({ pk: text, sk: text });
const item = z.strictObject({ pk: text, sk: text, h: z.object({ B: z.string() }) });

const query = z.object({
  TableName: z.string(),
  KeyConditionExpression: z.templateLiteral(['pk = ', z.string()]),
  ExpressionAttributeValues: z.record(z.string(), text),
  ExclusiveStartKey: key.optional(),
});
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(key) })) });
const batchWrite = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ PutRequest: z.object({ Item: item }) }))),
});

/** The answer's body, and what it cost. */
export type Served = { body: string; readUnits: number; writeUnits: number };

const emptyPartition = (): Partition => ({ items: new Map(), sorted: undefined });

/**
 * Partitions of many small items, with answers, page ends and read units as DynamoDB gives them. An emulator takes seconds
 * over what DynamoDB does in milliseconds, and would be all that a bench of a million items measures.
 */
export class SmallItems {
  readonly #partitions = new Map<string, Partition>();

  put({ pk, sk, h }: SmallItem): void {
    const partition = this.#partitions.get(pk) ?? emptyPartition();
    this.#partitions.set(pk, partition);
    partition.items.set(sk, h);
    partition.sorted = undefined;
  }

  batchWriteItem(request: unknown): Served {
    const { RequestItems } = batchWrite.parse(request);
    const requests = Object.values(RequestItems).flat();
    for (const { PutRequest } of requests) {
      const { pk, sk, h } = PutRequest.Item;
      this.put({ pk: pk.S, sk: sk.S, h: h.B });
    }
    return { body: '{"UnprocessedItems":{}}', readUnits: 0, writeUnits: requests.length };
  }

  batchGetItem(request: unknown): Served {
    const { RequestItems } = batchGet.parse(request);
    const [[tableName, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems);
    const found = Keys.flatMap(({ pk, sk }) => {
      const h = this.#partitions.get(pk.S)?.items.get(sk.S);
      return h === undefined ? [] : [{ pk: pk.S, sk: sk.S, h }];
    });
    const body = `{"Responses":{${JSON.stringify(tableName)}:[${found.map(asJson).join()}]},"UnprocessedKeys":{}}`;
    // A key that finds nothing costs as much as one that finds little.
    return { body, readUnits: Keys.length * readUnits(1), writeUnits: 0 };
  }

  query(request: unknown): Served {
    const { KeyConditionExpression, ExpressionAttributeValues, ExclusiveStartKey } = query.parse(request);
    const placeholder = KeyConditionExpression.slice('pk = '.length);
    const pk = ExpressionAttributeValues[placeholder]?.S ?? '';
    const partition = this.#partitions.get(pk) ?? emptyPartition();
    partition.sorted ??= [...partition.items.keys()].sort();
    const start = ExclusiveStartKey === undefined ? 0 : placeAfter(partition.sorted, ExclusiveStartKey.sk.S);
    const page: SmallItem[] = [];
    for (let index = start, bytes = 0; index < partition.sorted.length && bytes < pageBytesMax; index++) {
      const sk = partition.sorted[index] ?? '';
      const next = { pk, sk, h: partition.items.get(sk) ?? '' };
      page.push(next);
      bytes += pageBytes(next);
    }
    return { body: pageAsJson(page), readUnits: readUnits(sum(page, billedBytes)), writeUnits: 0 };
  }
}

/** The place of the first key behind this one. */
function placeAfter(sorted: readonly string[], sk: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= sk) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Written by hand: `JSON.stringify` would take longer than all the rest. */
const asJson = ({ pk, sk, h }: SmallItem) =>
  `{"pk":{"S":${JSON.stringify(pk)}},"sk":{"S":${JSON.stringify(sk)}},"h":{"B":"${h}"}}`;

function pageAsJson(page: readonly SmallItem[]): string {
  const last = page.at(-1);
  const isFull = last !== undefined && sum(page, pageBytes) >= pageBytesMax;
  const { pk = '', sk = '' } = last ?? {};
  const more = isFull ? `,"LastEvaluatedKey":${JSON.stringify({ pk: { S: pk }, sk: { S: sk } })}` : '';
  return `{"Count":${page.length},"ScannedCount":${page.length},"Items":[${page.map(asJson).join()}]${more}}`;
}

const sum = (items: readonly SmallItem[], size: (item: SmallItem) => number) =>
  items.reduce((total, item) => total + size(item), 0);
