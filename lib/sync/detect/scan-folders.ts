import { type Slice, type SliceDependencies, type SliceEnd, scanSlice } from './scan-slice.ts';

/**
 * `end`: there are no more pages. `totalCount`: how many folders Clavus counts, which is evidence, and no proof.
 * `ceiling`: slices showed folders that the list does not. `isCut`: the list may end before its end, and cannot be sliced
 * any further. `stopped`: by `onPage`. `broken`: the pages repeat themselves.
 */
export type ScanEnd =
  | { kind: 'end'; totalCount: number; ceiling: number | undefined; isCut: boolean }
  | { kind: 'stopped' }
  | { kind: 'broken' };

/** Where the lists of search engines end by default. */
const knownCeilings: readonly number[] = [1_000, 10_000];
/** Where other lists end. One of so many folders is believed if Clavus counts as many, or a slice shows no more. */
const commonLimits: readonly number[] = [
  100, 200, 250, 500, 2_000, 2_500, 5_000, 20_000, 25_000, 50_000, 100_000,
];

/**
 * Reads Clavus' list from a page on to its end, in slices if it ends too early. A list is not believed if it ends where
 * lists of search engines do. Nor if it ends at a round number before all that Clavus counts. A slice from its last date
 * on shows whether there is more.
 */
export async function scanFolders(
  first: { page: number; slice: Slice },
  dependencies: SliceDependencies,
): Promise<ScanEnd> {
  const list = watchSlices(dependencies);
  for (let next: typeof first | undefined = first; ; ) {
    const end = await scanSlice(next, dependencies);
    if (end.kind !== 'end') return end;
    const assessed = list.assess(next.slice, end);
    if ('end' in assessed) return assessed.end;
    next = { page: 1, slice: assessed.slice };
  }
}

/** Derives from the slices so far whether there may be more. */
function watchSlices(dependencies: SliceDependencies) {
  let { ceiling } = dependencies;
  let shownBefore: number | undefined;
  let counted: number | undefined;
  let isSliced = false;

  function assess(
    slice: Slice,
    { shown, fresh, totalCount, lastDate }: Extract<SliceEnd, { kind: 'end' }>,
  ): { slice: Slice } | { end: ScanEnd } {
    counted ??= totalCount;
    if (shownBefore !== undefined && fresh > 0) {
      // There was more behind the end of the slice before.
      isSliced = true;
      ceiling = shownBefore;
    }
    shownBefore = shown;
    const isAtCeiling = shown >= (ceiling ?? Number.POSITIVE_INFINITY) || mayBeCut(shown, totalCount);
    const next = isWorthASlice(shown, isAtCeiling) ? nextSlice(slice, lastDate, dependencies) : undefined;
    if (next !== undefined) return { slice: next };
    // A count that is not above the ceiling may be that of the cut list.
    const isCounted = !isSliced || counted > (ceiling ?? 0);
    return {
      end: {
        kind: 'end',
        totalCount: isCounted ? counted : 0,
        ceiling: isSliced ? ceiling : undefined,
        isCut: isAtCeiling,
      },
    };
  }

  return { assess };
}

/** A slice costs little, so that one is also read where nothing else speaks for more. */
const isWorthASlice = (shown: number, isAtCeiling: boolean) => isAtCeiling || commonLimits.includes(shown);

/** Whether a list of so many entries is not believed. A count below them explains nothing. */
function mayBeCut(shown: number, totalCount: number): boolean {
  if (knownCeilings.includes(shown)) return true;
  if (shown < totalCount) return shown > 0 && shown % 100 === 0;
  return commonLimits.includes(shown) && shown !== totalCount;
}

/** `undefined` if the list cannot be sliced (any further). */
function nextSlice(
  slice: Slice,
  lastDate: string | undefined,
  { dateOf }: SliceDependencies,
): Slice | undefined {
  if (dateOf === undefined) return undefined;
  if (!slice.isSorted) return { isSorted: true, isPart: true };
  return lastDate === undefined || lastDate === slice.after
    ? undefined
    : { isSorted: true, after: lastDate, isPart: true };
}
