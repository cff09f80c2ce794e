import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsAccess } from './aws-access.ts';
import { startEmbeddedDynamodb, startEmbeddedSqs } from './embedded-services.ts';
import { repairIndexes } from './index-repair.ts';
import { type ProvisionedQueue, provisionQueues } from './provision-queues.ts';
import { provisionTables } from './provision-tables.ts';
import type { Stack } from './template.ts';

export type StackServices = {
  endpoints: { dynamodb: string; sqs: string };
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  queues: Map<string, ProvisionedQueue>;
  environment: Record<string, string>;
  /** A function was cut off: the table wants a look at its indexes before it is used again. */
  markInterrupted(interrupted: boolean): void;
};

/**
 * The services that a stack stands on, with its tables and queues in them. What is started is put on `started`, to be closed
 * in the reverse order.
 */
export async function startStackServices(
  { region, tables, queues }: Stack,
  given: Readonly<Record<string, string | undefined>>,
  dataDir: string | undefined,
  started: AsyncDisposableStack,
): Promise<StackServices> {
  const embeddedDynamodb = given.AWS_ENDPOINT_URL_DYNAMODB ? undefined : await startEmbeddedDynamodb(dataDir);
  let interrupted = embeddedDynamodb?.wasInterrupted ?? false;
  started.defer(() => embeddedDynamodb?.close(interrupted));
  const embeddedSqs = given.AWS_ENDPOINT_URL_SQS ? undefined : await startEmbeddedSqs();
  started.defer(() => embeddedSqs?.close());
  const endpoints = {
    dynamodb: embeddedDynamodb?.endpoint ?? given.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    sqs: embeddedSqs?.endpoint ?? given.AWS_ENDPOINT_URL_SQS ?? '',
  };
  const { credentials, environment } = awsAccess(given, region, endpoints);
  const dynamodb = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  started.defer(() => dynamodb.destroy());
  const sqs = new SQSClient({ endpoint: endpoints.sqs, region, credentials });
  started.defer(() => sqs.destroy());

  // fauxqs names its queues' URLs `sqs.<region>.localhost`, which not every machine resolves.
  const reachable = (url: string) => (embeddedSqs ? endpoints.sqs + new URL(url).pathname : url);
  const [provisioned] = await Promise.all([
    provisionQueues(sqs, queues, reachable),
    provisionTables(dynamodb, tables),
  ]);
  if (interrupted) {
    for (const table of tables) await repairIndexes(dynamodb, table);
    interrupted = false;
  }
  const markInterrupted = (value: boolean) => {
    interrupted = value;
  };
  return { endpoints, dynamodb, sqs, queues: provisioned, environment, markInterrupted };
}
