import type { Folder } from '../../clavus/folder.ts';
import { chunks } from '../../framework/chunks.ts';
import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { fingerprint } from '../../mapping/fingerprint.ts';
import type { MappedFolder } from '../../mapping/map-folder.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { CursorStore, UnreadableAt } from '../../state/cursor.ts';
import type { UnmatchedOwner } from '../../state/directory.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import { SeenFolders } from '../../state/seen-folders.ts';
import { unmatchedKey } from './report-unmatched.ts';
import { childRowIds, type FoundFolder, unmappableParts, writeMapped } from './write-mapped.ts';

export type DetectDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  rows: Pick<FolderRows, 'read' | 'change'>;
  cursor: Pick<CursorStore, 'saveUnsettled'>;
  fingerprints: Pick<Fingerprints, 'save'>;
};

export type DetectOptions = {
  mapFolder(folder: Folder): MappedFolder;
  /** The fingerprints of the last poll; this poll adds what it finds. */
  known: FingerprintMap;
  /** Folders whose rows were being written when the last poll ended: their fingerprints may be out of date. */
  unsettled: readonly string[];
  /** More changes than this are a bulk change, and wait in the bulk lane. */
  bulkAbove: number;
  /** Changes that an earlier part of the same scan has found. */
  changedBefore: number;
  /** Takes at most so many changes; the next poll finds the others. */
  changesMax: number;
  /**
   * Treats every folder as changed, and sends it again whole. `named`: the operator named the folders. If the company
   * of one was deleted in Moovago, it gets a new one. `all`: for all folders; deleted companies stay deleted.
   */
  again?: 'named' | 'all' | undefined;
};

/** What a poll of Clavus found, in numbers of folders. */
export type Detected = {
  scanned: number;
  changed: number;
  unchanged: number;
  failed: number;
  /** Folders that Clavus shows, and that cannot be read: they keep their last state. */
  unreadable: number;
};

/** `named`: by their ids. `compare`: an earlier part of the same scan has read them. */
type How = 'listed' | 'named' | 'compare';

type Change = FoundFolder & { fingerprint: Uint8Array };

/** So many folders that cannot be read are kept by name. */
export const unreadableMax = 20;

/** Changes that are stored together: few enough for their list to be one small item. */
const changesPerWrite = 500;

/**
 * Compares folders with what was last seen of them, page by page, and stores what changed: the list of changed folders,
 * then their rows, then their fingerprints. A crash between row and fingerprint repeats the comparison. The row may
 * then be ahead of a fingerprint to which Clavus has gone back: the list of folders makes sure that it is compared
 * again.
 */
export function createChangeDetector(options: DetectOptions, dependencies: DetectDependencies) {
  const { clock, rows, cursor, fingerprints } = dependencies;
  const { log, count } = dependencies.telemetry;
  const { known } = options;
  const detected: Detected = { scanned: 0, changed: 0, unchanged: 0, failed: 0, unreadable: 0 };
  // Only later it is known whether the changes are bulk: until then the first ones are buffered. Pages may show a folder twice,
  // and the list of unsettled ones may name it, too: the newest reading counts, and two writes of one folder never race.
  let buffered = new Map<string, Change>();
  const unsettled = new Set(options.unsettled);
  /** Folders whose rows another process wrote later. */
  const overtaken = new Set<string>();
  const sentAgain = new SeenFolders();
  const counted = new SeenFolders();
  const unmatched = new Map<string, UnmatchedOwner>();
  const toCompareAgain = new Set(options.unsettled);
  const named = new Set<string>();
  /** Folders of which a list shows something else than a reading by id. */
  const doubtful = new Set<string>();
  const unreadable: UnreadableAt[] = [];

  /** What is read from here on is at least as new as this. */
  const observedAt = clock.now();
  let foundAt = observedAt;
  /**
   * When the next change was found. Strictly increasing (by at least 0.001 ms), so that the order of folders decides
   * which is newer.
   */
  const nextFoundAt = () => {
    foundAt = Math.max(clock.now(), foundAt + 0.001);
    return foundAt;
  };

  const isMass = () => options.changedBefore + detected.changed > options.bulkAbove;

  async function writeBuffered(): Promise<void> {
    const changes = [...buffered.values()];
    buffered = new Map();
    const lane = isMass() ? 'bulk' : 'live';
    for (const part of chunks(changes, changesPerWrite)) await writeAll(part, lane);
  }

  async function writeAll(changes: readonly Change[], lane: Lane): Promise<void> {
    const folderIds = changes.map(({ folderId }) => folderId);
    for (const folderId of folderIds) unsettled.add(folderId);
    await cursor.saveUnsettled([...unsettled]);
    const before = await rows.read([...folderIds, ...changes.flatMap(childRowIds)]);
    // Only when it is found: people ignore a warning that comes with every poll.
    for (const change of changes)
      for (const part of unmappableParts(change, before.get(change.folderId)))
        log.warn('folder-unmappable', { folderId: change.folderId, ...part });
    const finding = { observedAt, lane, again: options.again, rows: before };
    const written = await inParallel(
      changes,
      (change) => writeMapped(change, { ...finding, at: nextFoundAt() }, rows.change),
      16,
    );
    // If another read was later, it is unknown which of the two fingerprints is right: the next poll compares again.
    const settled = changes.filter((_, index) => written[index]?.isOlder === false);
    for (const [index, { folderId }] of changes.entries())
      if (written[index]?.isOlder) overtaken.add(folderId);
    await fingerprints.save(settled);
    for (const { folderId } of settled) {
      unsettled.delete(folderId);
      overtaken.delete(folderId);
    }
  }

  function note(folder: Folder, how: How): void {
    if (counted.add(folder.id)) detected.scanned++;
    const mapped = options.mapFolder(folder);
    const print = fingerprint(mapped);
    const byId = how === 'named';
    if (byId) named.add(folder.id);
    if (!byId && named.has(folder.id)) {
      noteListed(folder.id, print);
      return;
    }
    if (mapped.kind === 'unmappable') detected.failed++;
    noteUnmatched(folder.id, mapped);
    // Once per folder: pages may show a folder twice, and the list of unsettled ones may name it, too.
    const isAgain = how !== 'compare' && options.again !== undefined && sentAgain.add(folder.id);
    const isSettled = !toCompareAgain.delete(folder.id) && !isAgain;
    if (isSettled && known.matches(folder.id, print)) detected.unchanged++;
    else noteChange({ folderId: folder.id, mapped, fingerprint: print, byId });
  }

  /** Of a folder that was read by its id: one of the two readings is older, and a list may lag behind. */
  function noteListed(folderId: string, print: Uint8Array): void {
    if (!known.matches(folderId, print)) doubtful.add(folderId);
  }

  function noteChange(change: Change): void {
    const { folderId } = change;
    if (!buffered.delete(folderId)) {
      if (detected.changed >= options.changesMax) return;
      detected.changed++;
    }
    known.set(folderId, change.fingerprint);
    buffered.set(folderId, change);
  }

  function noteUnmatched(folderId: string, mapped: MappedFolder): void {
    const people = (mapped.unmatched ?? []).map((person) => ({ person }));
    const mandators = (mapped.unknownMandators ?? []).map((person) => ({
      person,
      kind: 'mandator' as const,
    }));
    for (const who of [...people, ...mandators]) {
      const key = unmatchedKey(who);
      const { folders = 0 } = unmatched.get(key) ?? {};
      unmatched.set(key, { ...who, folders: folders + 1, folderId });
    }
  }

  /**
   * Takes folders that were just read.
   * @returns the folders whose changes are buffered: found, but not stored yet
   */
  async function take(folders: readonly Folder[], how: How = 'listed'): Promise<string[]> {
    for (const folder of folders) note(folder, how);
    if (isMass()) await writeBuffered();
    return [...new Set(folders.map(({ id }) => id))].filter((id) => buffered.has(id));
  }

  function report(): Detected {
    count('FoldersUnmappable', detected.failed);
    return detected;
  }

  /** Stores what is buffered. @returns the folders that must be read by their ids before their state is certain */
  async function store(): Promise<string[]> {
    await writeBuffered();
    const ids = [...doubtful, ...overtaken];
    for (const id of ids) toCompareAgain.add(id);
    return ids;
  }

  /**
   * Stores what is still buffered. Nothing that was found is safe before.
   * @param sawAll every unsettled folder was read: those that are still open are no longer in Clavus
   */
  async function finish(sawAll: boolean): Promise<Detected> {
    await writeBuffered();
    if (sawAll) unsettled.clear();
    for (const folderId of overtaken) unsettled.add(folderId);
    if (detected.changed + options.unsettled.length > 0) await cursor.saveUnsettled([...unsettled]);
    return report();
  }

  return {
    take,
    store,
    finish,
    pause: report,
    /** Folders that Clavus has and that cannot be read. */
    noteUnreadable: (folders: readonly UnreadableAt[]) => {
      detected.unreadable += folders.length;
      unreadable.push(...folders.slice(0, unreadableMax - unreadable.length));
    },
    unreadable: () => unreadable,
    /** The next poll reads these by their ids, and compares them whatever their fingerprints say. */
    keepOpen: (folderIds: readonly string[]) => {
      for (const folderId of folderIds) overtaken.add(folderId);
    },
    unmatched: () => [...unmatched.values()],
    changed: () => options.changedBefore + detected.changed,
  };
}

export type ChangeDetector = ReturnType<typeof createChangeDetector>;
