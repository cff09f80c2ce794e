import { setTimeout as wait } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startEventSourceMapping } from '../../local/event-source-mapping.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { patience } from '../support/patience.ts';
import { openQueue, queueEngines } from '../support/queue-service.ts';

const failures = (...ids: (string | undefined)[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe.concurrent.each(Object.entries(queueEngines))(
  'an event source mapping of the %s queue',
  (engine, startEngine) => {
    const open: (() => Promise<void>)[] = [];
    afterAll(() => Promise.all(open.map((close) => close())));

    async function queueNamed(name: string) {
      const queue = await openQueue(startEngine, name);
      open.push(queue.close);
      return queue;
    }

    // The embedded one keeps no attributes of messages: no message of ours has any.
    it.runIf(engine === 'fauxqs')('hands over messages in the shape that Lambda gives them', async () => {
      const { sqs, url, left, start } = await queueNamed('shape');
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
      const { mapping } = start((event) => void events.push(event));
      await vi.waitFor(async () => expect(await left()).toBe(0), patience);
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
      const { send, left, giveBack, deadLetters, start } = await queueNamed('partial');
      await send(['fine', 'bad', 'well']);
      const seen: string[] = [];
      const failed: SQSRecord[] = [];
      const { mapping } = start(({ Records }) => {
        seen.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
        const bad = Records.filter(({ body }) => body === 'bad');
        failed.push(...bad);
        return failures(...bad.map(({ messageId }) => messageId));
      });
      await vi.waitFor(async () => {
        await giveBack(failed);
        expect(await deadLetters()).toEqual(['bad']);
      }, patience);
      await mapping.stop();
      expect(seen.toSorted()).toEqual(['bad 1', 'bad 2', 'fine 1', 'well 1']);
      expect(await left()).toBe(0);
    });

    it.each([
      ['a function that throws', () => Promise.reject(new Error('no'))],
      ['an id that is not in the batch', () => failures('someone-else')],
      ['an empty id', () => failures('')],
      ['an id under another name', () => ({ batchItemFailures: [{ id: 'x' }] })],
      ['an answer that is no batch response', () => 'ok'],
    ])('keeps the whole batch for %s', async (name, handler) => {
      const queue = `whole-${name.replaceAll(' ', '-')}`;
      const { deadUrl, send, left, giveBack, deadLetters, start } = await queueNamed(queue);
      await send(['a', 'b', 'c']);
      const failed: SQSRecord[] = [];
      const { mapping } = start(({ Records }) => {
        failed.push(...Records);
        return handler();
      });
      await vi.waitFor(async () => {
        await giveBack(failed);
        expect(await left(deadUrl)).toBe(3);
      }, patience);
      await mapping.stop();
      expect(await deadLetters()).toEqual(['a', 'b', 'c']);
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
      const { send, left, start } = await queueNamed(queue);
      await send(['a', 'b', 'c']);
      const { mapping, problems } = start(() => answer, { reportBatchItemFailures });
      await vi.waitFor(async () => expect(await left()).toBe(0), patience);
      await mapping.stop();
      expect(problems).toEqual([]);
    });

    it('gathers a batch until it is full', async () => {
      const { send, depth, left, start } = await queueNamed('full');
      await send(Array.from({ length: 60 }, (_, index) => `message ${index}`));
      const sizes: number[] = [];
      const clock = fakeClock(0);
      const { mapping } = start(
        ({ Records }) => void sizes.push(Records.length),
        { batchSize: 25, batchingWindowSeconds: 1 },
        clock,
      );
      // The window of the last ten is not over before somebody says so.
      await vi.waitFor(async () => expect(await depth()).toEqual({ waiting: 0, inFlight: 10 }), patience);
      expect(sizes).toEqual([25, 25]);
      clock.set(1000);
      await vi.waitFor(() => expect(sizes).toEqual([25, 25, 10]), patience);
      await mapping.stop();
      expect(await left()).toBe(0);
    });

    it('gathers a batch until the window is over', async () => {
      const { send, depth, start } = await queueNamed('window');
      const batches: string[][] = [];
      const clock = fakeClock(0);
      const { mapping } = start(
        ({ Records }) => void batches.push(Records.map(({ body }) => body)),
        { batchSize: 1000, batchingWindowSeconds: 1 },
        clock,
      );
      const gathered = (count: number) =>
        vi.waitFor(async () => expect(await depth()).toEqual({ waiting: 0, inFlight: count }), patience);
      await send(['first']);
      await gathered(1);
      clock.set(999);
      await send(['second']);
      await gathered(2);
      expect(batches).toEqual([]);
      clock.set(1000);
      await vi.waitFor(() => expect(batches).toEqual([['first', 'second']]), patience);
      await mapping.stop();
    });

    it('never has more batches in the function than it may, and as many as that', async () => {
      const { send, start } = await queueNamed('concurrency');
      await send(Array.from({ length: 30 }, (_, index) => `message ${index}`));
      let running = 0;
      let peak = 0;
      let done = 0;
      const three = Promise.withResolvers<void>();
      const handler = async ({ Records }: SQSEvent) => {
        running += 1;
        peak = Math.max(peak, running);
        if (running === 3) three.resolve();
        await three.promise;
        // Time for a fourth, if there were one.
        await wait(30);
        running -= 1;
        done += Records.length;
      };
      const { mapping } = start(handler, { batchSize: 2, maximumConcurrency: 3 });
      await vi.waitFor(() => expect(done).toBe(30), patience);
      await mapping.stop();
      expect(peak).toBe(3);
    });

    it('is not idle while the function works, and finishes that before it stops', async () => {
      const { send, left, start } = await queueNamed('stopping');
      await send(['a']);
      const working = Promise.withResolvers<void>();
      const { mapping } = start(() => working.promise);
      await vi.waitFor(() => expect(mapping.idle()).toBe(false), patience);
      const stopped = mapping.stop();
      expect(await left()).toBe(1);
      working.resolve();
      await stopped;
      expect(mapping.idle()).toBe(true);
      expect(await left()).toBe(0);
    });

    it('says so, and tries again, when the queue cannot be read', async () => {
      const { sqs, url } = await queueNamed('there');
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
  },
);
