import type { Folder, FolderPage } from '../../clavus/folder.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { createWatermarkTracker, readModified } from '../../mapping/watermark.ts';
import type { Cursor, Scan } from '../../state/cursor.ts';
import type { ScannedPage, Stale } from '../../state/scan-progress.ts';
import { SeenFolders } from '../../state/seen-folders.ts';
import { conclude, type LookedFor, type Tracker } from './conclude-scan.ts';
import { createPageReader } from './read-page.ts';
import type { CutBy } from './scan-cuts.ts';
import { scanFolders } from './scan-folders.ts';
import type { ScannedFolders, Slice } from './scan-slice.ts';
import type { ScanClavusDependencies, ScanResult, ScanTask } from './scan-task.ts';
import { watchColumns } from './watch-columns.ts';

/** How often one poll reads pages that do not fit together; after that, the next poll goes on. */
const passesMax = 3;

/**
 * Reads the pages of one scan, from where an earlier invocation stopped. Takes what changed, with one checkpoint per
 * page.
 */
export async function scanClavus(task: ScanTask, dependencies: ScanClavusDependencies): Promise<ScanResult> {
  const { scan, progress, reading, cursor } = task;
  const { clock, config } = dependencies;
  const tracker = createWatermarkTracker(config.pace.timezone, clock.now());
  const columns = watchColumns(reading);
  const { dateOf, whole } = slicingOf(task, config);
  const { readPage, parts } = readingOf(task, dependencies);
  const staleness = watchStale(progress.stale);
  const watched = { modified: tracker.see, shown: columns.watch, parts, stale: staleness.now };
  const checkpoint = createCheckpoint(task, watched, dependencies);
  const start = progress.last ?? { pass: (scan.passes ?? 0) + 1, page: 1, slice: whole };
  const stopped = () => ({ kind: task.time.isOver() ? 'continues' : 'lost' }) as const;
  for (let pass = start.pass; pass < start.pass + passesMax; pass++) {
    const first = pass === start.pass ? start : { page: 1, slice: whole };
    const end = await scanFolders(first, {
      pageSize: config.clavus.pageSize,
      readPage,
      dateOf,
      ceiling: cursor?.ceiling,
      cutBy: cutsOf(task),
      seen: progress.seen,
      isRepeat: pass > 1,
      onPage: (page) => checkpoint.onPage({ ...page, pass }),
    });
    if (end.kind === 'stopped') return stopped();
    const { lost, hasShifted, onLookedFor: lookedFor } = checkpoint;
    const counts = { stale: staleness.afterPass(progress.seen.size), lost: lost(), hasShifted: hasShifted() };
    const result = await conclude(end, { ...task, ...counts, tracker, lookedFor }, dependencies);
    if (result === 'stopped') return stopped();
    if (result === 'again') continue;
    return 'gone' in result ? { ...result, notShown: columns.notShown(), parts: parts() } : result;
  }
  return { kind: 'cut', passes: start.pass + passesMax - 1 };
}

/** Pages of any slice, in the parts that work. */
function readingOf({ scan, cursor, progress }: ScanTask, { clavus, config }: ScanClavusDependencies) {
  let parts = progress.parts ?? cursor?.parts;
  return {
    async readPage(page: number, slice: Slice): Promise<FolderPage> {
      // What the server does not take is not found in smaller parts either.
      const isTrial = slice.only !== undefined || slice.isPeek === true;
      if (isTrial && parts === undefined)
        return clavus.readPage(page, { from: scan.from, slice, size: config.clavus.pageSize });
      const reader = createPageReader(config.clavus.pageSize, parts, (part, size) =>
        clavus.readPage(part, { from: scan.from, slice, size }),
      );
      const answer = await reader.read(page);
      parts = reader.parts();
      return answer;
    },
    parts: () => parts,
  };
}

/** By what the list may be cut: the ranges that worked, or those that this scan has read so far. */
function cutsOf({ cursor, progress, reading }: ScanTask): CutBy {
  const { column } = progress.last?.slice ?? {};
  const { bounds = [] } = progress;
  const read = column === undefined ? undefined : { column, bounds };
  const known = read === undefined || cursor?.cuts?.column === column ? cursor?.cuts : read;
  return { columns: reading.columns, textOf: reading.text, known };
}

/** Counts the passes in a row that showed nothing new. A pass may take several polls. */
function watchStale(before: Stale | undefined) {
  let stale = before;
  return {
    now: () => stale,
    afterPass(seen: number): number {
      stale = { passes: stale?.seen === seen ? stale.passes + 1 : 0, seen };
      return stale.passes;
    },
  };
}

/** By which date the list can be sliced, and how its first page is asked for. */
function slicingOf(
  { scan, cursor, reading }: ScanTask,
  { clavus: { createdColumn, modifiedColumn } }: Pick<SyncConfig, 'clavus'>,
): { dateOf: ((folder: Folder) => string | undefined) | undefined; whole: Slice } {
  const hasDates = createdColumn !== undefined || modifiedColumn !== undefined;
  const isSorted = scan.from !== undefined || createdColumn !== undefined || cursor?.ceiling !== undefined;
  return {
    dateOf: hasDates ? (folder) => reading.date(folder, scan.kind) : undefined,
    whole: { isSorted },
  };
}

/** Where a slice begins, as a key. */
const sliceKey = ({ after, from, only }: Slice) => [after, from, only].join(' ');

/** The folders that cannot be read, in this poll and in those before. Pages are read more than once: each counts once. */
function watchUnreadable(
  { scan, progress, detector }: ScanTask,
  log: ScanClavusDependencies['telemetry']['log'],
) {
  type Unreadable = (typeof progress.unreadable)[number];
  const keyOf = ({ slice, page, place }: Unreadable) => [sliceKey(slice), page, place].join(' ');
  const found = new Map<string, Unreadable>();

  function note(folders: readonly Unreadable[]): Unreadable[] {
    const fresh = folders.filter((folder) => !found.has(keyOf(folder)));
    for (const folder of fresh) found.set(keyOf(folder), folder);
    detector.noteUnreadable(fresh.map(({ slice: _, ...folder }) => ({ ...folder, place: folder.place + 1 })));
    // The watermark passes them: only the next full scan would find them otherwise.
    if (scan.kind === 'modified') detector.keepOpen(fresh.flatMap(({ id }) => id ?? []));
    return fresh;
  }

  note(progress.unreadable);
  return {
    see({ page, slice, unreadable }: ScannedFolders): void {
      const fresh = note(unreadable.map((folder) => ({ ...folder, page, slice })));
      if (fresh.length === 0) return;
      const places = fresh.map(({ place }) => String(place + 1));
      log.error('folders-unreadable', { page, places, folderIds: fresh.flatMap(({ id }) => id ?? []) });
    },
    /** Those of which not even an id is known: any folder may be one of them. */
    lost: () => [...found.values()].filter(({ id }) => id === undefined).length,
  };
}

/** Notices that a later page of a pass shows a folder again: then others may have slid onto pages that were read before. */
function watchOrder() {
  let seen = new SeenFolders();
  let [current, furthest, hasShifted] = ['', 0, false];
  let ofPass = 0;
  return {
    see({ pass, page, slice, folders }: ScannedFolders & { pass: number }): void {
      const place = [pass, sliceKey(slice)].join(' ');
      if (place !== current) [seen, furthest] = [new SeenFolders(), 0];
      if (pass !== ofPass) hasShifted = false;
      [current, ofPass] = [place, pass];
      const isFurther = page > furthest;
      furthest = Math.max(furthest, page);
      for (const { id } of folders) if (!seen.add(id) && isFurther) hasShifted = true;
    },
    /** In the pass that was read last. */
    hasShifted: () => hasShifted,
  };
}

function createCheckpoint(
  task: ScanTask,
  watched: {
    modified: Tracker['see'];
    shown(folders: Folder[]): void;
    parts(): number | undefined;
    stale(): Stale | undefined;
  },
  { clock, config, cursor, scanProgress, telemetry: { log } }: ScanClavusDependencies,
) {
  const { scan, cursor: before, progress, time, isLimited, detector, reading } = task;
  const { timezone } = config.pace;
  let isSaved = progress.last !== undefined;
  let at: Pick<ScannedPage, 'pass' | 'page' | 'slice'> = { pass: 1, page: 1, slice: { isSorted: false } };
  let filterIgnored = false;
  const from = readModified(scan.from, timezone);

  function watchModified(folder: Folder): void {
    const value = reading.modified(folder);
    watched.modified(value);
    const modified = readModified(value, timezone);
    if (filterIgnored || typeof modified !== 'object' || typeof from !== 'object') return;
    filterIgnored = modified.at < from.at;
    if (filterIgnored) log.warn('filter-ignored', { setting: 'clavus.modifiedColumn' });
  }

  /** What this poll has read: a page of an earlier pass shows it again. */
  const readNow = new SeenFolders();
  const unreadable = watchUnreadable(task, log);
  const order = watchOrder();

  async function onPage(read: ScannedFolders & { pass: number }): Promise<boolean> {
    const { pass, page, slice, folders, fresh, isLast } = read;
    at = { pass, page, slice };
    unreadable.see(read);
    order.see(read);
    const isFresh = new Set(fresh);
    const others = folders.filter((folder) => readNow.add(folder.id) && !isFresh.has(folder));
    for (const folder of fresh) watchModified(folder);
    watched.shown([...fresh, ...others]);
    const buffered = [...(await detector.take(fresh)), ...(await detector.take(others, 'compare'))];
    if (isLast) return true;
    // An empty page has nothing to keep, and does not show where the next slice begins.
    const isEmpty = folders.length + read.unreadable.length === 0;
    if (!isLimited && !isEmpty) {
      const folderIds = fresh.map(({ id }) => id);
      await save({ pass, page, slice, folderIds, buffered, unreadable: read.unreadable });
    }
    // The first page of a scan that goes on was read before: one more at least, or it would never end.
    return time.goesOn(isResumedAt(read));
  }

  const isResumedAt = ({ pass, page, slice }: { pass: number; page: number; slice: Slice }) => {
    const { last } = progress;
    if (last === undefined || pass !== last.pass || page !== last.page) return false;
    return slice.after === last.slice.after && slice.from === last.slice.from;
  };

  async function save(scanned: Omit<ScannedPage, 'changed' | 'stale' | 'parts'>): Promise<void> {
    const known = { stale: watched.stale(), parts: watched.parts() };
    const found = { ...scanned, ...known, changed: detector.changed() };
    await scanProgress.savePage(scan.id, found, clock.now());
    // After a first page that is not the last: a scan of one page needs no checkpoint.
    if (!isSaved) await cursor.save({ ...startOf(before, scan), scan });
    isSaved = true;
  }

  /** Keeps what was found by ids when time ran out. */
  const onLookedFor = async (looked: LookedFor): Promise<void> => {
    if (!isLimited) await save({ ...at, ...looked });
  };

  return { onPage, onLookedFor, lost: unreadable.lost, hasShifted: order.hasShifted };
}

const startOf = (cursor: Cursor | undefined, { startedAt }: Scan): Cursor =>
  cursor ?? { lastPollStartedAt: startedAt, lastPollAt: startedAt };
