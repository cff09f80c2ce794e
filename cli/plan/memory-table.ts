import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { documentClient, type Table } from '../../lib/state/table.ts';
import { conditionOf, type Item, updateOf } from '../../local/table-expressions.ts';
import { createMemoryItems, type MemoryItems } from './memory-items.ts';

type Conditional = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeValues' | 'ExpressionAttributeNames'
>;

/**
 * A table that is nowhere but in this process: it begins with the items of a real one, and whatever is written stays in
 * here. It has no way to AWS, so nothing that works on it can write there. Answers in one page, whatever `Limit` says.
 */
export function createMemoryTable(name: string, items: readonly Item[]): Table {
  const kept = createMemoryItems(items);
  const send = async (command: unknown): Promise<unknown> => perform(kept, command);
  return { name, client: Object.assign(documentClient(new DynamoDBClient({})), { send }) };
}

function perform(items: MemoryItems, command: unknown): unknown {
  if (command instanceof GetCommand) return { Item: items.get(command.input.Key ?? {}) };
  if (command instanceof PutCommand) return put(items, command.input);
  if (command instanceof UpdateCommand) return update(items, command.input);
  if (command instanceof DeleteCommand) return items.remove(command.input.Key ?? {});
  if (command instanceof QueryCommand) return query(items, command.input);
  if (command instanceof ScanCommand) return scan(items, command.input);
  if (command instanceof BatchGetCommand) return batchGet(items, command.input);
  if (command instanceof BatchWriteCommand) return batchWrite(items, command.input);
  throw new Error(`A table in memory does not know this command: ${command?.constructor.name}`);
}

function insist(item: Item | undefined, input: Conditional): void {
  const { ConditionExpression, ExpressionAttributeValues = {}, ExpressionAttributeNames = {} } = input;
  if (ConditionExpression === undefined) return;
  const holds = conditionOf(ConditionExpression);
  if (!holds(item ?? {}, ExpressionAttributeValues, ExpressionAttributeNames))
    throw new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
}

function put(items: MemoryItems, input: PutCommandInput) {
  const item = input.Item ?? {};
  insist(items.get(item), input);
  items.put(item);
  return {};
}

function update(items: MemoryItems, input: UpdateCommand['input']) {
  const { Key = {}, UpdateExpression = '', ExpressionAttributeValues = {} } = input;
  const before = items.get(Key);
  insist(before, input);
  const after = { ...Key, ...before };
  updateOf(UpdateExpression)(after, ExpressionAttributeValues, input.ExpressionAttributeNames ?? {});
  items.put(after);
  // More than UPDATED_NEW asks for.
  return { Attributes: after };
}

/** The values that the first part of every key condition of ours names: `pk = :shard`. */
const hashKey = /^(\w+) = (:\w+)/;

function query(items: MemoryItems, input: QueryCommandInput) {
  const { IndexName, KeyConditionExpression = '', ExpressionAttributeValues = {} } = input;
  const [, hash = '', value = ''] = hashKey.exec(KeyConditionExpression) ?? [];
  const holds = conditionOf(KeyConditionExpression);
  const Items = items
    .having(hash, ExpressionAttributeValues[value], IndexName)
    .filter((item) => holds(item, ExpressionAttributeValues, input.ExpressionAttributeNames ?? {}));
  return { Items, Count: Items.length };
}

function scan(
  items: MemoryItems,
  { FilterExpression, ExpressionAttributeValues = {} }: ScanCommand['input'],
) {
  const holds = FilterExpression === undefined ? () => true : conditionOf(FilterExpression);
  return { Items: items.all().filter((item) => holds(item, ExpressionAttributeValues, {})) };
}

function batchGet(items: MemoryItems, { RequestItems = {} }: BatchGetCommand['input']) {
  const found = Object.entries(RequestItems).map(([table, { Keys = [] }]) => [
    table,
    Keys.flatMap((key) => items.get(key) ?? []),
  ]);
  return { Responses: Object.fromEntries(found) };
}

function batchWrite(items: MemoryItems, { RequestItems = {} }: BatchWriteCommand['input']) {
  for (const { PutRequest, DeleteRequest } of Object.values(RequestItems).flat()) {
    if (PutRequest?.Item) items.put(PutRequest.Item);
    if (DeleteRequest?.Key) items.remove(DeleteRequest.Key);
  }
  return {};
}
