import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { attempt } from '../lib/framework/attempt.ts';
import { type Clock, systemClock } from '../lib/framework/clock.ts';
import { failedMessageIds } from './batch-response.ts';
import { sqsEvent } from './sqs-event.ts';
import type { QueueTrigger } from './template.ts';

export type EventSourceMapping = {
  /** Whether no message is between the queue and the function. */
  idle(): boolean;
  /** Takes no more messages, and resolves when those that were taken are dealt with. */
  stop(): Promise<void>;
};

export type EventSourceMappingOptions = {
  sqs: SQSClient;
  queue: { url: string; arn: string };
  trigger: Omit<QueueTrigger, 'queue'>;
  region: string;
  /** Rejects where the function fails: the whole batch then returns to the queue. */
  invoke(event: unknown): Promise<unknown>;
  onProblem(message: string): void;
  clock?: Clock;
};

/** SQS gives out and deletes ten messages at a time. */
const sliceSize = 10;
/** How long an empty queue is listened to before looking again. */
const listenSeconds = 1;
const pauseAfterProblemMs = 1000;

/**
 * Brings a queue's messages to a function as Lambda's event source mapping does: batches up to a size, gathered for a time,
 * some of them at once. Messages that the function did not report as failed are deleted; the others return by themselves
 * when their visibility time-out is over, and the queue moves them to the dead letters when it was too often.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { trigger, onProblem, clock = systemClock } = options;
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let gathering = false;

  async function gather(): Promise<Message[]> {
    const messages = await receive(options, trigger.batchSize, listenSeconds, stopping.signal);
    const until = clock.now() + trigger.batchingWindowSeconds * 1000;
    while (messages.length > 0 && messages.length < trigger.batchSize && !stopping.signal.aborted) {
      gathering = true;
      const restSeconds = Math.ceil((until - clock.now()) / 1000);
      if (restSeconds <= 0) break;
      messages.push(
        ...(await receive(
          options,
          trigger.batchSize - messages.length,
          Math.min(restSeconds, listenSeconds),
          stopping.signal,
        )),
      );
    }
    return messages;
  }

  async function deliverNextBatch(): Promise<void> {
    if (running.size >= trigger.maximumConcurrency) await Promise.race(running);
    try {
      const messages = await gather();
      if (messages.length === 0) return;
      const delivery = deliver(messages, options).finally(() => running.delete(delivery));
      running.add(delivery);
    } catch (error) {
      onProblem(`the queue cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      await clock.wait(pauseAfterProblemMs);
    } finally {
      gathering = false;
    }
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) await deliverNextBatch();
    await Promise.all(running);
  }

  const polling = poll();
  return {
    idle: () => !gathering && running.size === 0,
    stop() {
      stopping.abort();
      return polling;
    },
  };
}

async function receive(
  { sqs, queue }: EventSourceMappingOptions,
  wanted: number,
  waitSeconds: number,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const received = await attempt(
    sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(wanted, sliceSize),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal },
    ),
  );
  if (received.ok) return received.value.Messages ?? [];
  // What the queue was about to give comes back to it by itself.
  if (abortSignal.aborted) return [];
  throw received.error;
}

/** Never rejects. */
async function deliver(messages: Message[], options: EventSourceMappingOptions): Promise<void> {
  const { queue, trigger, region, invoke, onProblem } = options;
  const answer = await invoke(sqsEvent(messages, queue.arn, region)).then(
    (value) => ({ value }),
    () => undefined,
  );
  if (!answer) return;
  const ids = messages.map(({ MessageId }) => MessageId ?? '');
  const failed = trigger.reportBatchItemFailures ? failedMessageIds(answer.value, ids) : new Set<string>();
  if (failed === 'malformed') {
    onProblem('the answer is not a batch response for these messages: all of them return to the queue');
    return;
  }
  await deleteMessages(
    messages.filter(({ MessageId }) => !failed.has(MessageId ?? '')),
    options,
  );
}

async function deleteMessages(
  messages: Message[],
  { sqs, queue, onProblem }: EventSourceMappingOptions,
): Promise<void> {
  const slices = Array.from({ length: Math.ceil(messages.length / sliceSize) }, (_, index) =>
    messages.slice(index * sliceSize, (index + 1) * sliceSize),
  );
  const Entries = (slice: Message[]) =>
    slice.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const results = await Promise.allSettled(
    slices.map((slice) =>
      sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries: Entries(slice) })),
    ),
  );
  const kept = results.filter((result) => result.status === 'rejected' || result.value.Failed?.length);
  if (kept.length > 0) onProblem('some messages could not be deleted: they come again');
}
