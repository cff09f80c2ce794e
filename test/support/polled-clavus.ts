import type { Folder, UnreadableFolder } from '../../lib/clavus/folder.ts';
import type { MappedFolder } from '../../lib/mapping/map-folder.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';
import { underLease } from '../../lib/state/lease.ts';
import { type PollDependencies, type PollRequest, pollClavus } from '../../lib/sync/detect/poll-clavus.ts';
import type { Slice } from '../../lib/sync/detect/scan-slice.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { memoryRows } from './memory-rows.ts';
import {
  memoryCursor,
  memoryDirectory,
  memoryFingerprints,
  memoryMatchIndex,
  memoryRemovals,
  memoryScanProgress,
} from './memory-stores.ts';

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
    createdColumn = undefined as string | undefined,
  } = {},
) {
  const clock = fakeClock(start);
  const store = memoryRows();
  const telemetry = fakeTelemetry();
  const [cursor, fingerprints, scanProgress] = [memoryCursor(), memoryFingerprints(), memoryScanProgress()];
  const [directory, matchIndex, removals] = [memoryDirectory(), memoryMatchIndex(), memoryRemovals()];
  const config = parseSyncConfig(
    {
      company: { name: 'nom' },
      clavus: {
        pageSize,
        ...(createdColumn && { createdColumn }),
        ...(fullScanEvery && { modifiedColumn: 'modif', fullScanEvery: `PT${fullScanEvery / 1000}S` }),
      },
      pace: { bulkAbove },
      removalLimit: { share: 0, atLeast: goneMax },
      onRemoved,
    },
    'sync.config.ts',
  );
  const steps: string[] = [];
  const pagesRead: number[] = [];
  let inFlight = 0;
  let ids = 0;
  const noting =
    <Given extends unknown[], Value>(
      step: (...given: NoInfer<Given>) => string,
      act: (...given: Given) => Promise<Value>,
    ) =>
    async (...given: Given) => {
      steps.push(step(...given));
      return act(...given);
    };
  const lease = {
    renew: async () => !world.leaseLost,
    release: noting(
      () => 'release',
      async () => {},
    ),
  };
  const world = {
    folders,
    clock,
    store,
    telemetry,
    steps,
    pagesRead,
    cursor,
    directory,
    matchIndex,
    removals,
    failing: false,
    leaseLost: false,
    /** Milliseconds that the invocation has. */
    timeLeft: 600_000,
    /** Pages that were asked for at the same time, at most. */
    mostInFlight: 0,
    /** What the pages were asked for. */
    asked: [] as (string | undefined)[],
    namedRead: [] as string[],
    /** What of the first page cannot be read. */
    unreadable: [] as UnreadableFolder[],
    /** By which columns the list may be cut. */
    cutColumns: [] as string[],
    /** That of the page that is asked for. */
    slice: { isSorted: false } as Slice,
    /** Called before each page is answered. */
    onPageRead: (_page: number) => {},
    wanted: (from: string | undefined) =>
      world.folders.filter(({ columns }) => from === undefined || String(columns[1]?.value) >= from),
    page: (page: number, from?: string) => world.wanted(from).slice((page - 1) * pageSize, page * pageSize),
    byId: async (folderIds: readonly string[]) => world.folders.filter(({ id }) => folderIds.includes(id)),
    totalCount: (from?: string) => world.wanted(from).length,
    poll: (request: PollRequest = {}) =>
      underLease(lease, () => {
        const deadline = clock.now() + world.timeLeft;
        return pollClavus(request, { lease, deadline, pendingHints: [] }, dependencies);
      }),
  };
  const dependencies: PollDependencies = {
    telemetry,
    clock,
    newId: () => `scan${++ids}`,
    config,
    directory,
    matchIndex,
    removals,
    rows: { ...store, change: noting(() => 'row', store.change) },
    scanProgress: {
      ...scanProgress,
      savePage: noting((_id, { page }, _now) => `page ${page}`, scanProgress.savePage),
    },
    fingerprints: {
      ...fingerprints,
      save: noting(() => {
        if (world.failing) throw new Error('the process dies here');
        return 'fingerprints';
      }, fingerprints.save),
    },
    cursor: {
      ...cursor,
      save: noting(() => 'cursor', cursor.save),
      saveUnsettled: noting((folderIds) => `unsettled ${folderIds.join()}`, cursor.saveUnsettled),
    },
    clavus: {
      reading: async () => ({
        map: mapByName,
        modified: ({ columns }) => columns[1]?.value,
        date: ({ columns }) => String(columns[1]?.value ?? '') || undefined,
        columns: () => world.cutColumns,
        text: ({ columns }, name) => {
          const column = columns.find((one) => one.name === name);
          return column && String(column.value ?? '');
        },
        fields: () => ['name'],
        shows: ({ columns }) => (columns.length > 0 ? ['name'] : []),
        satisfiesFilter: ({ columns }) => columns[0]?.value !== 'filtered out',
      }),
      readPage: async (page, { from: since, slice }) => {
        const from = slice.after ?? since;
        world.slice = slice;
        pagesRead.push(page);
        world.asked.push(from);
        world.mostInFlight = Math.max(world.mostInFlight, ++inFlight);
        await Promise.resolve();
        world.onPageRead(page);
        const { unreadable } = world;
        const answer = {
          totalCount: world.totalCount(from),
          folders: world.page(page, from),
          ...(unreadable.length > 0 && page === 1 ? { unreadable } : {}),
        };
        await Promise.resolve();
        inFlight--;
        return answer;
      },
      getValuesByIds: async (folderIds) => {
        world.namedRead.push(...folderIds);
        return world.byId(folderIds);
      },
    },
  };
  return world;
}
