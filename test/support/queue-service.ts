import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type Clock, systemClock } from '../../lib/framework/clock.ts';
import { startSqsEmulator } from '../../local/emulators.ts';
import { startEventSourceMapping } from '../../local/event-source-mapping.ts';
import { embeddedSqsClient } from '../../local/sqs/embedded-sqs.ts';
import type { QueueTrigger } from '../../local/template.ts';

const region = 'eu-west-3';
/** How long a queue hides what was received, in seconds: a test has long ended then. */
const visibilitySeconds = 3600;

/** The queue of this machine, and one that others have written. `giveBack`: as when these messages' time-out is over. */
export const queueEngines = {
  embedded: async () => {
    let passedMs = 0;
    return {
      // Time passes for whoever listens.
      sqs: embeddedSqsClient(region, () => performance.now() + passedMs),
      // Of all of them at once.
      giveBack: async () => {
        passedMs += visibilitySeconds * 1000;
      },
      close: async () => {},
    };
  },
  fauxqs: async () => {
    const { endpoint, close } = await startSqsEmulator();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({ endpoint, region, credentials });
    const giveBack = async (QueueUrl: string, records: readonly SQSRecord[]) => {
      for (const { receiptHandle: ReceiptHandle } of records)
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    };
    return { sqs, giveBack, close };
  },
};

/** An SQS with queues of which functions are fed. */
export async function startQueueService(engine: keyof typeof queueEngines) {
  const service = await queueEngines[engine]();
  const { sqs } = service;

  /** A queue that gives up on messages after they were received twice. It gives none back by itself while a test runs. */
  async function createQueues(name: string) {
    const dead = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dead` }));
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:eu-west-3:000000000000:${name}-dead`,
      maxReceiveCount: 2,
    });
    const queue = await sqs.send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: { VisibilityTimeout: String(visibilitySeconds), RedrivePolicy },
      }),
    );
    return { url: queue.QueueUrl ?? '', deadUrl: dead.QueueUrl ?? '' };
  }

  async function send(url: string, bodies: string[]): Promise<void> {
    for (let from = 0; from < bodies.length; from += 10) {
      const Entries = bodies
        .slice(from, from + 10)
        .map((MessageBody, id) => ({ Id: String(id), MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    }
  }

  async function depthOf(url: string) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return {
      waiting: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }

  async function left(url: string): Promise<number> {
    const { waiting, inFlight } = await depthOf(url);
    return waiting + inFlight;
  }

  /** Whenever that is on this machine. */
  async function giveBack(url: string, records: SQSRecord[]): Promise<void> {
    if (records.length > 0) await service.giveBack(url, records.splice(0));
  }

  async function receive(url: string): Promise<(string | undefined)[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    return Messages.map(({ Body }) => Body).toSorted();
  }

  function start(
    name: string,
    url: string,
    handler: (event: SQSEvent) => unknown,
    trigger: Partial<QueueTrigger> = {},
    clock: Clock = systemClock,
  ) {
    const problems: string[] = [];
    const mapping = startEventSourceMapping({
      sqs,
      queue: { url, arn: `arn:aws:sqs:eu-west-3:000000000000:${name}` },
      trigger: {
        batchSize: 10,
        batchingWindowSeconds: 0,
        maximumConcurrency: 2,
        reportBatchItemFailures: true,
        ...trigger,
      },
      region: 'eu-west-3',
      invoke: async (event) => await handler(event as SQSEvent),
      onProblem: (message) => problems.push(message),
      clock,
    });
    return { mapping, problems };
  }

  return {
    sqs,
    createQueues,
    send,
    depthOf,
    left,
    giveBack,
    receive,
    start,
    close: async () => {
      sqs.destroy();
      await service.close();
    },
  };
}
