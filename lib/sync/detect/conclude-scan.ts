import type { Folder } from '../../clavus/folder.ts';
import type { createWatermarkTracker } from '../../mapping/watermark.ts';
import type { FingerprintMap } from '../../state/fingerprint-map.ts';
import type { SeenFolders } from '../../state/seen-folders.ts';
import { readNamed } from './read-named.ts';
import type { ScanEnd } from './scan-folders.ts';
import type { Complete, Incomplete, ScanClavusDependencies, ScanTask } from './scan-task.ts';

/** What was found by ids until time ran out. */
export type LookedFor = { folderIds: string[]; missing: string[]; buffered: string[] };

export type Tracker = ReturnType<typeof createWatermarkTracker>;

/** Decides what the end of the pages means. `again`: folders are missing, so the pages are read once more. */
export async function conclude(
  end: Exclude<ScanEnd, { kind: 'stopped' }>,
  task: ScanTask & {
    tracker: Tracker;
    /** Passes in a row that showed nothing new. */
    stale: number;
    /** Folders on the pages of which not even the id can be read. */
    lost: number;
    /** The list has moved while its pages were read: only a count can tell that none was missed. */
    hasShifted: boolean;
  } & Looking,
  dependencies: ScanClavusDependencies,
): Promise<Complete | Incomplete | 'again' | 'stopped'> {
  const { scan, known, progress, tracker, lost } = task;
  const { seen } = progress;
  const { log } = dependencies.telemetry;
  if (end.kind === 'broken') {
    log.warn('scan-incomplete', { seen: seen.size, reason: 'pages repeat themselves' });
    return { kind: 'cut' };
  }
  if (scan.kind === 'full' && end.totalCount === 0 && seen.size === 0 && known.size > 0) {
    log.error('clavus-shows-nothing', { known: known.size });
    return { kind: 'cut' };
  }
  if (end.isCut) {
    const { blank } = end;
    const hidden = { shown: seen.size, counted: end.totalCount, ...(blank === undefined ? {} : { blank }) };
    log.error('clavus-list-ends', hidden);
    return { kind: 'cut', hidden };
  }
  // A folder that cannot be read may be any: none is gone then.
  const isFull = scan.kind === 'full' && lost === 0;
  const looked = isFull ? await lookForUnseen(task, dependencies) : noneGone;
  if (looked === 'stopped') return looked;
  const { gone, unseen } = looked;
  const excess = Math.max(0, end.totalCount - seen.size - lost);
  if (mayMiss(end.totalCount, task) || !isBelieved(excess, task)) {
    log.warn('scan-incomplete', { seen: seen.size, totalCount: end.totalCount });
    return 'again';
  }
  // Once: it may stay so for ever, as when the key may not see all folders that Clavus counts.
  if (scan.kind === 'full' && excess > 0 && excess !== task.cursor?.excess)
    log.warn('count-disagrees', { seen: seen.size, totalCount: end.totalCount });
  if (tracker.hasUnsortable())
    log.warn('modification-dates-unsortable', { setting: 'clavus.modifiedColumn' });
  const { ceiling, cuts } = end;
  return {
    kind: 'complete',
    folders: seen.size,
    greatest: tracker.greatest(),
    gone,
    unseen,
    isJudged: isFull,
    excess,
    ceiling,
    cuts: cuts && { ...cuts, bounds: [...cuts.bounds] },
  };
}

/** Whether folders may have slid past the pages: a list that moves needs a count that agrees, or a pass without news. */
const mayMiss = (
  totalCount: number,
  { hasShifted, stale, progress }: Pick<ScanTask, 'progress'> & { hasShifted: boolean; stale: number },
): boolean => hasShifted && stale === 0 && totalCount !== progress.seen.size;

/** How many passes in a row must show nothing new before a count that disagrees is believed to be wrong. */
const stalePasses = 2;

/** Whether Clavus may count so many folders more than it shows. A full scan finds that out, and later ones expect it. */
function isBelieved(
  excess: number,
  { scan, cursor, stale }: Pick<ScanTask, 'scan' | 'cursor'> & { stale: number },
): boolean {
  const known = cursor?.excess ?? 0;
  if (excess === 0) return true;
  return scan.kind === 'full' ? excess === known || stale >= stalePasses : excess <= known;
}

const noneGone = { gone: [], unseen: 0 };

type Looking = { lookedFor(looked: LookedFor): Promise<void> };

/**
 * Known folders that no page showed. They are gone, or they slid past the pages while those were read. Those that
 * Clavus still has count as seen. `stopped`: time ran out, and the next poll goes on with the others.
 */
async function lookForUnseen(
  { detector, goneMax, known, progress, reading, time, lookedFor }: ScanTask & Looking,
  { clavus, fingerprints }: ScanClavusDependencies,
): Promise<{ gone: string[]; unseen: number } | 'stopped'> {
  const { seen, missing } = progress;
  const unseen = countUnseen(known, seen);
  if (unseen === 0) return noneGone;
  if (unseen > goneMax) return { gone: [], unseen };
  const folderIds = await fingerprints.folderIds((folderId) => !seen.has(folderId));
  const asked = folderIds.filter((folderId) => !missing.has(folderId));
  const found: string[] = [];
  const buffered: string[] = [];
  const byId = { getValuesByIds: clavus.getValuesByIds, shows: reading.shows };
  const take = async (folders: Folder[]) => {
    const passing = folders.filter(reading.satisfiesFilter);
    for (const { id } of passing) seen.add(id);
    found.push(...passing.map(({ id }) => id));
    buffered.push(...(await detector.take(passing, 'named')));
  };
  const { unreadable, rest } = await readNamed(asked, byId, take, time.goesOn);
  // Clavus has them: they keep their last state.
  for (const id of unreadable) seen.add(id);
  detector.noteUnreadable(unreadable.map((id) => ({ id })));
  if (rest.length > 0) {
    const left = new Set(rest);
    const vain = asked.filter((id) => !seen.has(id) && !left.has(id));
    await lookedFor({ folderIds: [...found, ...unreadable], missing: vain, buffered });
    return 'stopped';
  }
  const gone = folderIds.filter((folderId) => !seen.has(folderId));
  return { gone, unseen: 0 };
}

function countUnseen(known: FingerprintMap, seen: SeenFolders): number {
  let unseen = 0;
  for (const id of known.hashes()) if (!seen.hasHash(id)) unseen++;
  return unseen;
}
