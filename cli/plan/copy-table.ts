import { resolve } from 'node:path';
import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { attempt } from '../../lib/framework/attempt.ts';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { documentClient, scanPages, type Table } from '../../lib/state/table.ts';
import { awsAccess } from '../../local/aws-access.ts';
import { wireItemOf } from '../../local/dynamodb/attribute-values.ts';
import { type Database, openDatabase } from '../../local/dynamodb/database.ts';
import { embeddedDocuments } from '../../local/dynamodb/embedded-documents.ts';
import { embeddedDynamodbClient } from '../../local/dynamodb/embedded-dynamodb.ts';
import { copyLocalState, hasState } from '../../local/dynamodb/local-state.ts';
import { putItem } from '../../local/dynamodb/operations.ts';
import { provisionTables } from '../../local/provision-tables.ts';
import type { Stack } from '../../local/template.ts';

export type TableSource = { stage?: string | undefined; dataDir: string; tableName: string };

/**
 * A copy of a table, in memory: nothing that works on it can write to the real one. Empty where there is no state yet, and
 * none is made. A directory of this machine is kept to ourselves until the end, so that no `sync` changes it meanwhile.
 */
export async function copyTable({ stage, dataDir, tableName }: TableSource, { region, tables }: Stack) {
  await using opened = new AsyncDisposableStack();
  const source = sourceOf(stage, region);
  const database =
    source === undefined && hasState(resolve(dataDir))
      ? await copyLocalState(resolve(dataDir), tables)
      : openDatabase(undefined);
  opened.defer(() => database.close());
  const client = embeddedDynamodbClient(database, region);
  opened.defer(() => client.destroy());
  await provisionTables(client, tables);
  if (source !== undefined) {
    opened.defer(() => source.destroy());
    await copyItems({ client: documentClient(source), name: tableName }, database, stage);
  }
  const before = `${tableName}-before`;
  database.copyTable(tableName, before);
  const documents = embeddedDocuments(database, region);
  const kept = opened.move();
  return {
    table: { client: documents, name: tableName },
    /** Once more, to compare with. */
    before: { client: documents, name: before },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The DynamoDB of a stage, or the one whose address is given; none where the state is on this machine. */
function sourceOf(stage: string | undefined, region: string): DynamoDBClient | undefined {
  if (stage !== undefined) return new DynamoDBClient({});
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (!endpoint) return undefined;
  const { credentials } = awsAccess(process.env, region, { dynamodb: endpoint });
  return new DynamoDBClient({ endpoint, region, credentials });
}

/** By scans, and nothing else. */
async function copyItems(source: Table, database: Database, stage: string | undefined): Promise<void> {
  const copying = async () => {
    for await (const { Items = [] } of scanPages(source, { ConsistentRead: true }))
      for (const item of Items) putItem(database, source.name, wireItemOf(item));
  };
  const copied = await attempt(copying());
  if (copied.ok) return;
  if (!(copied.error instanceof ResourceNotFoundException)) throw copied.error;
  if (stage !== undefined)
    throw new ConfigurationError('--stage', `there is no table ${source.name} in this account and region`);
}
