import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';

/** The single DynamoDB table, as every file of this folder takes it. */
export type Table = { client: DynamoDBDocumentClient; name: string };

/** The client as this folder uses it: plain values; `undefined` is not written. */
export const documentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

type Item = Record<string, unknown>;

/** An item, read consistently. */
export async function getItem({ client, name: TableName }: Table, Key: Item): Promise<Item | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}

/** Writes an item, whatever was there. */
export async function putItem({ client, name: TableName }: Table, Item: Item): Promise<void> {
  await client.send(new PutCommand({ TableName, Item }));
}

/** The items of a partition in the order of their keys, read consistently. */
export const itemsOf = (table: Table, pk: string): AsyncGenerator<Item> =>
  itemsWhere(table, 'pk = :pk', { ':pk': pk });

/** The items that belong to one: in its partition, their sort keys begin with its own and a "#". Read consistently. */
export const itemsBelow = (table: Table, { pk, sk }: { pk: string; sk: string }): AsyncGenerator<Item> =>
  // "$" follows "#".
  itemsWhere(table, 'pk = :pk AND sk BETWEEN :from AND :to', {
    ':pk': pk,
    ':from': `${sk}#`,
    ':to': `${sk}$`,
  });

async function* itemsWhere(table: Table, condition: string, values: Item): AsyncGenerator<Item> {
  const query = {
    KeyConditionExpression: condition,
    ExpressionAttributeValues: values,
    ConsistentRead: true,
  };
  for await (const { Items = [] } of queryPages(table, query)) yield* Items;
}

/** Runs a conditional write. `false`: the condition failed. Every other error is thrown. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** What every write leaves in an item: its revision, which the next writer must have read, and the id of the write. */
type Revised = { revision: number; writeId: string };

/**
 * Writes an item, unless another process has written it since it was read.
 * @param read reads the item as it is now, if the condition failed
 * @returns the item as saved, or the stored one
 */
export async function putRevision<Content extends Revised>(
  { client, name: TableName }: Table,
  key: Record<string, string>,
  { before, after, writeId }: { before: Revised | undefined; after: Content; writeId: string },
  read: () => Promise<Content | undefined>,
): Promise<{ saved: Content } | { found: Content | undefined }> {
  const saved = { ...after, revision: (before?.revision ?? 0) + 1, writeId };
  const condition =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'revision = :seen',
          ExpressionAttributeValues: { ':seen': before.revision },
        };
  const Item = { ...saved, ...key };
  if (await holds(client.send(new PutCommand({ TableName, Item, ...condition })))) return { saved };
  const found = await read();
  // The SDK retries a write whose answer was lost. The retry then fails its condition on our own first write.
  return found?.writeId === writeId ? { saved: found } : { found };
}

/** Deletes an item, unless another process has written it since it was read. @returns whether it is gone */
export const deleteRevision = (
  { client, name: TableName }: Table,
  Key: Record<string, string>,
  { revision }: Pick<Revised, 'revision'>,
): Promise<boolean> =>
  holds(
    client.send(
      new DeleteCommand({
        TableName,
        Key,
        // The second: the SDK retries a deletion whose answer was lost.
        ConditionExpression: 'revision = :seen OR attribute_not_exists(pk)',
        ExpressionAttributeValues: { ':seen': revision },
      }),
    ),
  );

const unprocessedRoundsMax = 8;

/**
 * The items of up to 100 keys, read consistently. Those that DynamoDB leaves out are requested again.
 * @param what they are, for the error if DynamoDB leaves them out in every round
 */
export async function batchGet(
  { client, name: TableName }: Table,
  keys: readonly Item[],
  what: string,
): Promise<Item[]> {
  const items: Item[] = [];
  let left: Item[] | undefined = [...keys];
  for (let round = 0; left !== undefined && left.length > 0; round++) {
    if (round === unprocessedRoundsMax) throw new Error(`DynamoDB left ${what} unread, round after round`);
    const answer: BatchGetCommandOutput = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys: left, ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[TableName] ?? []));
    left = answer.UnprocessedKeys?.[TableName]?.Keys;
  }
  return items;
}

/** Pages, one after the other. A caller that has enough stops. */
async function* pages<Page extends { LastEvaluatedKey?: Item | undefined }>(
  read: (start: Item | undefined) => Promise<Page>,
) {
  let start: Item | undefined;
  do {
    const page = await read(start);
    yield page;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

export const queryPages = ({ client, name: TableName }: Table, query: Omit<QueryCommandInput, 'TableName'>) =>
  pages((start) => client.send(new QueryCommand({ ...query, TableName, ExclusiveStartKey: start })));

/** It reads everything: for the nightly job, or for a command. */
export const scanPages = ({ client, name: TableName }: Table, scan: Omit<ScanCommandInput, 'TableName'>) =>
  pages((start) => client.send(new ScanCommand({ ...scan, TableName, ExclusiveStartKey: start })));
