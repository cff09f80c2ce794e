import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { documentClient, type Table } from '../../lib/state/table.ts';
import { startEmbeddedDynamodb } from '../../local/embedded-services.ts';
import { provisionTables } from '../../local/provision-tables.ts';
import { readStack } from '../../local/template.ts';

/** The table of serverless.yml in a DynamoDB of its own, reached through the real SDK, there until the test ends. */
export async function stateTable(): Promise<Table> {
  const database = await startEmbeddedDynamodb(undefined);
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'eu-west-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(async () => {
    client.destroy();
    await database.close();
  });
  const { tables } = readStack(process.cwd(), { stage: 'test', environment: {} });
  await provisionTables(client, tables);
  return { client: documentClient(client), name: 'clavus-moovago-test' };
}
