import { fileURLToPath } from 'node:url';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFunctionRuntime } from './function-runtime.ts';
import type { ProvisionedQueue } from './provision-queues.ts';
import { startStackServices } from './stack-services.ts';
import { readStack, type StackFunction } from './template.ts';
import { createTriggers } from './triggers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type EmbeddedStackOptions = {
  stage: string;
  /** For `${env:…}` in `serverless.yml`, and for every function, over what the file gives it. */
  environment: Environment;
  /** Where the table is kept, unless it is isolated; without it, in memory. So are the queues: the rows know what was on them. */
  dataDir?: string;
  /** A directory of packaged functions, to run those instead of the TypeScript files: isolated. */
  bundles?: string | undefined;
  /**
   * Runs each environment of a function in a thread of its own, as Lambda keeps them apart, on services behind addresses;
   * otherwise everything is in this thread.
   */
  isolated?: boolean;
  /** The directory of `serverless.yml`; the project's, unless told. */
  root?: string;
  /** Every line that a function writes, and what goes wrong around it. */
  onLog?(functionName: string, line: string): void;
  /** Closes the stack. */
  signal?: AbortSignal;
};

export type EmbeddedStack = {
  dynamodb: DynamoDBClient;
  /** The same, as the connector uses it. */
  documents: DynamoDBDocumentClient;
  sqs: SQSClient;
  tableNames: string[];
  /** By logical id. */
  queues: ReadonlyMap<string, ProvisionedQueue>;
  /** What a function finds in its environment. */
  environmentOf(functionName: string): Record<string, string>;
  /** Rejects with a `FunctionError` where the function fails. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Begins to bring messages to the functions that have a queue. */
  startMappings(): void;
  /** Begins the schedules, and tells what each run that succeeded returned. Failures are in the log. */
  startSchedules(onAnswer?: (functionName: string, answer: unknown) => void): void;
  /** Whether no message is on its way from a queue to a function, or in one. */
  idle(): boolean;
  /** Messages, in all queues but those for dead letters. `inFlight`: received, and neither deleted nor back. */
  queueDepth(): Promise<{ waiting: number; inFlight: number }>;
  /** Lets batches that run finish, ends everything else. */
  close(): Promise<void>;
};

const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs the functions, the table and the queues of `serverless.yml` on this machine, as AWS would, in this process and
 * without a port, or isolated, on 127.0.0.1. `AWS_ENDPOINT_URL_SQS` and `AWS_ENDPOINT_URL_DYNAMODB` in `environment` replace the embedded services.
 * Functions are loaded when they are first invoked. Throws a `ConfigurationError` where the file or the directory is wrong.
 */
export async function startEmbeddedStack(options: EmbeddedStackOptions): Promise<EmbeddedStack> {
  const { stage, environment, dataDir, bundles, root = projectRoot, onLog = () => {}, signal } = options;
  const isolated = options.isolated ?? bundles !== undefined;
  signal?.throwIfAborted();
  const stack = readStack(root, { stage, environment });
  await using started = new AsyncDisposableStack();
  const services = await startStackServices(stack, { given: environment, dataDir, isolated }, started);
  const functions = stack.functions.map((fn) => ({
    ...fn,
    environment: {
      ...withUrls(fn.environment, services.queues),
      ...defined(environment),
      ...services.environment,
    },
  }));
  const shared = isolated ? undefined : services;
  const runtime = createFunctionRuntime({ functions, region: stack.region, root, bundles, shared, onLog });
  started.defer(() => runtime.close());
  const triggers = createTriggers({ functions, region: stack.region, services, runtime, onLog });
  started.defer(() => triggers.stop());

  const running = started.move();
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= running.disposeAsync();
    return closing;
  };
  signal?.addEventListener('abort', () => void close(), { once: true });
  const deadLetters = new Set(stack.queues.map(({ deadLetter }) => deadLetter?.queue));
  return {
    dynamodb: services.dynamodb,
    documents: services.documents,
    sqs: services.sqs,
    tableNames: stack.tables.map(({ TableName = '' }) => TableName),
    queues: services.queues,
    environmentOf: (name) => functions.find((fn) => fn.name === name)?.environment ?? {},
    invoke: runtime.invoke,
    startMappings: triggers.startMappings,
    startSchedules: triggers.startSchedules,
    idle: triggers.idle,
    queueDepth: () =>
      depthOf(
        services.sqs,
        [...services.queues.values()].filter(({ id }) => !deadLetters.has(id)),
      ),
    close,
  };
}

function withUrls(
  environment: StackFunction['environment'],
  queues: ReadonlyMap<string, ProvisionedQueue>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : (queues.get(value.queueUrlOf)?.url ?? ''),
    ]),
  );
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

async function depthOf(
  sqs: SQSClient,
  queues: ProvisionedQueue[],
): Promise<{ waiting: number; inFlight: number }> {
  const answers = await Promise.all(
    queues.map(({ url }) =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
    ),
  );
  const sum = (
    name:
      | 'ApproximateNumberOfMessages'
      | 'ApproximateNumberOfMessagesDelayed'
      | 'ApproximateNumberOfMessagesNotVisible',
  ) => answers.reduce((total, { Attributes }) => total + Number(Attributes?.[name] ?? 0), 0);
  return {
    waiting: sum('ApproximateNumberOfMessages') + sum('ApproximateNumberOfMessagesDelayed'),
    inFlight: sum('ApproximateNumberOfMessagesNotVisible'),
  };
}
