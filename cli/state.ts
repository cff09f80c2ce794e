import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { attempt } from '../lib/framework/attempt.ts';
import { ConfigurationError } from '../lib/framework/errors.ts';
import { createChangeQueue } from '../lib/state/change-queue.ts';
import { documentClient } from '../lib/state/table.ts';
import { isAlone, localStage, startStack } from './session.ts';

export type StateOptions = {
  config: string;
  dataDir: string;
  /** A deployed stage, instead of this machine. */
  stage?: string;
};

/** A command as a person types it who asked about the same machine or stage. */
export const commandText = (command: string, { stage }: Pick<StateOptions, 'stage'>): string =>
  `npx clavus-moovago ${command}${stage === undefined ? '' : ` --stage ${stage}`}`;

export type State = Awaited<ReturnType<typeof openState>>;

/** The table and the queue, of this machine or of a deployed stage, for commands that only look. */
export async function openState({ config, dataDir, stage }: StateOptions) {
  if (stage === undefined) {
    const stack = await startStack({ config, dataDir }, () => {});
    const { TABLE_NAME = '', QUEUE_URL = '' } = stack.environmentOf('pollClavus');
    return {
      stage: localStage,
      alone: isAlone(),
      table: { client: stack.documents, name: TABLE_NAME },
      queue: createChangeQueue(stack.sqs, QUEUE_URL),
      [Symbol.asyncDispose]: () => stack.close(),
    };
  }
  const name = `clavus-moovago-${stage}`;
  const dynamodb = new DynamoDBClient({});
  const sqs = new SQSClient({});
  const found = await attempt(sqs.send(new GetQueueUrlCommand({ QueueName: `${name}-changes` })));
  if (!found.ok) throw await withoutStage(found.error, `${name}-changes`, sqs);
  const { QueueUrl = '' } = found.value;
  return {
    stage,
    alone: false,
    table: { client: documentClient(dynamodb), name },
    queue: createChangeQueue(sqs, QueueUrl),
    [Symbol.asyncDispose]: async () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}

/** What a person reads who has named a stage that is not there. */
async function withoutStage(error: unknown, queue: string, { config }: SQSClient): Promise<unknown> {
  if (!(error instanceof QueueDoesNotExist)) return error;
  const region = await config.region();
  return new ConfigurationError(
    '--stage',
    `there is no queue ${queue} in ${region}. Deploy the stage, or set AWS_REGION.`,
  );
}
