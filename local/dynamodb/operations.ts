import { AwsFailure } from '../aws-failure.ts';
import { type AttributeValue, itemOf, type WireItem, wireItemOf } from './attribute-values.ts';
import type { Tables } from './database.ts';
import { conditionOf, type Item, updateOf } from './expressions.ts';
import { primaryKey } from './table-description.ts';
import type { StoredTable } from './table-store.ts';

type Expressions = {
  ConditionExpression?: string;
  FilterExpression?: string;
  KeyConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
};
type Named = { TableName: string };
type Keyed = Named & { Key: WireItem };

const invalid = (message: string) => new AwsFailure('ValidationException', message);
/** DynamoDB's own limit on an item, in bytes. */
const itemBytesMax = 400 * 1024;
const batchKeysMax = 100;
const batchWritesMax = 25;

export function tableNamed(database: Tables, name: string): StoredTable {
  const table = database.table(name);
  if (table === undefined)
    throw new AwsFailure(
      'ResourceNotFoundException',
      `Cannot do operations on a non-existent table: ${name}`,
    );
  return table;
}

/** The values of the expressions of a call. Throws a ValidationException, as DynamoDB does, for one that none of them uses. */
export function valuesOf({ ExpressionAttributeValues = {}, ...texts }: Expressions): Item {
  const used = Object.values(texts)
    .filter((text) => typeof text === 'string')
    .join(' ');
  const unused = Object.keys(ExpressionAttributeValues).find((name) => !used.includes(name));
  if (unused !== undefined)
    throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${unused}}`);
  return itemOf(ExpressionAttributeValues);
}

const kept = (table: StoredTable, item: WireItem): WireItem | undefined => {
  const text = table.get(...primaryKey(table.description, item));
  return text === undefined ? undefined : JSON.parse(text);
};

/** Throws where the item as it stands does not fulfil the condition of a call. */
function insist(before: WireItem | undefined, input: Expressions, values: Item): void {
  const { ConditionExpression: text, ExpressionAttributeNames: names = {} } = input;
  if (text === undefined || conditionOf(text)(itemOf(before ?? {}), values, names)) return;
  throw new AwsFailure('ConditionalCheckFailedException', 'The conditional request failed');
}

function keep(table: StoredTable, item: WireItem): void {
  const text = JSON.stringify(item);
  if (text.length * 3 > itemBytesMax && sizeOf(item) > itemBytesMax)
    throw invalid('Item size has exceeded the maximum allowed size');
  table.put(item, text);
}

/** Of an item as DynamoDB counts it, about: names and values, without what JSON puts between them. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + sizeOf(inner), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce((sum, [name, inner]) => {
    // Bytes come as text, and count as what they are.
    const isBytes = name === 'B' && typeof inner === 'string';
    return sum + name.length + (isBytes ? Buffer.byteLength(inner, 'base64') : sizeOf(inner));
  }, 0);
}

export function get(database: Tables, { TableName, Key }: Keyed): string {
  const table = tableNamed(database, TableName);
  const text = table.get(...primaryKey(table.description, Key));
  return text === undefined ? '{}' : `{"Item":${text}}`;
}

/** Puts an item, whatever was there. */
export const putItem = (database: Tables, name: string, item: WireItem): void =>
  keep(tableNamed(database, name), item);

export function put(database: Tables, input: Named & Expressions & { Item: WireItem }): string {
  const table = tableNamed(database, input.TableName);
  insist(kept(table, input.Item), input, valuesOf(input));
  keep(table, input.Item);
  return '{}';
}

export function remove(database: Tables, input: Keyed & Expressions): string {
  const table = tableNamed(database, input.TableName);
  insist(kept(table, input.Key), input, valuesOf(input));
  table.remove(...primaryKey(table.description, input.Key));
  return '{}';
}

export function update(database: Tables, input: Keyed & Expressions & { ReturnValues?: string }): string {
  const { Key, UpdateExpression = '', ExpressionAttributeNames: names = {}, ReturnValues = 'NONE' } = input;
  const table = tableNamed(database, input.TableName);
  const before = kept(table, Key);
  const values = valuesOf(input);
  insist(before, input, values);
  const after = itemOf(before ?? Key);
  updateOf(UpdateExpression)(after, values, names);
  const item = wireItemOf(after);
  if (Object.entries(Key).some(([name, value]) => JSON.stringify(item[name]) !== JSON.stringify(value)))
    throw invalid('Cannot update an attribute that is part of the key');
  keep(table, item);
  if (ReturnValues === 'NONE') return '{}';
  if (ReturnValues === 'ALL_NEW') return JSON.stringify({ Attributes: item });
  if (ReturnValues !== 'UPDATED_NEW') throw invalid(`${ReturnValues} is not given on this machine`);
  const mentioned = new Set(UpdateExpression.split(/[^\w#]+/).map((name) => names[name] ?? name));
  return JSON.stringify({
    Attributes: Object.fromEntries(Object.entries(item).filter(([name]) => mentioned.has(name))),
  });
}

/** Throws for more than DynamoDB takes at once, and for a key that stands there twice. */
function checkBatch(table: StoredTable, keys: readonly WireItem[], most: number): void {
  const distinct = new Set(keys.map((key) => JSON.stringify(primaryKey(table.description, key))));
  if (keys.length > most) throw invalid(`Too many items requested in one call: ${keys.length}`);
  if (distinct.size < keys.length) throw invalid('Provided list of item keys contains duplicates');
}

export function batchGet(
  database: Tables,
  { RequestItems }: { RequestItems: Record<string, { Keys: WireItem[] }> },
): string {
  const answers = Object.entries(RequestItems).map(([name, { Keys }]) => {
    const table = tableNamed(database, name);
    checkBatch(table, Keys, batchKeysMax);
    const found = Keys.flatMap((key) => table.get(...primaryKey(table.description, key)) ?? []);
    return `${JSON.stringify(name)}:[${found.join()}]`;
  });
  return `{"Responses":{${answers.join()}},"UnprocessedKeys":{}}`;
}

/** The key of what a batch writes, or the whole item. */
export const keyOfRequest = ({ PutRequest, DeleteRequest }: WriteRequest): WireItem =>
  PutRequest?.Item ?? DeleteRequest?.Key ?? {};

export type WriteRequest = { PutRequest?: { Item: WireItem }; DeleteRequest?: { Key: WireItem } };

export function batchWrite(
  database: Tables,
  { RequestItems }: { RequestItems: Record<string, WriteRequest[]> },
): string {
  for (const [name, requests] of Object.entries(RequestItems)) {
    const table = tableNamed(database, name);
    checkBatch(table, requests.map(keyOfRequest), batchWritesMax);
    for (const { PutRequest, DeleteRequest } of requests) {
      if (PutRequest) keep(table, PutRequest.Item);
      if (DeleteRequest) table.remove(...primaryKey(table.description, DeleteRequest.Key));
    }
  }
  return '{"UnprocessedItems":{}}';
}
