import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';

const entriesPerBatch = 10;

/** A message on the queue: it points to a folder. What to deliver is in the folder's row, and only there. */
const pointer = z.object({
  folderId: z.string().min(1),
  /** The run that put it there; only for the logs. */
  runId: z.string().optional(),
});
type Pointer = z.infer<typeof pointer>;

const pointerText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(pointer);

/**
 * The row ids of a batch of messages, also by the run that put them on the queue. `unreadable`: the ids of messages
 * that are not ours; they become dead letters.
 */
export function readPointers(messages: readonly { messageId: string; body: string }[]): {
  rowIds: string[];
  runs: Map<string, string[]>;
  unreadable: string[];
} {
  const rowIds: string[] = [];
  const runs = new Map<string, string[]>();
  const unreadable: string[] = [];
  for (const { messageId, body } of messages) {
    const read = pointerText.safeParse(body);
    if (!read.success) {
      unreadable.push(messageId);
      continue;
    }
    const { folderId: rowId, runId } = read.data;
    rowIds.push(rowId);
    if (runId !== undefined) runs.set(runId, [...(runs.get(runId) ?? []), rowId]);
  }
  return { rowIds, runs, unreadable };
}

export type ChangeQueue = ReturnType<typeof createChangeQueue>;

export function createChangeQueue(client: SQSClient, queueUrl: string) {
  /** The row ids that the queue accepted. If it accepts a batch, it can still refuse some of its entries. */
  async function sendBatch(rowIds: readonly string[], runId: string): Promise<string[]> {
    const { Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: rowIds.map((rowId, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ folderId: rowId, runId } satisfies Pointer),
        })),
      }),
    );
    const refused = new Set((Failed ?? []).map(({ Id }) => Id));
    return rowIds.filter((_, index) => !refused.has(String(index)));
  }

  /** Puts pointers on the queue, and returns the ids that it accepted. */
  async function send(rowIds: readonly string[], runId: string): Promise<Set<string>> {
    const batches = chunks(rowIds, entriesPerBatch);
    return new Set((await inParallel(batches, (batch) => sendBatch(batch, runId), 8)).flat());
  }

  /** Messages that wait or are being worked on. The count of SQS is approximate. */
  async function depth(): Promise<number> {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages ?? 0) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
    );
  }

  return { send, depth };
}
