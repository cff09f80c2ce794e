import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type {
  BatchGetCommandInput,
  BatchWriteCommandInput,
  DeleteCommandInput,
  GetCommandInput,
  PutCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { conditionOf, type Item, updateOf } from '../../local/dynamodb/expressions.ts';
import { copied, type Items, keyOf } from './items.ts';

/** What an answer may leave out: decided by the faults of the run. */
export type Reluctance = {
  /** Whether the nth key or item of a batch is left for another time. */
  leavesOut(nth: number): boolean;
  /** The most that a page holds. */
  pageMax: number;
};

/** The keys of the indexes in serverless.yml; both project keys only. */
const indexes = new Map<string, { hash: string; range: string | undefined }>([
  ['due', { hash: 'dueLane', range: 'dueAt' }],
  ['company', { hash: 'companyId', range: undefined }],
]);

type Conditional = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeValues' | 'ExpressionAttributeNames'
>;

function insist(item: Item | undefined, input: Conditional): void {
  const { ConditionExpression, ExpressionAttributeValues = {}, ExpressionAttributeNames = {} } = input;
  if (ConditionExpression === undefined) return;
  const holds = conditionOf(ConditionExpression);
  if (!holds(item ?? {}, ExpressionAttributeValues, ExpressionAttributeNames))
    throw new ConditionalCheckFailedException({
      $metadata: {},
      message: 'The conditional request failed',
    });
}

/** DynamoDB refuses an item whose index key is of another kind. */
function checkIndexKeys(item: Item): void {
  const kinds = { dueLane: 'string', dueAt: 'number', companyId: 'string' };
  for (const [name, kind] of Object.entries(kinds))
    if (item[name] !== undefined && (typeof item[name] !== kind || item[name] === ''))
      throw new Error(`ValidationException: ${name} is not a ${kind}`);
}

export function put(items: Items, input: PutCommandInput) {
  const Item = copied(input.Item ?? {});
  insist(items.get(keyOf(Item), true), input);
  checkIndexKeys(Item);
  items.put(keyOf(Item), Item);
  return {};
}

export function get(items: Items, { Key = {}, ConsistentRead = false }: GetCommandInput) {
  const Item = items.get(keyOf(Key), ConsistentRead);
  return Item === undefined ? {} : { Item: copied(Item) };
}

export function update(items: Items, input: UpdateCommandInput) {
  const { Key = {}, UpdateExpression = '', ExpressionAttributeValues, ExpressionAttributeNames } = input;
  const before = items.get(keyOf(Key), true);
  insist(before, input);
  const after = { ...copied(Key), ...copied(before ?? {}) };
  updateOf(UpdateExpression)(after, copied(ExpressionAttributeValues ?? {}), ExpressionAttributeNames ?? {});
  checkIndexKeys(after);
  items.put(keyOf(Key), after);
  // A superset of UPDATED_NEW.
  return { Attributes: copied(after) };
}

export function remove(items: Items, input: DeleteCommandInput) {
  const key = keyOf(input.Key ?? {});
  insist(items.get(key, true), input);
  items.put(key, undefined);
  return {};
}

type Range = Pick<QueryCommandInput, 'IndexName' | 'Limit' | 'ExclusiveStartKey' | 'Select'>;

/** One page of what was found, in the order of its range key. */
function page(found: Item[], { IndexName, Limit, ExclusiveStartKey, Select }: Range, pageMax: number) {
  const range = indexes.get(IndexName ?? '')?.range;
  const isBefore = (one: Item, other: Item) =>
    range !== undefined && one[range] !== other[range]
      ? Number(one[range]) < Number(other[range])
      : keyOf(one) < keyOf(other);
  const sorted = range === undefined ? found : found.sort((one, other) => (isBefore(one, other) ? -1 : 1));
  const rest = ExclusiveStartKey ? sorted.filter((item) => isBefore(ExclusiveStartKey, item)) : sorted;
  const Items = rest
    .slice(0, Math.min(Limit ?? Number.POSITIVE_INFINITY, pageMax))
    .map((item) => copied(item));
  const last = rest.length > Items.length ? Items.at(-1) : undefined;
  return {
    Count: Items.length,
    Items: Select === 'COUNT' ? undefined : Items,
    LastEvaluatedKey: last,
  };
}

function projected(item: Item, IndexName: string | undefined): Item {
  if (IndexName === undefined) return item;
  const index = indexes.get(IndexName);
  if (index === undefined) throw new Error(`There is no index ${IndexName}`);
  const names = ['pk', 'sk', index.hash, ...(index.range ? [index.range] : [])];
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

const isIn = (item: Item, IndexName: string | undefined) => {
  const index = indexes.get(IndexName ?? '');
  return (
    index === undefined || [index.hash, index.range ?? index.hash].every((name) => item[name] !== undefined)
  );
};

function listed(items: Items, IndexName: string | undefined, isConsistent: boolean): Item[] {
  if (IndexName !== undefined && isConsistent) throw new Error('An index has no consistent reads');
  return items
    .list(isConsistent)
    .filter(([, item]) => isIn(item, IndexName))
    .map(([, item]) => projected(item, IndexName));
}

export function query(items: Items, input: QueryCommandInput, { pageMax }: Reluctance) {
  const {
    KeyConditionExpression = '',
    ExpressionAttributeValues = {},
    ExpressionAttributeNames = {},
  } = input;
  const holds = conditionOf(KeyConditionExpression);
  const found = listed(items, input.IndexName, input.ConsistentRead ?? false).filter((item) =>
    holds(item, ExpressionAttributeValues, ExpressionAttributeNames),
  );
  return page(found, input, pageMax);
}

export function scan(items: Items, input: ScanCommandInput, { pageMax }: Reluctance) {
  const { FilterExpression, ExpressionAttributeValues = {}, ExpressionAttributeNames = {} } = input;
  const passes = FilterExpression === undefined ? () => true : conditionOf(FilterExpression);
  const read = page(listed(items, input.IndexName, input.ConsistentRead ?? false), input, pageMax);
  // As in DynamoDB: what is filtered out has been read all the same, and a page may be empty.
  const Items = read.Items?.filter((item) =>
    passes(item, ExpressionAttributeValues, ExpressionAttributeNames),
  );
  return { ...read, Items };
}

export function batchGet(
  items: Items,
  { RequestItems = {} }: BatchGetCommandInput,
  { leavesOut }: Reluctance,
) {
  const [[table, request] = ['', undefined]] = Object.entries(RequestItems);
  const { Keys = [], ConsistentRead = false } = request ?? {};
  const left = Keys.filter((_, nth) => leavesOut(nth));
  const found = Keys.filter((key) => !left.includes(key)).flatMap(
    (key) => items.get(keyOf(key), ConsistentRead) ?? [],
  );
  return {
    Responses: { [table]: found.map((item) => copied(item)) },
    UnprocessedKeys: left.length > 0 ? { [table]: { ...request, Keys: left } } : {},
  };
}

export function batchWrite(
  items: Items,
  { RequestItems = {} }: BatchWriteCommandInput,
  { leavesOut }: Reluctance,
) {
  const [[table, requests] = ['', []]] = Object.entries(RequestItems);
  const left = requests.filter((_, nth) => leavesOut(nth));
  for (const request of requests) {
    if (left.includes(request)) continue;
    const { PutRequest, DeleteRequest } = request;
    if (PutRequest?.Item) items.put(keyOf(PutRequest.Item), copied(PutRequest.Item));
    if (DeleteRequest?.Key) items.put(keyOf(DeleteRequest.Key), undefined);
  }
  return { UnprocessedItems: left.length > 0 ? { [table]: left } : {} };
}
