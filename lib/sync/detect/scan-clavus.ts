import type { ClavusClient } from '../../clavus/client.ts';
import type { Folder } from '../../clavus/folder.ts';
import type { Clock } from '../../framework/clock.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { renewPollMs, reserveMs } from '../../framework/time-budget.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { createWatermarkTracker, readModified, type Watermark } from '../../mapping/watermark.ts';
import type { Cursor, CursorStore, Scan } from '../../state/cursor.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { Lease } from '../../state/lease.ts';
import type { ScanProgress, ScanProgressStore } from '../../state/scan-progress.ts';
import type { SeenFolders } from '../../state/seen-folders.ts';
import type { ChangeDetector } from './detect-changes.ts';
import type { FolderReading } from './folder-reading.ts';
import { readNamed } from './read-named.ts';
import { type FolderPage, type ScanEnd, scanFolders } from './scan-folders.ts';
import { watchColumns } from './watch-columns.ts';

/** How often pages that do not fit together are read; after that, the next poll begins anew. */
const passesMax = 3;

export type ScanClavusDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  config: Pick<SyncConfig, 'clavus' | 'pace'>;
  clavus: ScannedClavus;
  fingerprints: Pick<Fingerprints, 'folderIds'>;
  scanProgress: Pick<ScanProgressStore, 'savePage'>;
  cursor: Pick<CursorStore, 'save'>;
};

/** The folders of Clavus, as a scan reads them. */
export type ScannedClavus = Pick<ClavusClient, 'getValuesByIds'> & {
  /**
   * Pages are numbered from 1.
   * @param from the first modification date to read, as the tenant writes it
   */
  readPage(page: number, from: string | undefined): Promise<FolderPage>;
};

export type ScanTask = {
  scan: Scan;
  cursor: Cursor | undefined;
  progress: ScanProgress;
  lease: Lease;
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
  /** Stores no checkpoints: it takes only some of the changes. */
  isLimited: boolean;
  detector: ChangeDetector;
  known: FingerprintMap;
  reading: FolderReading;
  /** How many folders may go at once. If more are missing, the scan does not look for them. */
  goneMax: number;
};

type Complete = {
  kind: 'complete';
  folders: number;
  greatest: Watermark | undefined;
  gone: string[];
  unseen: number;
};
type Incomplete = { kind: 'continues' } | { kind: 'lost' } | { kind: 'cut' };

/**
 * `complete`: everything was seen. `gone`: the known folders that Clavus no longer has. `unseen`: how many were
 * missing, if they are too many to look for. `notShown`: the fields whose columns no folder showed. `continues`:
 * time ran out. `lost`: another poll has the lease. `cut`: the pages do not fit together.
 */
export type ScanResult = (Complete & { notShown: string[] }) | Incomplete;

/**
 * Reads the pages of one scan, from where an earlier invocation stopped. Takes what changed, with one checkpoint per
 * page.
 */
export async function scanClavus(task: ScanTask, dependencies: ScanClavusDependencies): Promise<ScanResult> {
  const { scan, progress } = task;
  const { clavus, clock, config } = dependencies;
  const tracker = createWatermarkTracker(config.pace.timezone, clock.now());
  const columns = watchColumns(task.reading);
  const checkpoint = createCheckpoint(task, tracker.see, columns.watch, dependencies);
  const start = progress.last ?? { pass: 1, page: 1 };
  for (let pass = start.pass; pass <= passesMax; pass++) {
    const end = await scanFolders(pass === start.pass ? start.page : 1, {
      pageSize: config.clavus.pageSize,
      readPage: (page) => clavus.readPage(page, scan.from),
      seen: progress.seen,
      isRepeat: pass > 1,
      onPage: (page) => checkpoint.onPage({ ...page, pass }),
    });
    if (end.kind === 'stopped') return checkpoint.isOutOfTime() ? { kind: 'continues' } : { kind: 'lost' };
    const result = await conclude(end, { ...task, tracker }, dependencies);
    if (result === 'again') continue;
    return result.kind === 'complete' ? { ...result, notShown: columns.notShown() } : result;
  }
  return { kind: 'cut' };
}

type Tracker = ReturnType<typeof createWatermarkTracker>;

/** Decides what the end of the pages means. `again`: folders are missing, so the pages are read once more. */
async function conclude(
  end: Exclude<ScanEnd, { kind: 'stopped' }>,
  task: ScanTask & { tracker: Tracker },
  dependencies: ScanClavusDependencies,
): Promise<Complete | Incomplete | 'again'> {
  const { scan, known, progress, tracker } = task;
  const { seen } = progress;
  const { log } = dependencies.telemetry;
  if (end.kind === 'broken') {
    log.warn('scan-incomplete', { seen: seen.size, reason: 'pages repeat themselves' });
    return { kind: 'cut' };
  }
  if (scan.kind === 'full' && end.totalCount === 0 && known.size > 0) {
    log.error('clavus-shows-nothing', { known: known.size });
    return { kind: 'cut' };
  }
  const { gone, unseen } = scan.kind === 'full' ? await lookForUnseen(task, dependencies) : noneGone;
  if (seen.size < end.totalCount) {
    log.warn('scan-incomplete', { seen: seen.size, totalCount: end.totalCount });
    return 'again';
  }
  if (tracker.hasUnsortable())
    log.warn('modification-dates-unsortable', { setting: 'clavus.modifiedColumn' });
  return { kind: 'complete', folders: seen.size, greatest: tracker.greatest(), gone, unseen };
}

const noneGone = { gone: [], unseen: 0 };

function createCheckpoint(
  { scan, cursor: before, progress, lease, deadline, isLimited, detector, reading }: ScanTask,
  seeModified: Tracker['see'],
  watchShown: (folders: Folder[]) => void,
  { clock, config, cursor, scanProgress, telemetry: { log } }: ScanClavusDependencies,
) {
  const { timezone } = config.pace;
  let isSaved = progress.last !== undefined;
  let renewedAt = clock.now();
  let filterIgnored = false;
  const from = readModified(scan.from, timezone);

  function watchModified(folder: Folder): void {
    const value = reading.modified(folder);
    seeModified(value);
    const modified = readModified(value, timezone);
    if (filterIgnored || typeof modified !== 'object' || typeof from !== 'object') return;
    filterIgnored = modified.at < from.at;
    if (filterIgnored) log.warn('filter-ignored', { setting: 'clavus.modifiedColumn' });
  }

  async function onPage(read: {
    pass: number;
    page: number;
    fresh: Folder[];
    isLast: boolean;
  }): Promise<boolean> {
    const { pass, page, fresh, isLast } = read;
    for (const folder of fresh) watchModified(folder);
    watchShown(fresh);
    const buffered = await detector.take(fresh);
    if (isLast) return true;
    if (!isLimited) {
      const folderIds = fresh.map(({ id }) => id);
      const changed = detector.changed();
      await scanProgress.savePage(scan.id, { pass, page, folderIds, buffered, changed }, clock.now());
      // After a first page that is not the last: a scan of one page needs no checkpoint.
      if (!isSaved) await cursor.save({ ...startOf(before, scan), scan });
      isSaved = true;
    }
    if (isOutOfTime()) return false;
    if (clock.now() - renewedAt < renewPollMs) return true;
    renewedAt = clock.now();
    return lease.renew();
  }

  const isOutOfTime = () => clock.now() > deadline - reserveMs.poll;

  return { onPage, isOutOfTime };
}

const startOf = (cursor: Cursor | undefined, { startedAt }: Scan): Cursor =>
  cursor ?? { lastPollStartedAt: startedAt, lastPollAt: startedAt };

/**
 * Known folders that no page showed. They are gone, or they slid past the pages while those were read. Those that
 * Clavus still has count as seen.
 */
async function lookForUnseen(
  { detector, goneMax, known, progress, reading }: ScanTask,
  { clavus, fingerprints }: ScanClavusDependencies,
): Promise<{ gone: string[]; unseen: number }> {
  const { seen } = progress;
  const unseen = countUnseen(known, seen);
  if (unseen === 0) return noneGone;
  if (unseen > goneMax) return { gone: [], unseen };
  const folderIds = await fingerprints.folderIds((folderId) => !seen.has(folderId));
  await readNamed(folderIds, clavus.getValuesByIds, async (folders) => {
    const passing = folders.filter(reading.satisfiesFilter);
    for (const { id } of passing) seen.add(id);
    await detector.take(passing);
  });
  const gone = folderIds.filter((folderId) => !seen.has(folderId));
  return { gone, unseen: 0 };
}

function countUnseen(known: FingerprintMap, seen: SeenFolders): number {
  let unseen = 0;
  for (const id of known.hashes()) if (!seen.hasHash(id)) unseen++;
  return unseen;
}
