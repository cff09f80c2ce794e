import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type Clock, systemClock } from '../../lib/framework/clock.ts';
import { openFauxqs } from '../../local/emulators.ts';
import { startEventSourceMapping } from '../../local/event-source-mapping.ts';
import { embeddedSqsClient, sqsClient } from '../../local/sqs/embedded-sqs.ts';
import type { QueueTrigger } from '../../local/template.ts';

const region = 'eu-west-3';
/** No message comes back by itself while a test runs. */
const visibilitySeconds = 3600;

type Engine = {
  sqs: SQSClient;
  /** As when the visibility time-out of these messages is over, whenever that is on this machine. */
  show(url: string, records: SQSRecord[]): Promise<void>;
  close(): Promise<void>;
};

export const queueEngines: Record<string, () => Promise<Engine>> = {
  embedded: async () => {
    let shiftMs = 0;
    const sqs = embeddedSqsClient(region, () => Date.now() + shiftMs);
    return {
      sqs,
      show: async () => {
        shiftMs += visibilitySeconds * 1000;
      },
      close: async () => sqs.destroy(),
    };
  },
  fauxqs: async () => {
    const emulator = openFauxqs(region);
    const sqs = sqsClient(emulator.service, region);
    const visible = (QueueUrl: string, ReceiptHandle: string) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    return {
      sqs,
      show: async (url, records) => {
        for (const { receiptHandle } of records) await visible(url, receiptHandle);
      },
      close: async () => {
        sqs.destroy();
        await emulator.close();
      },
    };
  },
};

/** A queue of an engine of its own, which gives up on messages after they were received twice, and what feeds a function from it. */
export async function openQueue(startEngine: () => Promise<Engine>, name: string) {
  const { sqs, show, close } = await startEngine();
  const dead = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dead` }));
  const deadUrl = dead.QueueUrl ?? '';
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:${region}:000000000000:${name}-dead`,
    maxReceiveCount: 2,
  });
  const Attributes = { VisibilityTimeout: String(visibilitySeconds), RedrivePolicy };
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  const url = queue.QueueUrl ?? '';

  async function send(bodies: string[]): Promise<void> {
    for (let from = 0; from < bodies.length; from += 10) {
      const slice = bodies.slice(from, from + 10);
      const Entries = slice.map((MessageBody, id) => ({ Id: String(id), MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    }
  }

  async function depth(QueueUrl = url) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const waiting = Number(Attributes.ApproximateNumberOfMessages);
    return { waiting, inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible) };
  }

  async function left(QueueUrl = url): Promise<number> {
    const { waiting, inFlight } = await depth(QueueUrl);
    return waiting + inFlight;
  }

  /** Once nothing else is left on the queue: the others were deleted. */
  async function giveBack(records: SQSRecord[]): Promise<void> {
    if (records.length > 0 && (await left()) === records.length) await show(url, records.splice(0));
  }

  async function deadLetters(): Promise<(string | undefined)[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    return Messages.map(({ Body }) => Body).toSorted();
  }

  function start(
    handler: (event: SQSEvent) => unknown,
    trigger: Partial<QueueTrigger> = {},
    clock: Clock = systemClock,
  ) {
    const problems: string[] = [];
    const mapping = startEventSourceMapping({
      sqs,
      queue: { url, arn: `arn:aws:sqs:${region}:000000000000:${name}` },
      trigger: {
        batchSize: 10,
        batchingWindowSeconds: 0,
        maximumConcurrency: 2,
        reportBatchItemFailures: true,
        ...trigger,
      },
      region,
      invoke: async (event) => await handler(event as SQSEvent),
      onProblem: (message) => problems.push(message),
      clock,
    });
    return { mapping, problems };
  }

  return { sqs, url, deadUrl, send, depth, left, giveBack, deadLetters, start, close };
}
