import type { Folder } from '../../clavus/folder.ts';
import { type Attempt, attempt } from '../../framework/attempt.ts';
import type { SeenFolders } from '../../state/seen-folders.ts';

export type FolderPage = { totalCount: number; folders: Folder[] };

export type ScanDependencies = {
  /** How many folders a page request asks for. */
  pageSize: number;
  /** Pages are numbered from 1. */
  readPage(page: number): Promise<FolderPage>;
  /** What the scan has seen so far; it grows with every page. */
  seen: SeenFolders;
  /** All pages were read before, so it is normal that none shows anything new. */
  isRepeat: boolean;
  /** Called after each page, with its folders that were not seen before. `false`: stop here. */
  onPage(page: { page: number; fresh: Folder[]; isLast: boolean }): Promise<boolean>;
};

/**
 * `end`: there are no more pages; as many folders as `totalCount` should have been seen. `stopped`: by `onPage`.
 * `broken`: the pages repeat themselves.
 */
export type ScanEnd = { kind: 'end'; totalCount: number } | { kind: 'stopped' } | { kind: 'broken' };

/**
 * Numbered pages shift while they are read. One page without a new folder is normal; many in a row mean a broken
 * answer.
 */
const barrenPagesMax = 3;
/** How often one scan goes back at most. The number of folders shows what it then misses. */
const returnsMax = 50;

/**
 * Reads Clavus' pages from one on to the end. An empty page is the end. A short page is the end only if as many folders
 * were seen as Clavus counts: a server may cap its pages. If the count falls, folders behind the deleted ones slid
 * forward, past the next page. Then the scan goes back as many pages as they may have slid.
 */
export async function scanFolders(
  firstPage: number,
  { pageSize, readPage, seen, isRepeat, onPage }: ScanDependencies,
): Promise<ScanEnd> {
  const reader = createReadAhead(readPage);
  const pages = watchPages(pageSize, isRepeat);
  for (let page = firstPage; ; ) {
    const answer = await reader.read(page, pages.hasAnother(page));
    const fresh = answer.folders.filter(({ id }) => seen.add(id));
    const { isLast, isBroken, next } = pages.assess(page, answer, { fresh: fresh.length, seen: seen.size });
    const goesOn = await onPage({ page, fresh, isLast });
    if (goesOn && !isLast && !isBroken) {
      page = next;
      continue;
    }
    await reader.close();
    if (!goesOn) return { kind: 'stopped' };
    return isLast ? { kind: 'end', totalCount: pages.expected() } : { kind: 'broken' };
  }
}

/** Derives from the pages so far what comes next. */
function watchPages(pageSize: number, isRepeat: boolean) {
  const countSlid = watchCount();
  let expected = 0;
  // The longest page so far: a server may return fewer folders than requested.
  let longest = 1;
  let barren = 0;

  function assess(
    page: number,
    { totalCount, folders: { length } }: FolderPage,
    { fresh, seen }: { fresh: number; seen: number },
  ) {
    longest = Math.max(longest, length);
    // An empty page may be a mistake, and so may its count.
    expected = length === 0 ? Math.max(expected, totalCount) : totalCount;
    const isLast = length === 0 || (length < pageSize && seen >= expected);
    const slid = length === 0 ? 0 : countSlid(totalCount);
    barren = fresh === 0 && slid === 0 ? barren + 1 : 0;
    const isBeyond = page > Math.ceil(expected / longest) + barrenPagesMax;
    const isBroken = isBeyond || (!isRepeat && barren === barrenPagesMax);
    return { isLast, isBroken, next: slid > 0 ? Math.max(1, page - Math.ceil(slid / longest)) : page + 1 };
  }

  return { assess, hasAnother: (page: number) => page * longest < expected, expected: () => expected };
}

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
function createReadAhead(readPage: ScanDependencies['readPage']) {
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
