import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSqsEmulator } from '../../local/emulators.ts';
import { startEventSourceMapping } from '../../local/event-source-mapping.ts';
import { embeddedSqsClient } from '../../local/sqs/embedded-sqs.ts';
import type { QueueTrigger } from '../../local/template.ts';

const region = 'eu-west-3';
const engines = {
  embedded: async () => ({ sqs: embeddedSqsClient(region, Date.now), close: async () => {} }),
  fauxqs: async () => {
    const { endpoint, close } = await startSqsEmulator();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    return { sqs: new SQSClient({ endpoint, region, credentials }), close };
  },
};

describe.each(Object.entries(engines))('on the %s queue', (engine, startEngine) => {
  let sqs: SQSClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ sqs, close } = await startEngine());
  });

  afterAll(async () => {
    sqs.destroy();
    await close();
  });

  /** A queue that gives messages back after a time, and gives up on them after they were received twice. */
  async function createQueues(name: string, visibilitySeconds = 1) {
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

  async function left(url: string): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    );
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
    });
    return { mapping, problems };
  }

  const failures = (...ids: (string | undefined)[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });

  describe.concurrent('an event source mapping', () => {
    // The embedded one keeps no attributes of messages: no message of ours has any.
    it.runIf(engine === 'fauxqs')('hands over messages in the shape that Lambda gives them', async () => {
      const { url } = await createQueues('shape');
      const { MessageId } = await sqs.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: 'hello',
          MessageAttributes: {
            kind: { DataType: 'String', StringValue: 'greeting' },
            raw: { DataType: 'Binary', BinaryValue: Buffer.from('bytes') },
          },
        }),
      );
      const events: SQSEvent[] = [];
      const { mapping } = start('shape', url, (event) => void events.push(event));
      await vi.waitFor(async () => expect(await left(url)).toBe(0), 3000);
      await mapping.stop();
      expect(events).toEqual([
        {
          Records: [
            {
              messageId: MessageId,
              receiptHandle: expect.any(String),
              body: 'hello',
              attributes: {
                ApproximateReceiveCount: '1',
                SentTimestamp: expect.stringMatching(/^\d{13}$/),
                SenderId: expect.any(String),
                ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
              },
              messageAttributes: {
                kind: {
                  stringValue: 'greeting',
                  stringListValues: [],
                  binaryListValues: [],
                  dataType: 'String',
                },
                raw: {
                  binaryValue: 'Ynl0ZXM=',
                  stringListValues: [],
                  binaryListValues: [],
                  dataType: 'Binary',
                },
              },
              md5OfBody: '5d41402abc4b2a76b9719d911017c592',
              md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
              eventSource: 'aws:sqs',
              eventSourceARN: 'arn:aws:sqs:eu-west-3:000000000000:shape',
              awsRegion: 'eu-west-3',
            },
          ],
        },
      ]);
    });

    it('brings back what a function reports as failed, and leaves it to the dead letters after its last time', async () => {
      const { url, deadUrl } = await createQueues('partial');
      await send(url, ['fine', 'bad', 'well']);
      const seen: string[] = [];
      const { mapping } = start('partial', url, ({ Records }) => {
        seen.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
        return failures(...Records.filter(({ body }) => body === 'bad').map(({ messageId }) => messageId));
      });
      await vi.waitFor(async () => expect(await receive(deadUrl)).toEqual(['bad']), 5000);
      await mapping.stop();
      expect(seen.toSorted()).toEqual(['bad 1', 'bad 2', 'fine 1', 'well 1']);
      expect(await left(url)).toBe(0);
    });

    it.each([
      ['a function that throws', () => Promise.reject(new Error('no'))],
      ['an id that is not in the batch', () => failures('someone-else')],
      ['an empty id', () => failures('')],
      ['an id under another name', () => ({ batchItemFailures: [{ id: 'x' }] })],
      ['an answer that is no batch response', () => 'ok'],
    ])('keeps the whole batch for %s', async (name, handler) => {
      const queue = `whole-${name.replaceAll(' ', '-')}`;
      const { url, deadUrl } = await createQueues(queue);
      await send(url, ['a', 'b', 'c']);
      const { mapping } = start(queue, url, handler);
      await vi.waitFor(async () => expect(await left(deadUrl)).toBe(3), 5000);
      await mapping.stop();
      expect(await receive(deadUrl)).toEqual(['a', 'b', 'c']);
    });

    it.each([
      ['nothing', undefined, true],
      ['null', null, true],
      ['an empty answer', {}, true],
      ['no failures', { batchItemFailures: [] }, true],
      ['null instead of failures', { batchItemFailures: null }, true],
      ['a failure that nobody asked for', failures('x'), false],
    ])('deletes the whole batch for %s', async (name, answer, reportBatchItemFailures) => {
      const queue = `deletes-${name.replaceAll(' ', '-')}`;
      const { url } = await createQueues(queue);
      await send(url, ['a', 'b', 'c']);
      const { mapping, problems } = start(queue, url, () => answer, { reportBatchItemFailures });
      await vi.waitFor(async () => expect(await left(url)).toBe(0), 3000);
      await mapping.stop();
      expect(problems).toEqual([]);
    });

    it('gathers a batch until it is full', async () => {
      const { url } = await createQueues('full', 30);
      await send(
        url,
        Array.from({ length: 60 }, (_, index) => `message ${index}`),
      );
      const sizes: number[] = [];
      const { mapping } = start('full', url, ({ Records }) => void sizes.push(Records.length), {
        batchSize: 25,
        batchingWindowSeconds: 1,
      });
      await vi.waitFor(() => expect(sizes).toEqual([25, 25, 10]), 4000);
      await mapping.stop();
      expect(await left(url)).toBe(0);
    });

    it('gathers a batch until the window is over', async () => {
      const { url } = await createQueues('window', 30);
      const batches: string[][] = [];
      const { mapping } = start(
        'window',
        url,
        ({ Records }) => void batches.push(Records.map(({ body }) => body)),
        {
          batchSize: 1000,
          batchingWindowSeconds: 1,
        },
      );
      await send(url, ['first']);
      await wait(300);
      await send(url, ['second']);
      await vi.waitFor(() => expect(batches).toEqual([['first', 'second']]), 4000);
      await mapping.stop();
    });

    it('never has more batches in the function than it may, and as many as that', async () => {
      const { url } = await createQueues('concurrency', 30);
      await send(
        url,
        Array.from({ length: 30 }, (_, index) => `message ${index}`),
      );
      let running = 0;
      let peak = 0;
      let done = 0;
      const handler = async ({ Records }: SQSEvent) => {
        running += 1;
        peak = Math.max(peak, running);
        await wait(30);
        running -= 1;
        done += Records.length;
      };
      const { mapping } = start('concurrency', url, handler, { batchSize: 2, maximumConcurrency: 3 });
      await vi.waitFor(() => expect(done).toBe(30), 5000);
      await mapping.stop();
      expect(peak).toBe(3);
    });

    it('is not idle while the function works, and finishes that before it stops', async () => {
      const { url } = await createQueues('stopping', 30);
      await send(url, ['a']);
      const working = Promise.withResolvers<void>();
      const { mapping } = start('stopping', url, () => working.promise);
      await vi.waitFor(() => expect(mapping.idle()).toBe(false), 3000);
      const stopped = mapping.stop();
      expect(await left(url)).toBe(1);
      working.resolve();
      await stopped;
      expect(mapping.idle()).toBe(true);
      expect(await left(url)).toBe(0);
    });

    it('says so, and tries again, when the queue cannot be read', async () => {
      const { url } = await createQueues('there');
      const problems: string[] = [];
      const waits: number[] = [];
      const stop = Promise.withResolvers<void>();
      const mapping = startEventSourceMapping({
        sqs,
        queue: { url: url.replace(/[^/]+$/, 'not-there'), arn: '' },
        trigger: {
          batchSize: 10,
          batchingWindowSeconds: 0,
          maximumConcurrency: 2,
          reportBatchItemFailures: true,
        },
        region: 'eu-west-3',
        invoke: async () => undefined,
        onProblem: (message) => problems.push(message),
        clock: {
          now: () => 0,
          random: () => 0,
          wait: async (ms) => {
            waits.push(ms);
            if (waits.length === 2) stop.resolve();
            if (waits.length >= 2) await wait(1);
          },
        },
      });
      await stop.promise;
      await mapping.stop();
      expect(problems[1]).toBe('the queue cannot be read: The specified queue does not exist.');
      expect(waits.slice(0, 2)).toEqual([1000, 1000]);
    });
  });
});
