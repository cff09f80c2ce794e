import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { startCountingTable } from '../../bench/counting-table.ts';
import { createFingerprints } from '../../lib/state/fingerprints.ts';
import { documentClient, type Table } from '../../lib/state/table.ts';
import { dynamodbClient } from '../../local/dynamodb/embedded-dynamodb.ts';
import { openDynalite } from '../../local/emulators.ts';
import { provisionTables } from '../../local/provision-tables.ts';
import { readStack } from '../../local/template.ts';

const region = 'eu-west-3';
const { tables } = readStack(process.cwd(), { stage: 'test', environment: {} });
const name = 'clavus-moovago-test';

async function tableOf(client: DynamoDBClient): Promise<Table> {
  onTestFinished(() => client.destroy());
  await provisionTables(client, tables);
  return { client: documentClient(client), name };
}

const fingerprints = Array.from({ length: 2000 }, (_, index) => ({
  folderId: `clsc${String((index * 7919) % 2000).padStart(21, '0')}`,
  fingerprint: new Uint8Array(8).fill(index),
}));
const Key = { pk: 'FOLDER#f1', sk: 'ROW' };
const Keys = ['f1', 'f2', 'nobody'].map((id) => ({ pk: `FOLDER#${id}`, sk: 'ROW' }));
const partition = {
  TableName: name,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': 'F#0' },
};

async function fill(table: Table): Promise<void> {
  await createFingerprints(table).save(fingerprints);
  for (const [id, length] of [['f1', 9000] as const, ['f2', 10] as const])
    await table.client.send(
      new PutCommand({ TableName: name, Item: { pk: `FOLDER#${id}`, sk: 'ROW', text: 'e'.repeat(length) } }),
    );
}

type Wish = { ReturnConsumedCapacity?: 'TOTAL' };
const one = { TableName: name, Key };
const reads = {
  'an item': (wish: Wish) => new GetCommand({ ...one, ...wish }),
  'an item, consistently': (wish: Wish) => new GetCommand({ ...one, ConsistentRead: true, ...wish }),
  'an item that there is not': (wish: Wish) =>
    new GetCommand({ ...one, Key: { ...Key, sk: 'NONE' }, ...wish }),
  'a partition': (wish: Wish) => new QueryCommand({ ...partition, ...wish }),
  'a partition, consistently': (wish: Wish) =>
    new QueryCommand({ ...partition, ConsistentRead: true, ...wish }),
  'a page': (wish: Wish) => new QueryCommand({ ...partition, Limit: 100, ...wish }),
  'a partition without items, consistently': (wish: Wish) =>
    new QueryCommand({
      ...partition,
      ExpressionAttributeValues: { ':pk': 'NONE' },
      ConsistentRead: true,
      ...wish,
    }),
  'a batch': (wish: Wish) => new BatchGetCommand({ RequestItems: { [name]: { Keys } }, ...wish }),
  'a batch, consistently': (wish: Wish) =>
    new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } }, ...wish }),
};

it('The table bills what others bill who tell what DynamoDB bills', async () => {
  const counting = await startCountingTable();
  onTestFinished(counting.close);
  const dynalite = openDynalite(undefined);
  onTestFinished(dynalite.close);
  const { endpoint, accessKeyId } = counting;
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const ours = await tableOf(new DynamoDBClient({ endpoint, region, credentials }));
  const theirs = await tableOf(dynamodbClient(dynalite.service, region));
  await fill(ours);
  expect(counting.takeCounts().folderWrites).toBeGreaterThan(2000 / 25);
  await fill(theirs);
  for (const [what, read] of Object.entries(reads)) {
    await ours.client.send(read({}) as GetCommand);
    const { calls, readUnits, folderWrites } = counting.takeCounts();
    const { ConsumedCapacity } = await theirs.client.send(
      read({ ReturnConsumedCapacity: 'TOTAL' }) as GetCommand,
    );
    const billed = [ConsumedCapacity].flat().map((capacity) => capacity?.CapacityUnits);
    expect({ what, calls, billed: [readUnits], folderWrites }).toEqual({
      what,
      calls: 1,
      billed,
      folderWrites: 0,
    });
  }
  expect(counting.takeCounts()).toEqual({ calls: 0, readUnits: 0, folderWrites: 0 });
});
