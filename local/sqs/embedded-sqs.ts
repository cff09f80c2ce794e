import { SQSClient } from '@aws-sdk/client-sqs';
import { anyCredentials } from '../aws-access.ts';
import { AwsFailure } from '../aws-failure.ts';
import { type AwsService, inProcessRequests, unsigned } from '../in-process-requests.ts';
import { localAccount, queueArn } from '../intrinsics.ts';
import { createMessageQueue, type MessageQueue } from './message-queue.ts';

type Input = {
  QueueName: string;
  QueueUrl: string;
  Attributes: Record<string, string>;
  MessageBody: string;
  Entries: { Id: string; MessageBody: string; ReceiptHandle: string }[];
  MaxNumberOfMessages: number;
  WaitTimeSeconds: number;
  ReceiptHandle: string;
};
type NamedQueue = MessageQueue & { url: string; arn: string };
type Operation = (input: Input, signal: AbortSignal | undefined) => object | Promise<object>;

/** SQS' own, in seconds. */
const visibilitySecondsDefault = 30;
const entriesMax = 10;
const noQueue = () => new AwsFailure('QueueDoesNotExist', 'The specified queue does not exist.');

/**
 * SQS as this connector uses it, in this process and in memory. A queue's address leads nowhere: it names the queue. A call
 * that it does not know is refused; what it is told of encryption, retention and policies is not looked at.
 * @param now milliseconds since the epoch
 */
function embeddedSqs(region: string, now: () => number): AwsService {
  const queues = new Map<string, NamedQueue>();
  const urlOf = (name: string) => `https://sqs.${region}.amazonaws.com/${localAccount}/${name}`;

  function queueAt(url: string): NamedQueue {
    const queue = queues.get(url);
    if (queue === undefined) throw noQueue();
    return queue;
  }

  function deadLetterOf(policy: string | undefined) {
    if (policy === undefined) return undefined;
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
    const target = [...queues.values()].find(({ arn }) => arn === deadLetterTargetArn);
    if (target === undefined) throw noQueue();
    return { send: target.send, maxReceiveCount: Number(maxReceiveCount) };
  }

  function create({ QueueName, Attributes = {} }: Input): object {
    const { VisibilityTimeout = visibilitySecondsDefault, RedrivePolicy } = Attributes;
    const url = urlOf(QueueName);
    const queue = createMessageQueue({
      visibilityMs: Number(VisibilityTimeout) * 1000,
      deadLetter: deadLetterOf(RedrivePolicy),
      now,
    });
    if (!queues.has(url)) queues.set(url, { ...queue, url, arn: queueArn(region, QueueName) });
    return { QueueUrl: url };
  }

  /** Each entry has its own answer: none of ours is refused. */
  function each(entries: Input['Entries'], act: (entry: Input['Entries'][number]) => object): object {
    if (entries.length > entriesMax)
      throw new AwsFailure('TooManyEntriesInBatchRequest', `Maximum number of entries is ${entriesMax}.`);
    return { Successful: entries.map((entry) => ({ Id: entry.Id, ...act(entry) })), Failed: [] };
  }

  const operations: Record<string, Operation> = {
    CreateQueue: create,
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: queueAt(urlOf(QueueName)).url }),
    GetQueueAttributes: ({ QueueUrl }) => {
      const { arn, depth } = queueAt(QueueUrl);
      const { waiting, inFlight } = depth();
      return {
        Attributes: {
          QueueArn: arn,
          ApproximateNumberOfMessages: String(waiting),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
          ApproximateNumberOfMessagesDelayed: '0',
        },
      };
    },
    SendMessage: ({ QueueUrl, MessageBody }) => ({ MessageId: queueAt(QueueUrl).send(MessageBody) }),
    SendMessageBatch: ({ QueueUrl, Entries }) => {
      const { send } = queueAt(QueueUrl);
      return each(Entries, ({ MessageBody }) => ({ MessageId: send(MessageBody) }));
    },
    ReceiveMessage: async ({ QueueUrl, MaxNumberOfMessages = 1, WaitTimeSeconds = 0 }, signal) => ({
      Messages: await queueAt(QueueUrl).receive(MaxNumberOfMessages, WaitTimeSeconds * 1000, signal),
    }),
    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      queueAt(QueueUrl).remove(ReceiptHandle);
      return {};
    },
    DeleteMessageBatch: ({ QueueUrl, Entries }) => {
      const { remove } = queueAt(QueueUrl);
      return each(Entries, ({ ReceiptHandle }) => {
        remove(ReceiptHandle);
        return {};
      });
    },
  };

  return async (call, input, signal) => {
    const operation = operations[call];
    if (operation === undefined) throw new AwsFailure('InvalidAction', `${call} is not known here`);
    return JSON.stringify(await operation(JSON.parse(input), signal));
  };
}

/** A client of the SDK for an SQS in this process. */
export const sqsClient = (service: AwsService, region: string): SQSClient =>
  new SQSClient({
    region,
    credentials: anyCredentials,
    requestHandler: inProcessRequests(service),
    signer: unsigned,
    // Nothing changes a message between here and here.
    md5: false,
  });

/** The same, with an embedded SQS of its own. */
export const embeddedSqsClient = (region: string, now: () => number): SQSClient =>
  sqsClient(embeddedSqs(region, now), region);
