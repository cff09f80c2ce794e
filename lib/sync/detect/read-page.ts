import type { FolderPage, UnreadableFolder } from '../../clavus/folder.ts';
import { attempt } from '../../framework/attempt.ts';
import { TryLater } from '../../framework/errors.ts';

/** So many folders in a row that cannot be read are a matter of Clavus. */
const failedMax = 10;

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
    const folders: FolderPage['folders'] = [];
    const unreadable: UnreadableFolder[] = [];
    let totalCount = 0;
    for (let nth = 0; nth < count; nth++) {
      const found = await read((page - 1) * count + nth + 1, part);
      const before = nth * part;
      folders.push(...found.folders);
      unreadable.push(...(found.unreadable ?? []).map((one) => ({ ...one, place: before + one.place })));
      totalCount = Math.max(totalCount, found.totalCount);
      if (found.folders.length + (found.unreadable ?? []).length === 0) break;
    }
    // The page was too heavy as a whole: the next ones are, too.
    if (unreadable.length === 0) size = Math.min(size, part);
    return { totalCount, folders, ...(unreadable.length > 0 ? { unreadable } : {}) };
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
