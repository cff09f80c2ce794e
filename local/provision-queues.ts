import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../lib/framework/errors.ts';
import type { StackQueue } from './template.ts';

export type ProvisionedQueue = { id: string; name: string; url: string; arn: string };

/**
 * Creates the queues that are missing, dead letters first, and returns all of them by logical id. Those that are there stay
 * as they are. `reachable` turns the URL that the service gives a queue into one that works on this machine.
 */
export async function provisionQueues(
  sqs: SQSClient,
  queues: StackQueue[],
  reachable: (url: string) => string,
): Promise<Map<string, ProvisionedQueue>> {
  const provisioned = new Map<string, ProvisionedQueue>();
  for (const queue of deadLettersFirst(queues)) {
    const given = (await existingUrl(sqs, queue.name)) ?? (await create(sqs, queue, provisioned));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: given, AttributeNames: ['QueueArn'] }),
    );
    const arn = Attributes?.QueueArn ?? '';
    provisioned.set(queue.id, { id: queue.id, name: queue.name, url: reachable(given), arn });
  }
  return provisioned;
}

function deadLettersFirst(queues: StackQueue[]): StackQueue[] {
  const targets = new Set(queues.map(({ deadLetter }) => deadLetter?.queue));
  const chained = queues.find(({ id, deadLetter }) => targets.has(id) && deadLetter);
  if (chained) {
    throw new ConfigurationError(
      `serverless.yml, ${chained.id}`,
      'a queue for dead letters has dead letters of its own',
    );
  }
  return [...queues.filter(({ id }) => targets.has(id)), ...queues.filter(({ id }) => !targets.has(id))];
}

async function existingUrl(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function create(
  sqs: SQSClient,
  { name, attributes, deadLetter }: StackQueue,
  provisioned: ReadonlyMap<string, ProvisionedQueue>,
): Promise<string> {
  const RedrivePolicy = deadLetter && {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: provisioned.get(deadLetter.queue)?.arn,
      maxReceiveCount: deadLetter.maxReceiveCount,
    }),
  };
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes, ...RedrivePolicy } }),
  );
  return QueueUrl;
}
