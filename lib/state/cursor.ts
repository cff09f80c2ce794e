import * as z from 'zod';
import { watermarkShapes } from '../mapping/watermark.ts';
import { createLargeItem } from './large-item.ts';
import { getItem, putItem, type Table } from './table.ts';

const Key = { pk: 'CURSOR', sk: 'folders' };
const unsettledKey = { pk: 'CURSOR', sk: 'unsettled' };
const ids = z.array(z.string());
/** An older version has saved `folderIds`. */
const unsettledItem = z.object({ content: ids.optional(), folderIds: ids.optional() }).optional();

const scan = z.looseObject({
  id: z.string(),
  /** `full`: all folders. `modified`: those that were modified since the watermark. */
  kind: z.enum(['full', 'modified']),
  startedAt: z.number(),
  /** Of a `modified` scan: the value of the tenant's column from which it reads. */
  from: z.string().optional(),
  /** Every folder is sent again, whole, changed or not, except those whose company was deleted in Moovago. */
  again: z.boolean().optional(),
  /** How often earlier polls have read all of its pages. What they saw counts, and the pages are read again. */
  passes: z.number().optional(),
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
  /** How many more folders Clavus counts than its lists show; what the key may not see, for one. */
  excess: z.number().optional(),
  /** How many folders a list shows at most, if it was found to end before its end: it is read in slices. */
  ceiling: z.number().optional(),
  /** The column by whose values that list is cut, and where each range begins; absent if it is sliced by a date. */
  cuts: z.object({ column: z.string(), bounds: z.array(z.string()) }).optional(),
  /** How many folders Clavus can answer for at once, if whole pages are too heavy for it. */
  parts: z.number().optional(),
  /** The last scan could not see all folders: how many the list shows, and how many Clavus counts. */
  hidden: z
    .object({
      shown: z.number(),
      counted: z.number(),
      /** Folders without a value in this column cannot be asked for; empty text for that of the date. */
      blank: z.string().optional(),
    })
    .optional(),
  /** Folders that the last full scan, or a poll since, could not read: the first twenty. Pages and places from 1. */
  unreadable: z
    .array(z.object({ page: z.number().optional(), place: z.number().optional(), id: z.string().optional() }))
    .optional(),
  /** The scan that the next poll continues. */
  scan: scan.optional(),
  /** Modified folders have been read up to this date. */
  watermark: z
    .object({ at: z.number(), shape: z.enum(watermarkShapes), offset: z.string().optional() })
    .optional(),
});
export type Cursor = z.infer<typeof cursor>;
export type UnreadableAt = NonNullable<Cursor['unreadable']>[number];

export type CursorStore = ReturnType<typeof createCursorStore>;

/** How far Clavus has been read. Written last, after the rows and the fingerprints that it stands for. */
export function createCursorStore(table: Table) {
  const unsettled = createLargeItem(table, unsettledKey);
  async function readUnsettled(): Promise<string[]> {
    const { content, folderIds = [] } = unsettledItem.parse(await unsettled.read()) ?? {};
    return content ?? folderIds;
  }
  return {
    read: async () => cursor.optional().parse(await getItem(table, Key)),
    save: (next: Cursor) => putItem(table, { ...next, ...Key }),
    /** Folders whose rows were being written when a poll last saved this list. */
    readUnsettled,
    saveUnsettled: (folderIds: readonly string[]) => unsettled.save(folderIds),
  };
}
