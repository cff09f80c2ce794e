import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { documentClient } from '../../../lib/state/table.ts';
import { mockedClient } from '../../support/mocked-client.ts';

const table = () => ({ client: documentClient(new DynamoDBClient({ region: 'eu-west-3' })), name: 'table' });
const row = (folderId: string) => ({ folderId, revision: 1, writeId: 'w', status: 'removed', attempts: 0 });

it('rows that DynamoDB leaves unread are asked for again', async () => {
  const database = mockedClient(DynamoDBDocumentClient);
  database
    .on(BatchGetCommand)
    .resolvesOnce({
      Responses: { table: [row('f1')] },
      UnprocessedKeys: { table: { Keys: [{ pk: 'FOLDER#f2', sk: 'ROW' }] } },
    })
    .resolvesOnce({ Responses: { table: [row('f2')] } });
  const rows = await createFolderRows(table(), () => 'w').read(['f1', 'f2']);
  expect([...rows.keys()]).toEqual(['f1', 'f2']);
  expect(database.commandCalls(BatchGetCommand)[1]?.args[0].input).toEqual({
    RequestItems: { table: { Keys: [{ pk: 'FOLDER#f2', sk: 'ROW' }], ConsistentRead: true } },
  });
});

it('rows that stay unread are an error, not absent', async () => {
  mockedClient(DynamoDBDocumentClient)
    .on(BatchGetCommand)
    .resolves({ UnprocessedKeys: { table: { Keys: [{ pk: 'FOLDER#f1', sk: 'ROW' }] } } });
  await expect(createFolderRows(table(), () => 'w').read(['f1'])).rejects.toThrow('left rows unread');
});

it('fingerprints that DynamoDB leaves unwritten are written again', async () => {
  const database = mockedClient(DynamoDBDocumentClient);
  const item = { pk: 'F#1', sk: 'f1', h: new Uint8Array(8) };
  database
    .on(BatchWriteCommand)
    .resolvesOnce({ UnprocessedItems: { table: [{ PutRequest: { Item: item } }] } })
    .resolvesOnce({});
  await createFingerprints(table()).save([{ folderId: 'f1', fingerprint: new Uint8Array(8) }]);
  expect(database.commandCalls(BatchWriteCommand)[1]?.args[0].input).toEqual({
    RequestItems: { table: [{ PutRequest: { Item: item } }] },
  });
});
