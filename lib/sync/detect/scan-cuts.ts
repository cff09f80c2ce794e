import type { Folder } from '../../clavus/folder.ts';
import { type Cuts, readSlice, scanRanges, type TextOf } from './scan-ranges.ts';
import type { Slice, SliceDependencies } from './scan-slice.ts';

/** By what a list may be cut where a date does not help. */
export type CutBy = {
  /** The columns of the configuration. */
  columns(): readonly string[];
  textOf: TextOf;
  /** The ranges that worked in an earlier scan, or in this one before the poll ended. */
  known?: Cuts | undefined;
};

export type CutsEnd =
  /** Every folder was shown. `cuts`: how. */
  | { kind: 'whole'; cuts: Cuts }
  /** Folders may be missing. `blank`: those without a value in this column cannot be asked for. */
  | { kind: 'hidden'; blank?: string }
  | { kind: 'stopped' }
  | { kind: 'broken' };

/** So many columns are tried. */
const columnsMax = 3;
/** So many values of a column are asked for one by one. */
const valuesMax = 200;
/** After so many that the server overlooks, none is asked for any more. */
const unprovedMax = 3;

type Groups = { column: string; sizes: Map<string, number>; largest: number };

/** The columns by the sizes of the groups of folders that share a value; the finest first. */
function groupsOf(sample: readonly Folder[], { columns, textOf }: CutBy): Groups[] {
  const groups = columns().map((column) => {
    const sizes = new Map<string, number>();
    for (const folder of sample) {
      const value = textOf(folder, column) ?? '';
      sizes.set(value, (sizes.get(value) ?? 0) + 1);
    }
    return { column, sizes, largest: Math.max(...sizes.values()) };
  });
  return groups.sort((one, other) => one.largest - other.largest);
}

/**
 * Reads a list that ends at a ceiling in ranges of a column, then the folders without a value there. Where no column can
 * be asked for ranges, it reads the values of one that the sample shows, one by one.
 * @param sample folders that the list shows
 */
export async function scanByValues(
  { sample, ceiling, cutBy }: { sample: readonly Folder[]; ceiling: number; cutBy: CutBy },
  dependencies: SliceDependencies,
): Promise<CutsEnd> {
  const groups = groupsOf(sample, cutBy);
  let blank: string | undefined;
  for (const { column, sizes, largest } of groups.slice(0, columnsMax)) {
    if (2 * largest > sample.length) break;
    const hasBlanks = sizes.has('');
    const end = await scanByRanges({ column, bounds: [] }, { ceiling, cutBy, hasBlanks }, dependencies);
    if (end.kind === 'whole' || end.kind === 'stopped' || end.kind === 'broken') return end;
    if (end.kind === 'hidden') blank = column;
  }
  if (blank !== undefined) return { kind: 'hidden', blank };
  const few = groups.find(({ sizes }) => sizes.size > 1 && sizes.size <= valuesMax);
  return few === undefined
    ? { kind: 'hidden' }
    : readValues(few, { ceiling, textOf: cutBy.textOf }, dependencies);
}

/** Reads all ranges of a column, and the folders without a value in it. */
export async function scanByRanges(
  cuts: Cuts,
  {
    ceiling,
    cutBy: { textOf },
    hasBlanks = false,
    first,
  }: {
    ceiling: number;
    cutBy: CutBy;
    /** A folder without a value in the column is known. */
    hasBlanks?: boolean;
    first?: { page: number; slice: Slice } | undefined;
  },
  dependencies: SliceDependencies,
): Promise<CutsEnd | { kind: 'unfit' }> {
  const { column } = cuts;
  const isAtBlanks = first?.slice.only !== undefined;
  const end = isAtBlanks
    ? ({ kind: 'whole', bounds: [...cuts.bounds], blanks: 0 } as const)
    : await scanRanges({ ...cuts, ceiling, textOf, first }, dependencies);
  if (end.kind !== 'whole') return end;
  const blanks = await readBlanks(
    { slice: { isSorted: true, isPart: true, column, ceiling, only: '' }, ceiling },
    (folder) => (textOf(folder, column) ?? '') === '',
    dependencies,
  );
  if (blanks === 'stopped' || blanks === 'broken') return { kind: blanks };
  // Ranges that showed some show all: to such a server, no text lies before all others.
  const isShown = blanks === 'shown' || end.blanks > 0 || (blanks !== 'over' && !hasBlanks);
  return isShown
    ? { kind: 'whole', cuts: { column, bounds: end.bounds } }
    : { kind: 'hidden', blank: column };
}

/**
 * Reads the folders without a value. What a server does with an empty value is not in the guide: only an answer of such
 * folders is believed.
 * @returns `none`: it shows none. `unproved`: it shows others, or refuses. `over`: as many as it ever shows
 */
export async function readBlanks(
  { slice, ceiling }: { slice: Slice; ceiling: number },
  isBlank: (folder: Folder) => boolean,
  dependencies: SliceDependencies,
): Promise<'shown' | 'none' | 'unproved' | 'over' | 'stopped' | 'broken'> {
  const end = await readSlice({ page: 1, slice }, dependencies, { ceiling, belongs: isBlank });
  if (end.kind !== 'end') return end.kind;
  return end.shown > 0 ? 'shown' : 'none';
}

/**
 * Reads the values of a column one by one. They are those of the folders that the list shows: others may exist, so that
 * this proves nothing of the whole.
 */
async function readValues(
  { column, sizes }: Groups,
  { ceiling, textOf }: { ceiling: number; textOf: TextOf },
  dependencies: SliceDependencies,
): Promise<CutsEnd> {
  let unproved = 0;
  for (const value of sizes.keys()) {
    const slice = { isSorted: false, isPart: true, column, only: value };
    const belongs = (folder: Folder) => (textOf(folder, column) ?? '') === value;
    const end = await readSlice({ page: 1, slice }, dependencies, { ceiling, belongs });
    if (end.kind === 'stopped' || end.kind === 'broken') return end;
    if (end.kind === 'unproved' && ++unproved === unprovedMax) break;
  }
  return { kind: 'hidden' };
}
