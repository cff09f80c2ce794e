import type { Folder } from '../../clavus/folder.ts';
import { attempt } from '../../framework/attempt.ts';
import { SeenFolders } from '../../state/seen-folders.ts';
import { isRefusal } from './is-refusal.ts';
import {
  type Slice,
  type SliceDependencies,
  type SliceEnd,
  type SliceLimits,
  scanSlice,
} from './scan-slice.ts';
import { cutOf, mayLieIn, middleCut } from './value-order.ts';

/** The column by whose values a list is cut into ranges, and the values at which they begin, in the order of reading. */
export type Cuts = { column: string; bounds: readonly string[] };

/** The text of a folder's column; empty if it is blank, `undefined` if the folder does not show it. */
export type TextOf = (folder: Folder, column: string) => string | undefined;

type Range = {
  from?: string | undefined;
  to?: string | undefined;
  /** It is likely to fit below the ceiling. */
  isSure: boolean;
  /** A folder with the value that it begins with was just seen. */
  isFresh: boolean;
  /** Its folders that were shown before. */
  known?: SeenFolders | undefined;
};

type RangesPlan = Cuts & {
  ceiling: number;
  textOf: TextOf;
  /** Where an earlier poll stopped. */
  first?: { page: number; slice: Slice } | undefined;
};

/** `unfit`: the server cannot be asked for ranges of this column, or more folders than it shows have one value. */
export type RangesEnd =
  | { kind: 'whole'; bounds: string[]; blanks: number }
  | { kind: 'stopped' }
  | { kind: 'broken' }
  | { kind: 'unfit' };

/** A range begins with so much of the ceiling to spare: it may grow until the next scan. */
const spareShare = 0.01;
/** Two neighbours that fill less of the ceiling than this together become one. */
const mergeShare = 0.9;
/** So many ranges in a row that do not fit are a matter of the server. */
const misfitsMax = 30;

/**
 * Reads the folders with a value in a column, in ranges that each stay below the ceiling. One range ends where the next
 * begins. Whatever the order of the server is, each value lies in one of them. What a range shows must lie in it.
 */
export async function scanRanges(plan: RangesPlan, dependencies: SliceDependencies): Promise<RangesEnd> {
  const todo = rangesOf(plan);
  const sizes: { from: string | undefined; size: number }[] = [];
  let [blanks, misfits] = [0, 0];
  let page = plan.first?.slice.isPeek ? 1 : (plan.first?.page ?? 1);
  for (let range = todo.pop(); range !== undefined; range = todo.pop()) {
    const read = await readOrCut(range, page, plan, dependencies);
    if (read.kind === 'cut') {
      misfits++;
      page = 1;
      todo.push(...read.ranges);
      if (misfits === misfitsMax) return { kind: 'unfit' };
    } else if (read.kind === 'read') {
      misfits = 0;
      blanks += read.blanks;
      sizes.push({ from: range.from, size: page > 1 ? plan.ceiling : read.size });
      page = 1;
    } else return read;
  }
  return { kind: 'whole', bounds: [...boundsBefore(plan), ...mergedBounds(sizes, plan.ceiling)], blanks };
}

/** Reads a range; cuts it where it does not fit below the ceiling, or is not likely to. */
async function readOrCut(
  range: Range,
  page: number,
  plan: RangesPlan,
  dependencies: SliceDependencies,
): Promise<RangeRead> {
  if (!range.isSure) {
    const peeked = await peek(range, plan, dependencies);
    if (peeked.kind !== 'fits') return peeked;
  }
  const read = await readRange({ range, page }, plan, dependencies);
  if (read.kind !== 'over') return read;
  const { cut } = read;
  return {
    kind: 'cut',
    ranges: cut === undefined ? [{ ...range, isSure: false }] : cutAt(range, cut, { isSure: true }),
  };
}

/** Both parts of a range, the first one last. */
const cutAt = (
  range: Range,
  cut: string,
  { isSure, known }: { isSure: boolean; known?: SeenFolders },
): Range[] => [
  { from: cut, to: range.to, isSure, isFresh: true },
  { ...range, to: cut, isSure: true, known },
];

/** The ranges to read, the next one last. */
function rangesOf({ bounds, first }: RangesPlan): Range[] {
  const { from, to, isPeek = false } = first?.slice ?? {};
  const next = to === undefined ? -1 : bounds.indexOf(to);
  const others = next >= 0 ? bounds.slice(next) : to === undefined ? [] : [to];
  const starts = first === undefined ? [undefined, ...bounds] : [from, ...others];
  const isKnown = first === undefined ? bounds.length > 0 : next >= 0;
  return starts
    .map((start, index) => ({
      from: start,
      to: starts[index + 1],
      isSure: first !== undefined && index === 0 ? !isPeek : isKnown,
      isFresh: false,
    }))
    .reverse();
}

/** The bounds of ranges that an earlier poll read. */
function boundsBefore({ bounds, first }: RangesPlan): string[] {
  const from = first?.slice.from;
  if (from === undefined || !bounds.includes(from)) return [];
  return bounds.slice(0, bounds.indexOf(from));
}

function mergedBounds(
  sizes: readonly { from: string | undefined; size: number }[],
  ceiling: number,
): string[] {
  const bounds: string[] = [];
  let filled = 0;
  for (const [index, { from, size }] of sizes.entries()) {
    const joins = index > 0 && filled + size < mergeShare * ceiling;
    filled = joins ? filled + size : size;
    if (from !== undefined && !joins) bounds.push(from);
  }
  return bounds;
}

const sliceOf = ({ from, to }: Range, { column, ceiling }: RangesPlan): Slice => ({
  isSorted: true,
  isPart: true,
  column,
  ceiling,
  from,
  to,
});

type Peeked = { kind: 'fits' } | { kind: 'unfit' } | { kind: 'stopped' } | { kind: 'cut'; ranges: Range[] };

/** Looks at the last page that a range shows: if there is one, the range is cut at one of its values. */
async function peek(
  range: Range,
  plan: RangesPlan,
  { pageSize, readPage, seen, onPage }: SliceDependencies,
): Promise<Peeked> {
  const { ceiling, column, textOf } = plan;
  const page = Math.max(1, Math.ceil(ceiling / pageSize));
  const slice = { ...sliceOf(range, plan), isPeek: true };
  const answer = await attempt(readPage(page, slice));
  if (!answer.ok) {
    if (isRefusal(answer.error)) return { kind: 'unfit' };
    throw answer.error;
  }
  const { folders, unreadable = [] } = answer.value;
  if (folders.length === 0) return { kind: 'fits' };
  const values = folders.map((folder) => textOf(folder, column) ?? '');
  if (!values.every((value) => mayLieIn(value, range))) return { kind: 'unfit' };
  const fresh = folders.filter(({ id }) => seen.add(id));
  if (!(await onPage({ page, slice, folders, fresh, unreadable, isLast: false }))) return { kind: 'stopped' };
  const found = cutOf(values, range, Math.ceil(spareShare * ceiling));
  if (found === undefined) return { kind: 'unfit' };
  const known = new SeenFolders();
  for (const { id } of folders.slice(0, found.before)) known.add(id);
  return { kind: 'cut', ranges: cutAt(range, found.cut, { isSure: false, known }) };
}

type RangeRead =
  | { kind: 'read'; size: number; blanks: number }
  | { kind: 'cut'; ranges: Range[] }
  | RangesFailure;
type RangesFailure = { kind: 'stopped' } | { kind: 'broken' } | { kind: 'unfit' };

async function readRange(
  { range, page }: { range: Range; page: number },
  plan: RangesPlan,
  dependencies: SliceDependencies,
): Promise<Exclude<RangeRead, { kind: 'cut' }> | { kind: 'over'; cut: string | undefined }> {
  const { ceiling, column, textOf } = plan;
  let blanks = 0;
  const values: string[] = [];
  let showsFirst = !range.isFresh;
  const belongs = (folder: Folder) => {
    const value = textOf(folder, column) ?? '';
    if (value === '') blanks++;
    if (values.length < dependencies.pageSize) values.push(value);
    showsFirst ||= value === range.from;
    return mayLieIn(value, range);
  };
  const end = await readSlice({ page, slice: sliceOf(range, plan) }, dependencies, {
    ceiling,
    belongs,
    known: range.known,
  });
  if (end.kind === 'unproved') return { kind: 'unfit' };
  if (end.kind === 'over') return { kind: 'over', cut: middleCut(values, range) };
  if (end.kind !== 'end') return end;
  // A range is cut where there are folders: one that shows none, or not the one that it begins with, proves nothing.
  return end.shown > 0 && showsFirst ? { kind: 'read', size: end.shown, blanks } : { kind: 'unfit' };
}

/** Reads a slice by conditions. `unproved` also if the server refuses them. */
export async function readSlice(
  first: { page: number; slice: Slice },
  dependencies: SliceDependencies,
  limits: SliceLimits,
): Promise<SliceEnd> {
  let refused: unknown;
  const readPage: SliceDependencies['readPage'] = async (page, slice) => {
    const answer = await attempt(dependencies.readPage(page, slice));
    if (answer.ok) return answer.value;
    if (isRefusal(answer.error)) refused = answer.error;
    throw answer.error;
  };
  const end = await attempt(scanSlice(first, { ...dependencies, readPage }, limits));
  if (end.ok) return end.value;
  if (end.error === refused) return { kind: 'unproved' };
  throw end.error;
}
