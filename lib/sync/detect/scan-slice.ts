import type { Folder, FolderPage, UnreadableFolder } from '../../clavus/folder.ts';
import { type Attempt, attempt } from '../../framework/attempt.ts';
import { SeenFolders } from '../../state/seen-folders.ts';

/**
 * A part of the list. A list that stands on a search engine may end at a ceiling (Meilisearch and Algolia: 1,000 folders;
 * Elasticsearch: 10,000). Then it is read in slices, each sorted by a date and beginning where the one before ended.
 */
export type Slice = {
  isSorted: boolean;
  /** The first date, as the tenant writes it. Absent: from the beginning. */
  after?: string | undefined;
  /** It overlaps what was read before: it is normal that a page shows nothing new. */
  isPart?: boolean | undefined;
  /** How many entries it has shown so far. */
  shown?: number | undefined;
  /** The column by whose values it is cut. Absent: the date. */
  column?: string | undefined;
  /** Of such a column: the first value, and the value before which the slice ends. */
  from?: string | undefined;
  to?: string | undefined;
  /** The only value; empty for the folders without one. */
  only?: string | undefined;
  /** Where the list ends that is cut. */
  ceiling?: number | undefined;
  /** One page of it is read, to see where to cut. */
  isPeek?: boolean | undefined;
};

/** What a slice by conditions must prove. */
export type SliceLimits = {
  /** A slice that shows so many entries may be cut. */
  ceiling: number;
  /** Whether the folder satisfies the conditions. One that does not shows that the server overlooks them. */
  belongs(folder: Folder): boolean;
  /** Its folders that were shown before. */
  known?: SeenFolders | undefined;
};

export type SliceDependencies = {
  /** How many folders a page request asks for. */
  pageSize: number;
  /** Pages are numbered from 1. */
  readPage(page: number, slice: Slice): Promise<FolderPage>;
  /** The date by which slices are sorted; `undefined` if the folder has none. Absent: the list cannot be sliced. */
  dateOf?: ((folder: Folder) => string | undefined) | undefined;
  /** Where an earlier scan saw the list end; absent if it did not. */
  ceiling?: number | undefined;
  /** What the scan has seen so far; it grows with every page. */
  seen: SeenFolders;
  /** All pages were read before, so it is normal that none shows anything new. */
  isRepeat: boolean;
  /** Called after each page. `false`: stop here. */
  onPage(page: ScannedFolders): Promise<boolean>;
};

export type ScannedFolders = {
  page: number;
  slice: Slice;
  folders: Folder[];
  /** Those of them that were not seen before. */
  fresh: Folder[];
  unreadable: readonly UnreadableFolder[];
  isLast: boolean;
};

/**
 * Numbered pages shift while they are read. One page without a new folder is normal; many in a row mean a broken
 * answer.
 */
const barrenPagesMax = 3;
/** How often one scan goes back at most. The number of folders shows what it then misses. */
const returnsMax = 50;
/**
 * `stopped`: by `onPage`. `broken`: the pages repeat themselves. `over`: it reaches the ceiling. `unproved`: its folders do
 * not satisfy its conditions.
 */
export type SliceEnd =
  | {
      kind: 'end';
      totalCount: number;
      /** How many entries its pages have, and how many folders were not seen before. */
      shown: number;
      fresh: number;
      lastDate: string | undefined;
      /** Entries without a date, and whether one with a date came after them. */
      blanks: number;
      endsDated: boolean;
    }
  | { kind: 'stopped' }
  | { kind: 'broken' }
  | { kind: 'over' }
  | { kind: 'unproved' };

/**
 * Reads the pages of a slice from one on to the end. An empty page is the end. A short page is the end only if as many
 * folders were shown as Clavus counts: a server may cap its pages. If the count falls, folders behind the deleted ones
 * slid forward, past the next page. Then the scan goes back as many pages as they may have slid.
 */
export async function scanSlice(
  first: { page: number; slice: Slice },
  { pageSize, readPage, dateOf, ceiling, seen, isRepeat, onPage }: SliceDependencies,
  limits?: SliceLimits,
): Promise<SliceEnd> {
  const { slice } = first;
  const { isPart = false } = slice;
  const known = limits?.known ?? new SeenFolders();
  const reader = createReadAhead((page) => readPage(page, slice));
  const pages = watchPages(pageSize, { isRepeat, isPart, known: known.size });
  const tally = createTally(first, pageSize, known);
  const dates = watchDates(dateOf);
  let news = 0;
  for (let { page } = first; ; ) {
    const answer = await reader.read(page, pages.hasAnother(page));
    const { folders, unreadable = [] } = answer;
    if (!mayShow(folders, limits)) {
      await reader.close();
      return { kind: 'unproved' };
    }
    const fresh = notSeen(answer, seen);
    const { shown, distinct, isAll } = tally(page, answer);
    news += fresh.length;
    dates.see(folders);
    const counted = isPart ? distinct : seen.size;
    const assessed = pages.assess(page, answer, { fresh: fresh.length, counted });
    const isOver = Math.max(shown, answer.totalCount) >= (limits?.ceiling ?? endless);
    const isLast = assessed.isLast || isOver || isAll || shown >= (ceiling ?? endless);
    const goesOn = await onPage({ page, slice: { ...slice, shown }, folders, fresh, unreadable, isLast });
    if (goesOn && !isLast && !assessed.isBroken) {
      page = assessed.next;
      continue;
    }
    await reader.close();
    if (!goesOn || isOver || !isLast) return { kind: failureOf(goesOn, isOver) };
    return { kind: 'end', totalCount: pages.expected(), shown, fresh: news, ...dates.seen() };
  }
}

const endless = Number.POSITIVE_INFINITY;

const mayShow = (folders: readonly Folder[], limits: SliceLimits | undefined): boolean =>
  limits === undefined || folders.every(limits.belongs);

function failureOf(goesOn: boolean, isOver: boolean): 'stopped' | 'over' | 'broken' {
  if (!goesOn) return 'stopped';
  return isOver ? 'over' : 'broken';
}

/** The last date of a slice, and how many of its entries have none. */
function watchDates(dateOf: SliceDependencies['dateOf']) {
  let lastDate: string | undefined;
  let [blanks, endsDated] = [0, true];
  return {
    see(folders: readonly Folder[]): void {
      if (dateOf === undefined) return;
      for (const folder of folders) {
        const date = dateOf(folder);
        lastDate = date ?? lastDate;
        endsDated = date !== undefined;
        if (!endsDated) blanks++;
      }
    },
    seen: () => ({ lastDate, blanks, endsDated }),
  };
}

/** Counts the entries of a slice, and its folders. A page that is read again adds no entries. */
function createTally(
  { page: firstPage, slice }: { page: number; slice: Slice },
  pageSize: number,
  known: SeenFolders,
) {
  const before = slice.shown ?? (firstPage - 1) * pageSize;
  const distinct = new SeenFolders();
  let [shown, furthest] = [before, slice.shown === undefined ? firstPage - 1 : firstPage];
  const hasKnown = known.size > 0;
  return (page: number, { totalCount, folders, unreadable = [] }: FolderPage) => {
    for (const { id } of folders) {
      distinct.add(id);
      known.add(id);
    }
    if (page > furthest) shown += folders.length + unreadable.length;
    furthest = Math.max(furthest, page);
    // With those that were shown before, to the folder: a count that is a page's own length proves nothing.
    const isAll = hasKnown && totalCount > shown && known.size === totalCount;
    return { shown, distinct: before + distinct.size, isAll };
  };
}

/** The folders that were not seen before. Those that cannot be read count as seen from here on. */
function notSeen({ folders, unreadable = [] }: FolderPage, seen: SeenFolders): Folder[] {
  const fresh = folders.filter(({ id }) => seen.add(id));
  for (const { id } of unreadable) if (id !== undefined) seen.add(id);
  return fresh;
}

/** Derives from the pages so far what comes next. */
function watchPages(
  pageSize: number,
  { isRepeat, isPart, known }: { isRepeat: boolean; isPart: boolean; known: number },
) {
  const countSlid = watchCount();
  let expected = 0;
  // The longest page so far: a server may return fewer folders than requested.
  let longest = 1;
  let barren = 0;

  function assess(
    page: number,
    { totalCount, folders, unreadable = [] }: FolderPage,
    { fresh, counted }: { fresh: number; counted: number },
  ) {
    const length = folders.length + unreadable.length;
    const isShort = length < pageSize && !mayBeCapped(page, length, longest);
    longest = Math.max(longest, length);
    // An empty page may be a mistake, and so may its count.
    expected = length === 0 ? Math.max(expected, totalCount) : totalCount;
    const isAll = expected > 0 && counted >= expected;
    // A repeated pass ends when it has seen what it was for. A count below that tells nothing.
    const isRepeated = isRepeat && !isPart && counted === expected;
    const isLast = length === 0 || (isAll && (isShort || isRepeated));
    const slid = length === 0 ? 0 : countSlid(totalCount);
    barren = fresh === 0 && slid === 0 ? barren + 1 : 0;
    // A count that is too low does not end the list: as long as pages show new folders, there may be more.
    const isBeyond = page > Math.ceil(Math.max(expected, counted) / longest) + barrenPagesMax;
    const isBarren = !isRepeat && !isPart && barren === barrenPagesMax;
    return { isLast, isBroken: isBeyond || isBarren, next: nextPage(page, slid, longest) };
  }

  return {
    assess,
    hasAnother: (page: number) => page * longest + known < expected,
    expected: () => expected,
  };
}

const nextPage = (page: number, slid: number, longest: number) =>
  slid > 0 ? Math.max(1, page - Math.ceil(slid / longest)) : page + 1;

/** Pages that are all equally short, or a first one of a round length, may be capped by the server. */
const mayBeCapped = (page: number, length: number, longest: number) =>
  page === 1 ? length >= 10 && length % 5 === 0 : length === longest;

/** How far the count fell since the previous page: so many folders slid forward. */
function watchCount(): (totalCount: number) => number {
  let before = 0;
  let returns = 0;
  return (totalCount) => {
    const slid = returns < returnsMax ? Math.max(0, before - totalCount) : 0;
    before = totalCount;
    if (slid > 0) returns++;
    return slid;
  };
}

/** Requests the next page while one is being processed: two requests at a time, at most. */
function createReadAhead(readPage: (page: number) => Promise<FolderPage>) {
  let next: { page: number; answer: Promise<Attempt<FolderPage>> } | undefined;

  async function read(page: number, andTheNext: boolean): Promise<FolderPage> {
    if (next !== undefined && next.page !== page) await close();
    const asked = next?.answer ?? attempt(readPage(page));
    next = andTheNext ? { page: page + 1, answer: attempt(readPage(page + 1)) } : undefined;
    const answer = await asked;
    if (answer.ok) return answer.value;
    await close();
    throw answer.error;
  }

  /** Waits until no request is under way. */
  async function close(): Promise<void> {
    await next?.answer;
    next = undefined;
  }

  return { read, close };
}
