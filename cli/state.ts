import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../lib/state/table.ts';
import { createChangeQueue } from '../lib/sync/change-queue.ts';
import { isAlone, localStage, startStack } from './session.ts';

export type StateOptions = {
  config: string;
  dataDir: string;
  /** A deployed stage, instead of this machine. */
  stage?: string;
};

export type State = Awaited<ReturnType<typeof openState>>;

/** The table and the queue, of this machine or of a deployed stage, for commands that only look. */
export async function openState({ config, dataDir, stage }: StateOptions) {
  if (stage === undefined) {
    const stack = await startStack({ config, dataDir }, () => {});
    const { TABLE_NAME = '', QUEUE_URL = '' } = stack.environmentOf('pollClavus');
    return {
      stage: localStage,
      alone: isAlone(),
      table: { client: documentClient(stack.dynamodb), name: TABLE_NAME },
      queue: createChangeQueue(stack.sqs, QUEUE_URL),
      [Symbol.asyncDispose]: () => stack.close(),
    };
  }
  const name = `clavus-moovago-${stage}`;
  const dynamodb = new DynamoDBClient({});
  const sqs = new SQSClient({});
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${name}-changes` }));
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
