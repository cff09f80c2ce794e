import type { Folder } from '../clavus/folder.ts';
import { attempt } from '../framework/attempt.ts';
import type { MappedFolder } from '../mapping/map-folder.ts';
import type { Cursor } from '../state/cursor.ts';
import type { Directory } from '../state/directory.ts';
import type { FingerprintMap } from '../state/fingerprint-map.ts';
import type { Lease } from '../state/lease.ts';
import { createChangeDetector, type DetectDependencies, type Detected } from './detect-changes.ts';
import { type FolderPage, scanFolders } from './scan-folders.ts';

/** Folders in one `getValuesByIds`: the guide shows one and names no limit (assumption). */
const foldersPerLookup = 50;

export type PollRequest = {
  /** Looks at these folders only, instead of all. */
  folderIds?: readonly string[];
  /** Sends the named folders again, whole, changed or not. */
  again?: boolean;
  /** Takes no more changes than this. */
  limit?: number;
  /** Takes the lease from whoever has it: for who knows that the holder is dead. */
  takeOver?: boolean;
};

export type PollReport =
  /** `partial`: as much as was asked for. `cut`: not all that was asked for was seen. */
  | (Detected & { state: 'complete' | 'partial' | 'cut' })
  /** Another poll is at work, until then at the latest (milliseconds since the epoch). */
  | { state: 'skipped'; heldUntil: number };

export type PollDependencies = Omit<DetectDependencies, 'mapFolder' | 'known' | 'unsettled'> & {
  takeLease(takeOver: boolean): Promise<{ lease: Lease } | { heldUntil: number }>;
  readDirectory(): Promise<Directory>;
  /** Throws a ConfigurationError for a column that Clavus never had. */
  createMapper(directory: Directory): (folder: Folder) => MappedFolder;
  loadFingerprints(): Promise<FingerprintMap>;
  readUnsettled(): Promise<string[]>;
  /** Pages are numbered from 1. */
  readPage(page: number): Promise<FolderPage>;
  readFolders(folderIds: readonly string[]): Promise<Folder[]>;
  readCursor(): Promise<Cursor | undefined>;
  saveCursor(cursor: Cursor): Promise<void>;
  bulkAbove: number;
  pageSize: number;
};

/** Looks at Clavus, writes down what changed, and moves the cursor last. */
export async function pollClavus(request: PollRequest, dependencies: PollDependencies): Promise<PollReport> {
  const taken = await dependencies.takeLease(request.takeOver ?? false);
  if ('heldUntil' in taken) return { state: 'skipped', heldUntil: taken.heldUntil };
  const polled = await attempt(pollWithLease(taken.lease, request, dependencies));
  await taken.lease.release();
  if (!polled.ok) throw polled.error;
  return polled.value;
}

async function pollWithLease(
  lease: Lease,
  request: PollRequest,
  dependencies: PollDependencies,
): Promise<PollReport> {
  const { clock, count, bulkAbove } = dependencies;
  const startedAt = clock.now();
  const directory = await dependencies.readDirectory();
  const detector = createChangeDetector(
    { bulkAbove, changesMax: request.limit ?? Number.POSITIVE_INFINITY, again: request.again ?? false },
    {
      ...dependencies,
      mapFolder: mapperOnDemand(() => dependencies.createMapper(directory)),
      unsettled: await dependencies.readUnsettled(),
      known: await dependencies.loadFingerprints(),
    },
  );

  if (request.folderIds !== undefined) {
    await readNamed(request.folderIds, dependencies, detector.take);
    return { state: 'partial', ...(await detector.finish(false)) };
  }

  const scan = await scanFolders({
    log: dependencies.log,
    pageSize: dependencies.pageSize,
    readPage: dependencies.readPage,
    onFolders: async (folders) => {
      await detector.take(folders);
      return lease.renew();
    },
  });
  const detected = await detector.finish(scan.complete);
  // A scan that was cut short, or that took only some of the changes, says nothing about the folders it did not see.
  const complete = scan.complete && request.limit === undefined;
  const before = await dependencies.readCursor();
  await dependencies.saveCursor({
    ...before,
    lastPollStartedAt: startedAt,
    lastPollAt: clock.now(),
    ...(complete ? { lastCompleteScanAt: clock.now(), folders: scan.folders } : {}),
  });
  if (complete) count('PollsCompleted');
  const limited = request.limit === undefined ? 'cut' : 'partial';
  return { state: complete ? 'complete' : limited, ...detected };
}

async function readNamed(
  folderIds: readonly string[],
  { readFolders, log }: PollDependencies,
  take: (folders: readonly Folder[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < folderIds.length; start += foldersPerLookup) {
    const asked = folderIds.slice(start, start + foldersPerLookup);
    const folders = await readFolders(asked);
    const found = new Set(folders.map(({ id }) => id));
    const missing = asked.filter((id) => !found.has(id));
    if (missing.length > 0) log.warn('folders-not-in-clavus', { folderIds: missing });
    await take(folders);
  }
}

/** Made for the first folder: a Clavus without folders may not show all of its columns yet. */
function mapperOnDemand(create: () => (folder: Folder) => MappedFolder): (folder: Folder) => MappedFolder {
  let map: ((folder: Folder) => MappedFolder) | undefined;
  return (folder) => {
    map ??= create();
    return map(folder);
  };
}
