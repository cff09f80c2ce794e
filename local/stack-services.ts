import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from '../lib/framework/clock.ts';
import { documentClient } from '../lib/state/table.ts';
import { awsAccess, type Endpoints } from './aws-access.ts';
import { openAwsDoor } from './aws-door.ts';
import { embeddedDocuments } from './dynamodb/embedded-documents.ts';
import { embeddedDynamodbClient } from './dynamodb/embedded-dynamodb.ts';
import { openLocalState } from './dynamodb/local-state.ts';
import { type ProvisionedQueue, provisionQueues } from './provision-queues.ts';
import { provisionTables } from './provision-tables.ts';
import { newKey } from './request-guard.ts';
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
  const given = options.isolated ? await throughDoor(options.given, region, started) : options.given;
  const endpoints = addressesIn(given);
  const { credentials, environment } = awsAccess(given, region, endpoints);
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

/**
 * The environment of functions that reach nothing but addresses: an emulator stands for each service whose address is not
 * given, behind a door with a key of 32 random bytes. Functions have one key for all services: beside a service with an
 * address it is that service's.
 */
async function throughDoor(
  given: Options['given'],
  region: string,
  started: AsyncDisposableStack,
): Promise<Options['given']> {
  const { dynamodb, sqs } = addressesIn(given);
  if (dynamodb !== undefined && sqs !== undefined) return given;
  const { openDynalite, openFauxqs } = await import('./emulators.ts');
  const own = {
    dynamodb: dynamodb === undefined ? openDynalite(undefined) : undefined,
    sqs: sqs === undefined ? openFauxqs(region) : undefined,
  };
  started.defer(async () => void (await Promise.all([own.dynamodb?.close(), own.sqs?.close()])));
  const theirs = dynamodb === undefined && sqs === undefined ? undefined : given.AWS_ACCESS_KEY_ID;
  const accessKeyId = theirs ?? newKey();
  const door = await openAwsDoor({ dynamodb: own.dynamodb?.service, sqs: own.sqs?.service, accessKeyId });
  started.defer(() => door.close());
  return {
    ...given,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb ?? door.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs ?? door.endpoint,
  };
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
