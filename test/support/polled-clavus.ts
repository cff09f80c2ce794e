import type { Folder } from '../../lib/clavus/folder.ts';
import type { MappedFolder } from '../../lib/mapping/map-folder.ts';
import type { Cursor } from '../../lib/state/cursor.ts';
import type { UnmatchedOwner } from '../../lib/state/directory.ts';
import { FingerprintMap } from '../../lib/state/fingerprint-map.ts';
import type { Removals } from '../../lib/state/removals.ts';
import type { ScannedPage, ScanProgress } from '../../lib/state/scan-progress.ts';
import { packIds, SeenFolders } from '../../lib/state/seen-folders.ts';
import { type PollRequest, pollClavus } from '../../lib/sync/detect/poll-clavus.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';

export const start = Date.parse('2026-11-24T20:00:00+01:00');

/** @param modified when it was modified, as the tenant writes it */
export const folder = (id: string, name: string, modified?: string): Folder => ({
  id,
  columns: [
    { id: 'col1', name: 'nom', label: 'Nom', value: name },
    ...(modified === undefined ? [] : [{ id: 'col2', name: 'modif', label: 'Modif', value: modified }]),
  ],
});

const mapByName = ({ columns }: Folder): MappedFolder => {
  const name = String(columns[0]?.value ?? '');
  if (name === 'of a stranger') return { kind: 'mapped', record: { name }, unmatched: ['Stranger'] };
  return name === ''
    ? { kind: 'unmappable', field: 'company.name', reason: 'nom is empty' }
    : { kind: 'mapped', record: { name } };
};

/** A Clavus of a few folders, and everything that a poll keeps between two runs. */
export function polledClavus(
  folders: Folder[],
  {
    pageSize = 2,
    bulkAbove = 3,
    fullScanEvery = undefined as number | undefined,
    goneMax = 5,
    onRemoved = 'keep' as 'keep' | 'flag' | 'delete',
  } = {},
) {
  const clock = fakeClock(start);
  const store = memoryRows();
  const telemetry = fakeTelemetry();
  const saved = new Map<string, Uint8Array>();
  const steps: string[] = [];
  const pagesRead: number[] = [];
  const progress = new Map<string, ScannedPage[]>();
  let inFlight = 0;
  let ids = 0;
  const world = {
    folders,
    clock,
    store,
    telemetry,
    steps,
    pagesRead,
    cursor: undefined as Cursor | undefined,
    unsettled: [] as string[],
    removals: {} as Removals,
    sharers: new Map<string, string[]>(),
    lookedAt: 0,
    unmatched: [] as UnmatchedOwner[],
    failing: false,
    held: undefined as number | undefined,
    leaseLost: false,
    /** Milliseconds that the invocation has. */
    timeLeft: 600_000,
    /** Pages that were asked for at the same time, at most. */
    mostInFlight: 0,
    /** What the pages were asked for. */
    asked: [] as (string | undefined)[],
    namedRead: [] as string[],
    /** Called before each page is answered. */
    onPageRead: (_page: number) => {},
    wanted: (from: string | undefined) =>
      world.folders.filter(({ columns }) => from === undefined || String(columns[1]?.value) >= from),
    page: (page: number, from?: string) => world.wanted(from).slice((page - 1) * pageSize, page * pageSize),
    totalCount: (from?: string) => world.wanted(from).length,
    poll: (request: PollRequest = {}) =>
      pollClavus(request, clock.now() + world.timeLeft, {
        ...telemetry,
        clock,
        newId: () => `scan${++ids}`,
        timezone: 'Europe/Paris',
        ...(fullScanEvery === undefined ? {} : { fullScanEvery }),
        removalLimit: { share: 0, atLeast: goneMax },
        onRemoved,
        children: [],
        lookedAt: async () => world.lookedAt,
        sharersOf: async (key) => world.sharers.get(key) ?? [],
        forgetFingerprints: async (ids) => {
          for (const id of ids) saved.delete(id);
        },
        removals: {
          read: async () => world.removals,
          save: async (kind, content) => {
            world.removals = { ...world.removals, [kind]: content };
          },
          forget: async (kind) => {
            world.removals = { ...world.removals, [kind]: undefined };
          },
        },
        knownFolders: async (isPicked) => [...saved.keys()].filter(isPicked),
        readProgress: async (scanId) => progressOf(progress.get(scanId) ?? []),
        savePage: async (scanId, page) => {
          steps.push(`page ${page.page}`);
          progress.set(scanId, [...(progress.get(scanId) ?? []), page]);
        },
        bulkAbove,
        pageSize,
        takeLease: async () =>
          world.held === undefined
            ? {
                lease: {
                  renew: async () => !world.leaseLost,
                  release: async () => {
                    steps.push('release');
                  },
                },
              }
            : { heldUntil: world.held },
        readDirectory: async () => ({ columns: [], users: [], team: { id: 't', name: 'T', members: [] } }),
        createReading: () => ({
          map: mapByName,
          modified: ({ columns }) => columns[1]?.value,
          fields: () => ['name'],
          shows: ({ columns }) => (columns.length > 0 ? ['name'] : []),
          satisfiesFilter: ({ columns }) => columns[0]?.value !== 'filtered out',
        }),
        loadFingerprints: async () => {
          const map = new FingerprintMap();
          for (const [id, fingerprint] of saved) map.set(id, fingerprint);
          return map;
        },
        saveFingerprints: async (entries) => {
          if (world.failing) throw new Error('the process dies here');
          steps.push('fingerprints');
          for (const { folderId, fingerprint } of entries) saved.set(folderId, fingerprint);
        },
        readUnmatched: async () => world.unmatched,
        saveUnmatched: async (people) => {
          world.unmatched = [...people];
        },
        readUnsettled: async () => world.unsettled,
        saveUnsettled: async (ids) => {
          steps.push(`unsettled ${ids.join()}`);
          world.unsettled = [...ids];
        },
        readPage: async (page, from) => {
          pagesRead.push(page);
          world.asked.push(from);
          world.mostInFlight = Math.max(world.mostInFlight, ++inFlight);
          await Promise.resolve();
          world.onPageRead(page);
          const answer = { totalCount: world.totalCount(from), folders: world.page(page, from) };
          await Promise.resolve();
          inFlight--;
          return answer;
        },
        readFolders: async (ids) => {
          world.namedRead.push(...ids);
          return world.folders.filter(({ id }) => ids.includes(id));
        },
        readRows: store.read,
        changeRow: async (...call) => {
          steps.push('row');
          return store.change(...call);
        },
        readCursor: async () => world.cursor,
        saveCursor: async (cursor) => {
          steps.push('cursor');
          world.cursor = cursor;
        },
      }),
  };
  return world;
}

/** As the table gives it back. */
function progressOf(pages: readonly ScannedPage[]): ScanProgress {
  const progress: ScanProgress = { seen: new SeenFolders(), held: [], changed: 0, last: undefined };
  for (const { pass, page, folderIds, held, changed } of pages) {
    progress.seen.addPacked(packIds(folderIds));
    progress.held.push(...held);
    progress.changed = changed;
    progress.last = { pass, page };
  }
  return progress;
}
