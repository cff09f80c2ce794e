import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient, scanPages } from '../../lib/state/table.ts';
import { anyCredentials } from '../aws-access.ts';
import { type WireItem, wireItemOf } from './attribute-values.ts';

const folderIn = (dataDir: string) => join(dataDir, 'dynamodb');

/** Whether a directory holds the state of version 0.1.0. */
export const hasOldState = (dataDir: string): boolean => existsSync(folderIn(dataDir));

/** Puts it aside, once its items are elsewhere. */
export const setOldStateAside = (dataDir: string): void =>
  renameSync(folderIn(dataDir), `${folderIn(dataDir)}.imported`);

/** The items of a table as version 0.1.0 kept them, in the files of dynalite. */
export async function* oldItems(dataDir: string, tableName: string): AsyncGenerator<WireItem> {
  const { startDynamodbEmulator } = await import('../emulators.ts');
  const old = await startDynamodbEmulator(dataDir);
  const client = new DynamoDBClient({
    endpoint: old.endpoint,
    region: 'eu-west-3',
    credentials: anyCredentials,
  });
  try {
    for await (const { Items = [] } of scanPages({ client: documentClient(client), name: tableName }, {}))
      yield* Items.map(wireItemOf);
  } finally {
    client.destroy();
    await old.close();
  }
}
