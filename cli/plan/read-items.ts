import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { attempt } from '../../lib/framework/attempt.ts';
import { ConfigurationError } from '../../lib/framework/errors.ts';
import { documentClient, scanPages } from '../../lib/state/table.ts';
import { awsAccess } from '../../local/aws-access.ts';
import { startEmbeddedDynamodb } from '../../local/embedded-services.ts';
import type { Item } from '../../local/table-expressions.ts';

export type ItemsSource = { stage?: string; dataDir: string; tableName: string; region: string };

/**
 * Every item of a table, by scans and nothing else; none where there is no state yet, and none is made. A directory of this
 * machine is kept to ourselves until the end, so that no `sync` changes it meanwhile.
 */
export async function readItems({ stage, dataDir, tableName, region }: ItemsSource) {
  await using opened = new AsyncDisposableStack();
  const client =
    stage === undefined ? await openHere(resolve(dataDir), region, opened) : new DynamoDBClient({});
  const items: Item[] = [];
  if (client !== undefined) {
    opened.defer(() => client.destroy());
    const read = await attempt(scanAll({ client: documentClient(client), name: tableName }, items));
    const isMissing = !read.ok && read.error instanceof ResourceNotFoundException;
    if (isMissing && stage !== undefined)
      throw new ConfigurationError('--stage', `there is no table ${tableName} in this account and region`);
    if (!read.ok && !isMissing) throw read.error;
  }
  const kept = opened.move();
  return { items, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function openHere(
  dataDir: string,
  region: string,
  opened: AsyncDisposableStack,
): Promise<DynamoDBClient | undefined> {
  let endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  if (!endpoint) {
    if (!existsSync(join(dataDir, 'dynamodb'))) return undefined;
    const embedded = await startEmbeddedDynamodb(dataDir);
    // Its indexes are not looked at here. The next one that uses them still has to repair them.
    opened.defer(() => embedded.close(embedded.wasInterrupted));
    endpoint = embedded.endpoint;
  }
  const { credentials } = awsAccess(process.env, region, { dynamodb: endpoint, sqs: '' });
  return new DynamoDBClient({ endpoint, region, credentials });
}

async function scanAll(table: Parameters<typeof scanPages>[0], items: Item[]): Promise<void> {
  for await (const { Items = [] } of scanPages(table, { ConsistentRead: true })) items.push(...Items);
}
