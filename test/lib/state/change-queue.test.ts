import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createChangeQueue, readPointers } from '../../../lib/state/change-queue.ts';
import { mockedClient } from '../../support/mocked-client.ts';

const url = 'https://sqs.eu-west-3.amazonaws.com/123456789012/clavus-moovago-test-changes';

describe('the change queue', () => {
  it('sends pointers ten at a time, and nothing but folder ids and the run that sent them', async () => {
    const sqs = mockedClient(SQSClient);
    sqs.on(SendMessageBatchCommand).resolves({});
    const ids = Array.from({ length: 12 }, (_, index) => `f${index}`);
    expect(await createChangeQueue(new SQSClient({}), url).send(ids, 'run-1')).toEqual(new Set(ids));
    const batches = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
    expect(batches.map(({ Entries }) => Entries?.length)).toEqual([10, 2]);
    expect(batches[1]).toEqual({
      QueueUrl: url,
      Entries: [
        { Id: '0', MessageBody: '{"folderId":"f10","runId":"run-1"}' },
        { Id: '1', MessageBody: '{"folderId":"f11","runId":"run-1"}' },
      ],
    });
  });

  it('does not take accepted for sent: what the queue refused is not among the answer', async () => {
    const sqs = mockedClient(SQSClient);
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    });
    expect(await createChangeQueue(new SQSClient({}), url).send(['f1', 'f2', 'f3'], 'run-1')).toEqual(
      new Set(['f1', 'f3']),
    );
  });

  it('sends nothing when there is nothing to send', async () => {
    const sqs = mockedClient(SQSClient);
    expect(await createChangeQueue(new SQSClient({}), url).send([], 'run-1')).toEqual(new Set());
    expect(sqs.calls()).toEqual([]);
  });

  it('is as deep as what waits and what is being worked on', async () => {
    const sqs = mockedClient(SQSClient);
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { ApproximateNumberOfMessages: '7', ApproximateNumberOfMessagesNotVisible: '5' },
    });
    expect(await createChangeQueue(new SQSClient({}), url).depth()).toBe(12);
  });
});

describe('pointers', () => {
  it('are read from messages; what is none is named by its message id', () => {
    expect(
      readPointers([
        { messageId: 'm1', body: '{"folderId":"f1","addedLater":true}' },
        { messageId: 'm2', body: 'not JSON' },
        { messageId: 'm3', body: '{"folderId":""}' },
        { messageId: 'm4', body: '{"folder":"f4"}' },
        { messageId: 'm5', body: '{"folderId":"f5","runId":"run-1"}' },
      ]),
    ).toEqual({
      rowIds: ['f1', 'f5'],
      runs: new Map([['run-1', ['f5']]]),
      unreadable: ['m2', 'm3', 'm4'],
    });
  });
});
