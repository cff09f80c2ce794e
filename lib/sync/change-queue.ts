import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { chunks } from '../framework/chunks.ts';
import { inParallel } from '../framework/in-parallel.ts';

const entriesPerBatch = 10;

/** A message on the queue: which folder to look at. What to deliver stands in the folder's row, and only there. */
const pointer = z.object({ folderId: z.string().min(1) });
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

/** The folder ids of a batch of messages, and the ids of the messages that are none of ours: those become dead letters. */
export function readPointers(messages: readonly { messageId: string; body: string }[]): {
  folderIds: string[];
  unreadable: string[];
} {
  const folderIds: string[] = [];
  const unreadable: string[] = [];
  for (const { messageId, body } of messages) {
    const read = pointerText.safeParse(body);
    if (read.success) folderIds.push(read.data.folderId);
    else unreadable.push(messageId);
  }
  return { folderIds, unreadable };
}

export function createChangeQueue(client: SQSClient, queueUrl: string) {
  /** Which of the folder ids the queue took. A batch that is accepted can still refuse some of its entries. */
  async function sendBatch(folderIds: readonly string[]): Promise<string[]> {
    const { Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: folderIds.map((folderId, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ folderId } satisfies Pointer),
        })),
      }),
    );
    const refused = new Set((Failed ?? []).map(({ Id }) => Id));
    return folderIds.filter((_, index) => !refused.has(String(index)));
  }

  /** Puts pointers on the queue and gives back the ids that it accepted. */
  async function send(folderIds: readonly string[]): Promise<Set<string>> {
    const batches = chunks(folderIds, entriesPerBatch);
    return new Set((await inParallel(batches, sendBatch, 8)).flat());
  }

  /** Messages that wait or are being worked on. SQS counts them approximately. */
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
