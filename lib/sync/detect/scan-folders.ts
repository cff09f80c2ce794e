import type { Folder } from '../../clavus/folder.ts';
import { type CutBy, type CutsEnd, readBlanks, scanByRanges, scanByValues } from './scan-cuts.ts';
import type { Cuts } from './scan-ranges.ts';
import { type Slice, type SliceDependencies, type SliceEnd, scanSlice } from './scan-slice.ts';

/**
 * `end`: there are no more pages. `totalCount`: how many folders Clavus counts, which is evidence, and no proof.
 * `ceiling`: slices showed folders that the list does not. `isCut`: the list may end before its end, and cannot be sliced
 * any further. `blank`: because folders without a value cannot be asked for, in this column, or in that of the date (empty
 * text). `cuts`: the ranges of a column that showed all. `stopped`: by `onPage`. `broken`: the pages repeat themselves.
 */
export type ScanEnd =
  | {
      kind: 'end';
      totalCount: number;
      ceiling: number | undefined;
      isCut: boolean;
      blank?: string | undefined;
      cuts?: Cuts | undefined;
    }
  | { kind: 'stopped' }
  | { kind: 'broken' };

type ListEnd = Extract<ScanEnd, { kind: 'end' }>;

type ScanDependencies = SliceDependencies & {
  /** Absent: the list is cut by dates only. */
  cutBy?: CutBy | undefined;
};

/** Where the lists of search engines end by default. */
export const knownCeilings: readonly number[] = [1_000, 10_000];
/** Where other lists end. One of so many folders is believed if Clavus counts as many, or a slice shows no more. */
const commonLimits: readonly number[] = [
  100, 200, 250, 500, 2_000, 2_500, 5_000, 20_000, 25_000, 50_000, 100_000,
];

/** As many folders show which column has fine enough values. */
const sampleMax = 1_000;

/**
 * Reads Clavus' list from a page on to its end, in slices if it ends too early. A list is not believed if it ends where
 * lists of search engines do. Nor if it ends at a round number before all that Clavus counts. A slice from its last date
 * on shows whether there is more. Where dates do not help, ranges of another column do.
 */
export async function scanFolders(
  first: { page: number; slice: Slice },
  given: ScanDependencies,
): Promise<ScanEnd> {
  const dependencies = { ...given, onPage: savingParts(given) };
  if (isOfUndated(first.slice)) {
    const { ceiling } = first.slice;
    return withUndated({ kind: 'end', totalCount: 0, ceiling, isCut: false }, false, dependencies);
  }
  const remembered = await scanRemembered(first, dependencies);
  if (remembered !== undefined) return remembered;
  const sample: Folder[] = [];
  const onPage: SliceDependencies['onPage'] = (page) => {
    if (given.cutBy !== undefined && sample.length < sampleMax) sample.push(...page.folders);
    return dependencies.onPage(page);
  };
  const isInRanges = first.slice.column !== undefined;
  const start = isInRanges ? { page: 1, slice: { isSorted: given.dateOf !== undefined } } : first;
  const { end, ceiling } = await scanList(start, { ...dependencies, onPage });
  if (end.kind !== 'end' || !end.isCut || given.cutBy === undefined) return end;
  const cut = await scanByValues({ sample, ceiling, cutBy: given.cutBy }, dependencies);
  return endOf(cut, end, { ceiling, seen: given.seen.size });
}

/** Reads the list, in slices by its date if it ends too early. */
async function scanList(
  first: { page: number; slice: Slice },
  dependencies: SliceDependencies,
): Promise<{ end: ScanEnd; ceiling: number }> {
  const list = watchSlices(dependencies);
  for (let next = first; ; ) {
    const read = await scanSlice(next, dependencies);
    if (read.kind === 'stopped' || read.kind === 'broken') return { end: read, ceiling: 0 };
    if (read.kind !== 'end') throw new Error('A slice without conditions has no limits');
    const assessed = list.assess(next.slice, read);
    if ('slice' in assessed) {
      next = { page: 1, slice: assessed.slice };
      continue;
    }
    return { end: await withUndated(assessed.end, list.undated(), dependencies), ceiling: list.ceiling() };
  }
}

/** Reads the ranges that are known, or goes on in them; `undefined` if there are none, or they do not work any more. */
async function scanRemembered(
  first: { page: number; slice: Slice },
  dependencies: ScanDependencies,
): Promise<ScanEnd | undefined> {
  const { cutBy } = dependencies;
  const { column, only, after, ceiling = dependencies.ceiling } = first.slice;
  if (cutBy?.known === undefined || ceiling === undefined || after !== undefined) return undefined;
  if (!cutBy.columns().includes(cutBy.known.column)) return undefined;
  const isResumed = column === cutBy.known.column && (only === undefined || only === '');
  if (!isResumed && (first.page > 1 || column !== undefined || only !== undefined)) return undefined;
  const at = isResumed ? { first } : {};
  const end = await scanByRanges(cutBy.known, { ceiling, cutBy, ...at }, dependencies);
  if (end.kind === 'unfit' || end.kind === 'hidden') return undefined;
  return endOf(end, { kind: 'end', totalCount: 0, ceiling, isCut: false }, { ceiling, seen: 0 });
}

/** @param seen how many folders all of the scan has shown */
function endOf(end: CutsEnd, before: ListEnd, { ceiling, seen }: { ceiling: number; seen: number }): ScanEnd {
  if (end.kind === 'stopped' || end.kind === 'broken') return end;
  // A count that is not above the ceiling may be that of the cut list.
  const totalCount = before.totalCount > ceiling ? before.totalCount : 0;
  if (end.kind === 'whole') return { kind: 'end', totalCount, ceiling, isCut: false, cuts: end.cuts };
  // What shows the known values only is whole by a count that reaches beyond the ceiling, and by nothing else.
  const isCut = totalCount === 0 || seen < totalCount;
  return { ...before, ceiling, isCut, blank: end.blank ?? before.blank };
}

const isOfUndated = ({ column, only }: Slice) => column === undefined && only !== undefined;

/**
 * Reads the folders without a date as well, which no slice from a date on shows.
 * @param isKnown whether there are some: then the list is cut if they cannot be asked for
 */
async function withUndated(
  end: ListEnd,
  isKnown: boolean,
  dependencies: SliceDependencies,
): Promise<ScanEnd> {
  const { dateOf } = dependencies;
  const { ceiling, isCut } = end;
  if (isCut || ceiling === undefined || dateOf === undefined) return end;
  const slice = { isSorted: true, isPart: true, ceiling, only: '' };
  const read = await readBlanks({ slice, ceiling }, (folder) => dateOf(folder) === undefined, dependencies);
  if (read === 'stopped' || read === 'broken') return { kind: read };
  const isHidden = read === 'over' || (read !== 'shown' && isKnown);
  return isHidden ? { ...end, isCut: true, blank: '' } : end;
}

/** The last page of a slice is not the last of the scan, unless its list is too short to be cut. */
const savingParts =
  ({ onPage, ceiling = Number.POSITIVE_INFINITY }: SliceDependencies): SliceDependencies['onPage'] =>
  (page) => {
    const { shown = 0, isPart = false } = page.slice;
    const mayGoOn = isPart || shown >= ceiling || (shown > 0 && shown % 100 === 0);
    return onPage({ ...page, isLast: page.isLast && !mayGoOn });
  };

/** Derives from the slices so far whether there may be more. */
function watchSlices(dependencies: SliceDependencies) {
  let { ceiling } = dependencies;
  let shownBefore: number | undefined;
  let counted: number | undefined;
  let isSliced = false;
  let undated = false;

  function assess(
    slice: Slice,
    { shown, fresh, totalCount, lastDate, blanks, endsDated }: Extract<SliceEnd, { kind: 'end' }>,
  ): { slice: Slice } | { end: ListEnd } {
    counted ??= totalCount;
    // In the order of the date, those without one that stand in front are all of them.
    undated ||= blanks > 0 && !(slice.isSorted && endsDated);
    if (shownBefore !== undefined && fresh > 0) {
      // There was more behind the end of the slice before.
      isSliced = true;
      ceiling = shownBefore;
    }
    shownBefore = shown;
    const isAtCeiling = shown >= (ceiling ?? Number.POSITIVE_INFINITY) || mayBeCut(shown, totalCount);
    // A slice begins with the last folder of the one before: without it, the server does not take the condition.
    const isEmpty = slice.after !== undefined && shown === 0;
    const next = isWorthASlice(shown, isAtCeiling) ? nextSlice(slice, lastDate, dependencies) : undefined;
    if (next !== undefined) return { slice: next };
    return {
      end: {
        kind: 'end',
        totalCount: countOf(counted),
        ceiling: isSliced ? ceiling : undefined,
        isCut: isAtCeiling || isEmpty,
      },
    };
  }

  // A count that is not above the ceiling may be that of the cut list.
  const countOf = (counted: number) => (isSliced && counted <= (ceiling ?? 0) ? 0 : counted);

  return { assess, undated: () => undated, ceiling: () => ceiling ?? shownBefore ?? 0 };
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
