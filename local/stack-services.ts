import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../lib/framework/clock.ts';
import { documentClient } from '../lib/state/table.ts';
import { awsAccess, type Endpoints } from './aws-access.ts';
import { embeddedDocuments } from './dynamodb/embedded-documents.ts';
import { embeddedDynamodbClient } from './dynamodb/embedded-dynamodb.ts';
import { openLocalState } from './dynamodb/local-state.ts';
import { type ProvisionedQueue, provisionQueues } from './provision-queues.ts';
import { provisionTables } from './provision-tables.ts';
import { embeddedSqsClient } from './sqs/embedded-sqs.ts';
import type { Stack } from './template.ts';

export type StackServices = {
  dynamodb: DynamoDBClient;
  /** The same, as the connector uses it. */
  documents: DynamoDBDocumentClient;
  sqs: SQSClient;
  queues: Map<string, ProvisionedQueue>;
  /** What functions of another thread reach the services by. */
  environment: Record<string, string>;
};

const clientsOf = (dynamodb: DynamoDBClient) => ({ dynamodb, documents: documentClient(dynamodb) });

type Options = {
  given: Readonly<Record<string, string | undefined>>;
  dataDir: string | undefined;
  /** Functions in threads of their own reach nothing but addresses. */
  isolated: boolean;
};

/**
 * The services that a stack stands on, with its tables and queues in them: those whose addresses are given, or those in this
 * process. What is started is put on `started`, to be closed in the reverse order.
 */
export async function startStackServices(
  stack: Stack,
  options: Options,
  started: AsyncDisposableStack,
): Promise<StackServices> {
  const { region, tables, queues } = stack;
  const endpoints = options.isolated ? await addresses(options, started) : addressesIn(options.given);
  const { credentials, environment } = awsAccess(options.given, region, endpoints);
  const { dynamodb, documents } =
    endpoints.dynamodb === undefined
      ? await embeddedTables(stack, options.dataDir, started)
      : clientsOf(new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials }));
  started.defer(() => dynamodb.destroy());
  const sqs =
    endpoints.sqs === undefined
      ? embeddedSqsClient(region, systemClock.now)
      : new SQSClient({ endpoint: endpoints.sqs, region, credentials });
  started.defer(() => sqs.destroy());

  // The emulator names its queues' URLs `sqs.<region>.localhost`, which not every machine resolves.
  const reachable = (url: string) =>
    endpoints.sqs !== undefined && new URL(url).hostname.endsWith('.localhost')
      ? endpoints.sqs + new URL(url).pathname
      : url;
  const [provisioned] = await Promise.all([
    provisionQueues(sqs, queues, reachable),
    provisionTables(dynamodb, tables),
  ]);
  return { dynamodb, documents, sqs, queues: provisioned, environment };
}

const addressesIn = (given: Options['given']): Endpoints => ({
  dynamodb: given.AWS_ENDPOINT_URL_DYNAMODB || undefined,
  sqs: given.AWS_ENDPOINT_URL_SQS || undefined,
});

/** An emulator for each service whose address is not given. */
async function addresses({ given }: Options, started: AsyncDisposableStack): Promise<Endpoints> {
  const { startDynamodbEmulator, startSqsEmulator } = await import('./emulators.ts');
  const own = addressesIn(given);
  const dynamodb = own.dynamodb ? undefined : await startDynamodbEmulator(undefined);
  started.defer(() => dynamodb?.close());
  const sqs = own.sqs ? undefined : await startSqsEmulator();
  started.defer(() => sqs?.close());
  return { dynamodb: dynamodb?.endpoint ?? own.dynamodb, sqs: sqs?.endpoint ?? own.sqs };
}

async function embeddedTables(
  { region, tables }: Stack,
  dataDir: string | undefined,
  started: AsyncDisposableStack,
) {
  const database = await openLocalState(dataDir, tables);
  started.defer(() => database.close());
  return {
    dynamodb: embeddedDynamodbClient(database, region),
    documents: embeddedDocuments(database, region),
  };
}
