import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { watermarkShapes } from '../mapping/watermark.ts';
import type { Table } from './table.ts';

const Key = { pk: 'CURSOR', sk: 'folders' };
const unsettledKey = { pk: 'CURSOR', sk: 'unsettled' };
const unsettledItem = z.object({ folderIds: z.array(z.string()) }).optional();

const scan = z.looseObject({
  id: z.string(),
  /** `full`: all folders. `modified`: those that were modified since the watermark. */
  kind: z.enum(['full', 'modified']),
  startedAt: z.number(),
  /** Of a `modified` scan: the value of the tenant's column from which it reads. */
  from: z.string().optional(),
  /** Every folder is sent again, whole, changed or not, except those whose company was deleted in Moovago. */
  again: z.boolean().optional(),
});
export type Scan = z.infer<typeof scan>;

const cursor = z.looseObject({
  /** When the last poll began and ended, even if it was not complete, in milliseconds since the epoch. */
  lastPollStartedAt: z.number(),
  lastPollAt: z.number(),
  /** When the last scan that saw every folder ended; absent before the first. */
  lastCompleteScanAt: z.number().optional(),
  /** Folders seen by the last complete scan. */
  folders: z.number().optional(),
  /** When the last complete scan began. */
  lastFullScanAt: z.number().optional(),
  /** The company fields whose columns no folder showed in the last complete scan. */
  notShown: z.array(z.string()).optional(),
  /** The scan that the next poll continues. */
  scan: scan.optional(),
  /** Modified folders have been read up to this date. */
  watermark: z.object({ at: z.number(), shape: z.enum(watermarkShapes) }).optional(),
});
export type Cursor = z.infer<typeof cursor>;

export type CursorStore = ReturnType<typeof createCursorStore>;

/** How far Clavus has been read. Written last, after the rows and the fingerprints that it stands for. */
export function createCursorStore({ client, name: TableName }: Table) {
  async function read(): Promise<Cursor | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : cursor.parse(Item);
  }

  async function save(next: Cursor): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...next, ...Key } }));
  }

  /** Folders whose rows were being written when a poll last saved this list. */
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
