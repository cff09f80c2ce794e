import type { Folder, FolderPage, UnreadableFolder } from '../../clavus/folder.ts';
import { attempt } from '../../framework/attempt.ts';
import { TryLater } from '../../framework/errors.ts';

/** So many folders in a row that cannot be read are a matter of Clavus. */
const failedMax = 10;

/** How often the parts of one page are gone back to, at most. */
const returnsMax = 10;

type ReadPart = (page: number, size: number) => Promise<FolderPage>;

/**
 * Reads pages of a size, in smaller parts where Clavus cannot answer for a whole one: it may be too heavy, or one folder
 * of it may be at fault. That folder is found, and named by its place.
 * @param parts the size that was found to work; later pages are read in parts of it
 */
export function createPageReader(pageSize: number, parts: number | undefined, readPart: ReadPart) {
  let size = parts !== undefined && pageSize % parts === 0 ? parts : pageSize;

  let failedInRow = 0;

  async function read(page: number, of: number): Promise<FolderPage> {
    const answer = await attempt(readPart(page, of));
    if (answer.ok) {
      failedInRow = 0;
      return answer.value;
    }
    const { error } = answer;
    if (!(error instanceof TryLater && error.isDivisible)) throw error;
    if (of === 1) {
      // Not one folder is at fault, then.
      if (++failedInRow === failedMax) throw error;
      return { totalCount: 0, folders: [], unreadable: [{ place: 0 }] };
    }
    return readInParts(page, of, of / smallestFactor(of));
  }

  /** @returns a page of `of` folders, read in parts of `part` */
  async function readInParts(page: number, of: number, part: number): Promise<FolderPage> {
    const count = of / part;
    const whole = joinParts(part);
    for (let nth = 0; nth < count; nth++) {
      const { isEmpty, back } = whole.add(nth, await read((page - 1) * count + nth + 1, part));
      if (isEmpty) break;
      nth = Math.max(-1, nth - back);
    }
    const joined = whole.page();
    // The page was too heavy as a whole: the next ones are, too.
    if (joined.unreadable === undefined) size = Math.min(size, part);
    return joined;
  }

  return {
    read: (page: number) => (size === pageSize ? read(page, pageSize) : readInParts(page, pageSize, size)),
    /** The size that works; `undefined` if whole pages do. */
    parts: () => (size === pageSize ? undefined : size),
  };
}

function smallestFactor(of: number): number {
  for (let factor = 2; factor * factor <= of; factor++) if (of % factor === 0) return factor;
  return of;
}

/** Joins the parts of a page. */
function joinParts(part: number) {
  const folders = new Map<string, Folder>();
  const unreadable = new Map<number, UnreadableFolder>();
  /** In which part a folder was seen last. */
  const places = new Map<string, number>();
  let [totalCount, returns] = [0, 0];

  /** How many folders have moved here from parts before this one. */
  function movedTo(nth: number, found: readonly Folder[]): number {
    const moved = found.filter(({ id }) => (places.get(id) ?? nth) < nth).length;
    for (const { id } of found) places.set(id, nth);
    return moved;
  }

  /**
   * @returns `back`: by how many parts to go back. Folders are gone, or have moved towards the end, and others have slid onto
   * parts that were read before
   */
  function add(nth: number, found: FolderPage): { isEmpty: boolean; back: number } {
    for (const folder of found.folders) folders.set(folder.id, folder);
    const moved = movedTo(nth, found.folders);
    for (const one of found.unreadable ?? [])
      unreadable.set(nth * part + one.place, { ...one, place: nth * part + one.place });
    const length = found.folders.length + (found.unreadable ?? []).length;
    // A part's own length says nothing about the whole list.
    const isOwn = found.totalCount <= length;
    const gone = isOwn ? 0 : Math.max(0, totalCount - found.totalCount);
    const slid = gone + moved;
    totalCount = isOwn ? Math.max(totalCount, found.totalCount) : found.totalCount;
    const back = slid > 0 && ++returns <= returnsMax ? Math.ceil(slid / part) + 1 : 0;
    return { isEmpty: length === 0, back };
  }

  const page = (): FolderPage => ({
    totalCount,
    folders: [...folders.values()],
    ...(unreadable.size > 0 ? { unreadable: [...unreadable.values()] } : {}),
  });

  return { add, page };
}
