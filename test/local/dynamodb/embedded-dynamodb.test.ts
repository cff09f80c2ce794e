import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../local/dynamodb/database.ts';
import { embeddedDynamodbClient } from '../../../local/dynamodb/embedded-dynamodb.ts';
import { provisionTables } from '../../../local/provision-tables.ts';
import { stateTable } from '../../support/state-table.ts';

const TableName = 'clavus-moovago-test';
const due = (sk: string, dueAt: number) => ({ pk: `FOLDER#${sk}`, sk: 'ROW', dueLane: 'live', dueAt });

/** The same calls on the table of this machine and on another DynamoDB: what either says, and why it refuses. */
describe.each(['embedded', 'sdk', 'dynalite'] as const)('a table (%s)', (engine) => {
  it('gives an index in the order of its range key, page after page', async () => {
    const { client } = await stateTable(engine);
    for (const [sk, dueAt] of [
      ['c', 30],
      ['a', 10],
      ['d', 9],
      ['b', 200],
    ] as const)
      await client.send(new PutCommand({ TableName, Item: due(sk, dueAt) }));
    const query = {
      TableName,
      IndexName: 'due',
      KeyConditionExpression: 'dueLane = :lane AND dueAt <= :by',
      ExpressionAttributeValues: { ':lane': 'live', ':by': 100 },
      Limit: 2,
    };
    const first = await client.send(new QueryCommand(query));
    expect(first.Items).toEqual([due('d', 9), due('a', 10)]);
    expect(first.LastEvaluatedKey).toEqual(due('a', 10));
    const second = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );
    expect(second.Items).toEqual([due('c', 30)]);
  });

  it('takes an item out of an index whose attribute it loses', async () => {
    const { client } = await stateTable(engine);
    await client.send(new PutCommand({ TableName, Item: due('a', 10) }));
    const count = async () =>
      (
        await client.send(
          new QueryCommand({
            TableName,
            IndexName: 'due',
            KeyConditionExpression: 'dueLane = :lane',
            ExpressionAttributeValues: { ':lane': 'live' },
            Select: 'COUNT',
          }),
        )
      ).Count;
    expect(await count()).toBe(1);
    const Key = { pk: 'FOLDER#a', sk: 'ROW' };
    await client.send(new UpdateCommand({ TableName, Key, UpdateExpression: 'REMOVE dueAt' }));
    expect(await count()).toBe(0);
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item).toEqual({ ...Key, dueLane: 'live' });
  });

  it('keeps every kind of value, and gives back what an update changed', async () => {
    const { client } = await stateTable(engine);
    const Key = { pk: 'X', sk: 'é' };
    const values = {
      text: 'd\u2019\u00e9t\u00e9 \u{1f600}',
      number: 1.5,
      no: false,
      nothing: null,
      list: ['a', { b: 2 }],
    };
    await client.send(
      new PutCommand({
        TableName,
        Item: { ...Key, ...values, bytes: Uint8Array.of(0, 255), ids: new Set(['a']) },
      }),
    );
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'ADD ids :more SET #number = #number + :one',
        ExpressionAttributeNames: { '#number': 'number' },
        ExpressionAttributeValues: { ':more': new Set(['b']), ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(Attributes).toEqual({ ids: new Set(['a', 'b']), number: 2.5 });
    const { Item } = await client.send(new GetCommand({ TableName, Key }));
    expect({ ...Item, bytes: [...(Item?.bytes ?? [])] }).toEqual({
      ...Key,
      ...values,
      number: 2.5,
      bytes: [0, 255],
      ids: new Set(['a', 'b']),
    });
  });

  const key = { pk: 'A', sk: 'B' };
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ pk: 'A', sk: `${index}` }));
  it.each([
    ['a value that no expression uses', new GetCommand({ TableName, Key: { pk: 'A' } })],
    ['a key without its second part', new PutCommand({ TableName, Item: { pk: 'A' } })],
    ['an empty text as a key', new PutCommand({ TableName, Item: { pk: 'A', sk: '' } })],
    [
      'an index key of another type',
      new PutCommand({ TableName, Item: { ...key, dueLane: 'live', dueAt: 'soon' } }),
    ],
    ['an empty set', new PutCommand({ TableName, Item: { ...key, ids: new Set() } })],
    ['a number that is none', new PutCommand({ TableName, Item: { ...key, number: Number.NaN } })],
    [
      'an item of more than 400 kB',
      new PutCommand({ TableName, Item: { ...key, text: 'x'.repeat(410_000) } }),
    ],
    [
      'a value that stands in no expression',
      new PutCommand({
        TableName,
        Item: key,
        ConditionExpression: 'attribute_not_exists(pk)',
        ExpressionAttributeValues: { ':x': 1 },
      }),
    ],
    ['more than a hundred keys', new BatchGetCommand({ RequestItems: { [TableName]: { Keys: many(101) } } })],
    ['a key twice', new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [key, key] } } })],
    [
      'more than 25 writes',
      new BatchWriteCommand({
        RequestItems: { [TableName]: many(26).map((Item) => ({ PutRequest: { Item } })) },
      }),
    ],
    [
      'a consistent read of an index',
      new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'dueLane = :lane',
        ExpressionAttributeValues: { ':lane': 'live' },
        ConsistentRead: true,
      }),
    ],
    [
      'a key condition on another attribute',
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'dueLane = :lane',
        ExpressionAttributeValues: { ':lane': 'live' },
      }),
    ],
  ])('refuses %s', async (_, command) => {
    const { client } = await stateTable(engine);
    await expect(client.send(command as PutCommand)).rejects.toThrow();
    const { Item } = await client.send(new GetCommand({ TableName, Key: key }));
    expect(Item).toBeUndefined();
  });

  it('says by its name that a condition failed, and that there is no such table', async () => {
    const { client } = await stateTable(engine);
    const put = { Item: key, ConditionExpression: 'attribute_exists(pk)' };
    await expect(client.send(new PutCommand({ TableName, ...put }))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    await expect(client.send(new GetCommand({ TableName: 'other', Key: key }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

it('The table of this machine refuses what it does not know, instead of answering something else', async () => {
  const { client } = await stateTable('embedded');
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'A' },
  };
  await expect(client.send(new QueryCommand({ ...query, ScanIndexForward: false }))).rejects.toThrow(
    'Query: ScanIndexForward is not known on this machine',
  );
  const database = openDatabase(undefined);
  const other = embeddedDynamodbClient(database, 'eu-west-3');
  const table = {
    TableName: 'binary',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'B' as const }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  await expect(provisionTables(other, [table])).rejects.toThrow(
    'pk: only texts and numbers can be keys on this machine',
  );
  await expect(other.send(new ScanCommand({ TableName: 'binary' }))).rejects.toThrow('binary');
  await database.close();
});

it('Items larger than a page come in several', async () => {
  const { client } = await stateTable('embedded');
  for (let index = 0; index < 4; index++)
    await client.send(
      new PutCommand({ TableName, Item: { pk: 'BIG', sk: `${index}`, text: randomUUID().repeat(10_000) } }),
    );
  const sizes: number[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'BIG' },
        ExclusiveStartKey,
      }),
    );
    sizes.push(page.Count ?? 0);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(sizes).toEqual([3, 1]);
});
