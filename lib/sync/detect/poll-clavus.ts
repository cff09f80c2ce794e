import type { Folder } from '../../clavus/folder.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { Cursor, CursorStore, Scan, UnreadableAt } from '../../state/cursor.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { Lease } from '../../state/lease.ts';
import type { Removals } from '../../state/removals.ts';
import { readRowId } from '../../state/row-id.ts';
import { emptyProgress, type ScanProgress, type ScanProgressStore } from '../../state/scan-progress.ts';
import {
  type ChangeDetector,
  createChangeDetector,
  type DetectDependencies,
  type Detected,
  unreadableMax,
} from './detect-changes.ts';
import type { FolderReading } from './folder-reading.ts';
import { readNamed } from './read-named.ts';
import { type RemoveDependencies, removeFolders } from './remove-folders.ts';
import { reportUnmatched, type UnmatchedDependencies } from './report-unmatched.ts';
import { scanClavus } from './scan-clavus.ts';
import { afterScan, nextAfterCut, nextScan } from './scan-plan.ts';
import type { ScanClavusDependencies, ScannedClavus, ScanResult } from './scan-task.ts';
import { watchTime } from './time-left.ts';

export type PollRequest = {
  /** Reads only these folders, instead of all. */
  folderIds?: readonly string[];
  /** Sends the named folders again, whole, changed or not. */
  again?: boolean;
  /** Reads all folders, whenever they were last read. */
  full?: boolean;
  /** Takes at most so many changes. */
  limit?: number;
  /** Takes the lease from its owner: only if that owner is known to be dead. */
  takeOver?: boolean;
};

export type PollReport =
  /**
   * `partial`: as much as was asked for. `continues`: time ran out, and the next poll goes on. `cut`: the poll did not
   * see everything that it asked for.
   */
  | (Detected & {
      state: 'complete' | 'partial' | 'continues' | 'cut';
      removed: number;
      /** The list of Clavus ends too early: so many folders are shown. `counted`: 0 if Clavus does not say. */
      shown?: number;
      counted?: number;
      /** Folders without a value in this column cannot be asked for; empty text for that of the date. */
      blank?: string;
    })
  /** Another poll is running, until then at the latest (milliseconds since the epoch). */
  | { state: 'skipped'; heldUntil: number };

export type PollDependencies = DetectDependencies &
  ScanClavusDependencies &
  RemoveDependencies &
  UnmatchedDependencies & {
    newId(): string;
    config: Pick<SyncConfig, 'removalLimit'>;
    clavus: PolledClavus;
    fingerprints: Pick<Fingerprints, 'load'>;
    scanProgress: Pick<ScanProgressStore, 'read'>;
    cursor: Pick<CursorStore, 'read' | 'readUnsettled'>;
  };

export type PolledClavus = ScannedClavus & {
  /** How its folders are read, by the columns, users and members of both systems. */
  reading(): Promise<FolderReading>;
};

/** What a poll has: the lease, which its caller releases, and time. */
export type PollContext = {
  lease: Lease;
  /** When this invocation is killed, in milliseconds since the epoch. */
  deadline: number;
  /**
   * Folders that a webhook named. It writes rows but no fingerprints: until a poll has removed its hint, their fingerprints
   * prove nothing.
   */
  pendingHints: readonly string[];
};

/** Reads Clavus, stores what changed, and moves the cursor last. */
export async function pollClavus(
  request: PollRequest,
  { pendingHints, ...context }: PollContext,
  dependencies: PollDependencies,
): Promise<PollReport> {
  const { clavus, cursor, fingerprints } = dependencies;
  const inputs: PollInputs = {
    reading: await clavus.reading(),
    known: await fingerprints.load(),
    unsettled: [...(await cursor.readUnsettled()), ...pendingHints],
  };
  return request.folderIds === undefined
    ? pollFolders(request, { ...inputs, ...context }, dependencies)
    : pollNamed(request.folderIds, request.again ?? false, inputs, dependencies);
}

type PollInputs = { reading: FolderReading; known: FingerprintMap; unsettled: string[] };

async function pollNamed(
  folderIds: readonly string[],
  again: boolean,
  { reading, known, unsettled }: PollInputs,
  dependencies: PollDependencies,
): Promise<PollReport> {
  const detector = createChangeDetector(
    {
      mapFolder: reading.map,
      known,
      unsettled,
      bulkAbove: dependencies.config.pace.bulkAbove,
      changedBefore: 0,
      changesMax: Number.POSITIVE_INFINITY,
      again: again ? 'named' : undefined,
    },
    dependencies,
  );
  // A row id of a child stands for its folder.
  const named = [...new Set(folderIds.map((rowId) => readRowId(rowId).folderId))];
  const { getValuesByIds } = dependencies.clavus;
  const { log } = dependencies.telemetry;
  const found = await readNamed(named, { getValuesByIds, shows: reading.shows }, (folders) =>
    detector.take(folders, 'named'),
  );
  if (found.missing.length > 0) log.warn('folders-not-in-clavus', { folderIds: found.missing });
  if (found.unreadable.length > 0) log.error('folders-unreadable', { folderIds: found.unreadable });
  detector.noteUnreadable(found.unreadable.map((id) => ({ id })));
  return { state: 'partial', removed: 0, ...(await detector.finish(false)) };
}

/** One scan, or as much of it as there is time for. */
async function pollFolders(
  request: PollRequest,
  { reading, known, unsettled, deadline, lease }: PollInputs & Omit<PollContext, 'pendingHints'>,
  dependencies: PollDependencies,
): Promise<PollReport> {
  const { clock, clavus, config, telemetry, newId } = dependencies;
  const startedAt = clock.now();
  const cursor = await dependencies.cursor.read();
  const removals = await dependencies.removals.read();
  const { scan, progress } = await beginScan(request, cursor, startedAt, dependencies);
  const isLimited = request.limit !== undefined;
  const open = [...new Set([...unsettled, ...progress.buffered])];
  const detector = createChangeDetector(
    {
      mapFolder: reading.map,
      known,
      unsettled: open,
      bulkAbove: config.pace.bulkAbove,
      // What was buffered is found again.
      changedBefore: progress.changed - progress.buffered.length,
      changesMax: request.limit ?? Number.POSITIVE_INFINITY,
      again: scan.again ? 'all' : undefined,
    },
    dependencies,
  );
  const byId = { getValuesByIds: clavus.getValuesByIds, shows: reading.shows };
  const time = watchTime(lease, deadline, clock);
  const takeNamed = (folders: Folder[]) => detector.take(folders.filter(reading.satisfiesFilter), 'named');
  const reopened = await readNamed(open, byId, takeNamed, time.goesOn);
  detector.keepOpen([...reopened.unreadable, ...reopened.rest]);
  const goneMax = removalCeiling(known.size, config.removalLimit, removals);
  const result = await scanClavus(
    { scan, cursor, progress, time, isLimited, detector, known, reading, goneMax },
    dependencies,
  );
  if (result.kind === 'continues') return { state: 'continues', removed: 0, ...detector.pause() };
  if (result.kind === 'lost') return { state: 'cut', removed: 0, ...detector.pause() };
  const doubtful = await readNamed(await detector.store(), byId, takeNamed, time.goesOn);
  detector.keepOpen(doubtful.rest);
  const detected = await detector.finish(true);
  const hidden = 'hidden' in result ? result.hidden : undefined;
  const trouble = troubleAfter(scan, cursor, { unreadable: detector.unreadable(), hidden });
  countTrouble(trouble, dependencies);
  const polled = { ...cursor, ...trouble, lastPollStartedAt: startedAt, lastPollAt: clock.now() };
  // A scan that was cut short, or took only some of the changes, says nothing about folders that it did not see.
  if (result.kind === 'cut' || isLimited) {
    const next = nextAfterCut(scan, 'passes' in result ? result.passes : undefined, startedAt, newId);
    await dependencies.cursor.save(isLimited ? polled : { ...polled, scan: next });
    return { state: isLimited ? 'partial' : 'cut', removed: 0, ...hidden, ...detected };
  }
  const removed =
    scan.kind === 'full' ? await finishFullScan(result, cursor, detector, removals, dependencies) : 0;
  const reached = afterScan(cursor, scan, { now: clock.now(), ...result });
  await dependencies.cursor.save({ ...polled, ...reached, scan: undefined });
  telemetry.count('PollsCompleted');
  // What was seen and is not stored yet stays open for the next poll.
  const isLeft = reopened.rest.length + doubtful.rest.length > 0;
  return { state: isLeft ? 'continues' : 'complete', removed, ...detected };
}

/** What could not be read of Clavus. Only a full scan can say that it is over. */
function troubleAfter(
  { kind }: Scan,
  before: Cursor | undefined,
  { unreadable, hidden }: { unreadable: UnreadableAt[]; hidden: Cursor['hidden'] },
): Pick<Cursor, 'unreadable' | 'hidden'> {
  if (kind === 'full') return { unreadable, hidden };
  return {
    unreadable: [...unreadable, ...(before?.unreadable ?? [])].slice(0, unreadableMax),
    hidden: hidden ?? before?.hidden,
  };
}

function countTrouble(
  { hidden, unreadable = [] }: Pick<Cursor, 'unreadable' | 'hidden'>,
  { telemetry: { count } }: PollDependencies,
): void {
  // Clavus may not say how many there are.
  count('FoldersHidden', hidden === undefined ? 0 : Math.max(1, hidden.counted - hidden.shown));
  count('FoldersUnreadable', unreadable.length);
}

/**
 * Evaluates what only a scan of all folders can show: people who are not found, and missing folders.
 * @returns how many folders were removed
 */
async function finishFullScan(
  result: Extract<ScanResult, { kind: 'complete' }>,
  cursor: Cursor | undefined,
  detector: ChangeDetector,
  removals: Removals,
  dependencies: PollDependencies,
): Promise<number> {
  await reportUnmatched(detector.unmatched(), dependencies);
  // Only when it is found.
  if (result.notShown.some((field) => !cursor?.notShown?.includes(field)))
    dependencies.telemetry.log.warn('columns-not-shown', { fields: result.notShown });
  return result.isJudged ? removeFolders(result, removals, dependencies) : 0;
}

/** The scan that an earlier poll had no time for, with what it has seen; or a new one. */
async function beginScan(
  { limit, full = false }: PollRequest,
  cursor: Cursor | undefined,
  now: number,
  { config, newId, scanProgress }: PollDependencies,
): Promise<{ scan: Scan; progress: ScanProgress }> {
  const left = cursor?.scan;
  if (left !== undefined && limit === undefined && (!full || left.kind === 'full'))
    return { scan: left, progress: progressOf(left, await scanProgress.read(left.id)) };
  return { scan: nextScan(cursor, now, { config, full, newId }), progress: emptyProgress() };
}

/** A scan whose passes were all read counts what they saw, and reads its pages once more. */
const progressOf = ({ passes = 0 }: Scan, progress: ScanProgress): ScanProgress =>
  passes === 0 || (progress.last?.pass ?? 0) > passes
    ? progress
    : { ...emptyProgress(), seen: progress.seen, stale: progress.stale, parts: progress.parts };

/** How many folders may go at once, by the configuration or by the operator's approval. */
function removalCeiling(
  known: number,
  { share, atLeast }: SyncConfig['removalLimit'],
  { approved }: Removals,
): number {
  return Math.max(atLeast, Math.floor(share * known), approved?.folders ?? 0);
}
