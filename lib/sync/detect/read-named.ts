import type { Folder } from '../../clavus/folder.ts';
import { attempt } from '../../framework/attempt.ts';
import { chunks } from '../../framework/chunks.ts';
import { isAboutSome } from './is-refusal.ts';

/** Folders in one `getValuesByIds`: the guide shows one and names no limit (assumption). */
const foldersPerLookup = 50;

/** So many folders in a row that cannot be read are a matter of Clavus. */
const failedMax = 10;

/** So many folders are in every answer, if they exist (assumption). */
const trustedLeast = 5;

type ReadNamed = {
  getValuesByIds(folderIds: readonly string[]): Promise<Folder[]>;
  /** The mapped fields whose columns a folder has. An answer with none of them is not believed. */
  shows(folder: Folder): readonly unknown[];
};

/**
 * `missing`: Clavus does not know them. `unreadable`: Clavus has them, and gives no answer that can be read. `rest`: not
 * looked at, because time ran out.
 */
export type NamedFolders = { missing: string[]; unreadable: string[]; rest: string[] };

/**
 * Reads folders by their ids, in parts. A part that cannot be read is halved. Clavus may allow fewer ids at once, or
 * one folder is at fault.
 * @param goesOn asked before each request after the first answer: `false` leaves the rest
 */
export async function readNamed(
  folderIds: readonly string[],
  { getValuesByIds, shows }: ReadNamed,
  take: (folders: Folder[]) => Promise<unknown>,
  goesOn: () => Promise<boolean> = async () => true,
): Promise<NamedFolders> {
  const named: NamedFolders = { missing: [], unreadable: [], rest: [] };
  let [isAnswered, isStopped] = [false, false];
  let [size, failedInRow, trusted] = [foldersPerLookup, 0, trustedLeast];

  async function read(asked: readonly string[]): Promise<void> {
    // One answer at least, or polls that have no time left would never end.
    isStopped ||= isAnswered && !(await goesOn());
    if (isStopped) {
      named.rest.push(...asked);
      return;
    }
    const answer = await attempt(getValuesByIds(asked));
    if (!answer.ok) return readHalves(asked, answer.error);
    isAnswered = true;
    failedInRow = 0;
    const folders = answer.value.filter((folder) => shows(folder).length > 0);
    const read = new Set(folders.map(({ id }) => id));
    const found = new Set(answer.value.map(({ id }) => id));
    named.unreadable.push(...asked.filter((id) => found.has(id) && !read.has(id)));
    await take(folders);
    trusted = Math.max(trusted, found.size);
    await readMissing(asked, found);
  }

  /** An answer may be cut without a word. Only one that is no longer than others were proves that a folder is missing. */
  async function readMissing(asked: readonly string[], found: ReadonlySet<string>): Promise<void> {
    const missing = asked.filter((id) => !found.has(id));
    if (asked.length <= trusted) named.missing.push(...missing);
    else for (const part of chunks(missing, trusted)) await read(part);
  }

  async function readHalves(asked: readonly string[], error: unknown): Promise<void> {
    if (!isAboutSome(error)) throw error;
    if (asked.length === 1) {
      // So many in a row are a matter of Clavus. One alone is at fault itself, not the number.
      if (++failedInRow === failedMax) throw error;
      named.unreadable.push(...asked);
      isAnswered = true;
      size = foldersPerLookup;
      return;
    }
    size = Math.ceil(asked.length / 2);
    for (const half of chunks(asked, size)) await read(half);
  }

  for (let at = 0; at < folderIds.length; ) {
    const asked = folderIds.slice(at, at + size);
    at += asked.length;
    await read(asked);
  }
  return named;
}
