import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from './table.ts';

const Key = { pk: 'CURSOR', sk: 'folders' };
const unsettledKey = { pk: 'CURSOR', sk: 'unsettled' };
const unsettledItem = z.object({ folderIds: z.array(z.string()) }).optional();

const cursor = z.looseObject({
  /** When the last poll began and ended, however far it came, in milliseconds since the epoch. */
  lastPollStartedAt: z.number(),
  lastPollAt: z.number(),
  /** When the last scan that saw every folder ended; absent before the first. */
  lastCompleteScanAt: z.number().optional(),
  /** Folders seen by the last complete scan. */
  folders: z.number().optional(),
});
export type Cursor = z.infer<typeof cursor>;

/** How far Clavus has been read. Written last: after the rows and the fingerprints of what it stands for. */
export function createCursorStore({ client, name: TableName }: Table) {
  async function read(): Promise<Cursor | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : cursor.parse(Item);
  }

  async function save(next: Cursor): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...next, ...Key } }));
  }

  /** Folders whose rows were being written when a poll last said so. */
  async function readUnsettled(): Promise<string[]> {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: unsettledKey, ConsistentRead: true }),
    );
    return unsettledItem.parse(Item)?.folderIds ?? [];
  }

  async function saveUnsettled(folderIds: readonly string[]): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...unsettledKey, folderIds } }));
  }

  return { read, save, readUnsettled, saveUnsettled };
}
