import * as z from 'zod';
import type { UnreadableFolder } from '../clavus/folder.ts';
import { packIds, SeenFolders } from './seen-folders.ts';
import { itemsOf, putItem, type Table } from './table.ts';

/** A scan that no poll continued for so long, in seconds, is over: its items may go. */
const keptSeconds = 2 * 24 * 3600;

const sliceItem = z.object({
  isSorted: z.boolean(),
  after: z.string().optional(),
  isPart: z.boolean().optional(),
  shown: z.number().optional(),
  column: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  only: z.string().optional(),
  ceiling: z.number().optional(),
  isPeek: z.boolean().optional(),
});

/** Without an id, the object has no such key. */
const unreadableFolder: z.ZodType<UnreadableFolder> = z
  .object({ place: z.number(), id: z.string().optional() })
  .transform(({ place, id }) => (id === undefined ? { place } : { place, id }));

const scannedPage = z.looseObject({
  pass: z.number(),
  page: z.number(),
  seen: z.instanceof(Uint8Array),
  held: z.array(z.string()),
  changed: z.number(),
  slice: sliceItem.optional(),
  unreadable: z.array(unreadableFolder).optional(),
  missing: z.instanceof(Uint8Array).optional(),
  stale: z.object({ passes: z.number(), seen: z.number() }).optional(),
  parts: z.number().optional(),
});

/** @returns the bounds, and that of one more slice; those of another column begin anew */
function boundsWith(
  bounds: string[] | undefined,
  { column, from }: ScannedPage['slice'],
): string[] | undefined {
  if (column === undefined) return undefined;
  return from === undefined || bounds?.at(-1) === from ? (bounds ?? []) : [...(bounds ?? []), from];
}

/** What an older version of the code has read. */
const wholeList = { isSorted: false };

/** A page of Clavus that was read, and the state of the scan after it. */
export type ScannedPage = {
  /** From 1. If the pages of a scan do not fit together, they are read in another pass. */
  pass: number;
  /** From 1. */
  page: number;
  /** The part of the list that the page is of. */
  slice: z.infer<typeof sliceItem>;
  /** The folders of the page that were not seen before. */
  folderIds: readonly string[];
  /**
   * The buffered folders of the page: changed, but not stored yet, because only later it shows whether the changes are
   * bulk.
   */
  buffered: readonly string[];
  /** Changes that the scan has found so far. */
  changed: number;
  /** Folders of the page that cannot be read. */
  unreadable?: readonly UnreadableFolder[] | undefined;
  /** Folders that no page showed, and that Clavus does not know by their ids. */
  missing?: readonly string[];
  /** How many complete passes in a row showed nothing new, and how many folders were seen after the last one. */
  stale?: Stale | undefined;
  /** The size in which pages are read, if Clavus cannot answer for a whole one. */
  parts?: number | undefined;
};
export type Stale = { passes: number; seen: number };

/** What a scan in progress has seen. */
export type ScanProgress = {
  seen: SeenFolders;
  buffered: string[];
  changed: number;
  /** What the pass under way could not read. */
  unreadable: (UnreadableFolder & Pick<ScannedPage, 'page' | 'slice'>)[];
  /** The folders that were looked for by their ids in vain. */
  missing: SeenFolders;
  /** The values at which the ranges begin that were read, in that order. */
  bounds?: string[];
  stale?: Stale | undefined;
  parts?: number | undefined;
  /** The last page that was read; none at the beginning. */
  last: Pick<ScannedPage, 'pass' | 'page' | 'slice'> | undefined;
};

export const emptyProgress = (): ScanProgress => ({
  seen: new SeenFolders(),
  missing: new SeenFolders(),
  buffered: [],
  changed: 0,
  unreadable: [],
  last: undefined,
});

type PackedPage = Omit<ScannedPage, 'folderIds' | 'buffered' | 'missing'> & {
  seen: Uint8Array;
  missing?: Uint8Array | undefined;
};

/** What a page adds to what the pages before it have seen. */
export function addPage(
  progress: ScanProgress,
  { seen, changed, pass, page, slice, unreadable = [], missing, stale, parts }: PackedPage,
): void {
  progress.seen.addPacked(seen);
  if (missing !== undefined) progress.missing.addPacked(missing);
  progress.changed = Math.max(progress.changed, changed);
  // Every pass reads all pages.
  if (pass !== progress.last?.pass) progress.unreadable = [];
  progress.unreadable.push(...unreadable.map((folder) => ({ ...folder, page, slice })));
  progress.last = { pass, page, slice };
  progress.bounds = boundsWith(progress.bounds, slice);
  progress.stale = stale;
  progress.parts = parts;
}

export type ScanProgressStore = ReturnType<typeof createScanProgressStore>;

/** One checkpoint per page: what a scan has seen, packed, so that it can continue where its Lambda died. */
export function createScanProgressStore(table: Table, newId: () => string) {
  /** @param now in milliseconds since the epoch */
  const savePage = (
    scanId: string,
    { folderIds, buffered, missing = [], ...scanned }: ScannedPage,
    now: number,
  ): Promise<void> =>
    putItem(table, {
      pk: `SCAN#${scanId}`,
      // A new item each time: a page that is read twice shows other folders, and both readings count.
      sk: `${String(now).padStart(15, '0')}#${newId()}`,
      ...scanned,
      held: buffered,
      ...(missing.length > 0 ? { missing: packIds(missing) } : {}),
      seen: packIds(folderIds),
      ttl: Math.floor(now / 1000) + keptSeconds,
    });

  async function read(scanId: string): Promise<ScanProgress> {
    const progress = emptyProgress();
    // A page that is read again has the same ones: their number must not grow with every poll.
    const buffered = new Set<string>();
    for await (const item of itemsOf(table, `SCAN#${scanId}`)) {
      const scanned = scannedPage.parse(item);
      for (const folderId of scanned.held) buffered.add(folderId);
      addPage(progress, { ...scanned, slice: scanned.slice ?? wholeList });
    }
    return { ...progress, buffered: [...buffered] };
  }

  return { savePage, read };
}
