import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../../lib/clavus/folder.ts';
import { folder, polledClavus, start } from '../../../support/polled-clavus.ts';

const minute = 60_000;
const dayOf = (n: number) => new Date(start + n * minute).toISOString();
const foldersTo = (count: number) =>
  Array.from({ length: count }, (_, n) => folder(`f${n}`, `Client ${n}`, dayOf(n)));

/** A Clavus whose lists end at a ceiling, sorted by a date. `count`: what it says for a list of so many. */
function ceiled(
  folders: Folder[],
  { ceiling = 1_000, count = (all: number) => Math.min(all, ceiling), dated = true, pageSize = 200 } = {},
) {
  const world = polledClavus(folders, {
    pageSize,
    bulkAbove: 1_000_000,
    ...(dated ? { createdColumn: 'modif' } : {}),
  });
  const { wanted } = world;
  world.page = (page, from) =>
    wanted(from)
      .slice(0, ceiling)
      .slice((page - 1) * pageSize, page * pageSize);
  world.totalCount = (from) => count(wanted(from).length);
  return world;
}

const honest = (all: number) => all;

describe('a list that ends before its end', () => {
  it.each([
    ['counts no further', undefined],
    ['counts all', honest],
  ])('is read in slices by its date, where Clavus %s', async (_, count) => {
    const world = ceiled(foldersTo(1_200), count && { count });
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 1_200, changed: 1_200 });
    expect(world.store.all.size).toBe(1_200);
    expect(world.cursor.now).toMatchObject({ folders: 1_200, ceiling: 1_000, excess: 0 });
  });

  it.each([100, 250, 500])('is tried with a slice at %i, where no count speaks for more', async (ceiling) => {
    for (const count of [undefined, () => 0, () => 50]) {
      const world = ceiled(foldersTo(700), { ceiling, pageSize: 50, ...(count && { count }) });
      expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 700 });
    }
    // Without a date, a count that agrees is believed, and one that explains nothing is not.
    expect((await ceiled(foldersTo(ceiling), { dated: false }).poll()).state).toBe('complete');
    expect((await ceiled(foldersTo(ceiling), { dated: false, count: () => 0 }).poll()).state).toBe('cut');
  });

  it('costs at most 3 % more requests than pages once that is known', async () => {
    const world = ceiled(foldersTo(25_000));
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 25_000 });
    world.pagesRead.length = 0;
    expect(await world.poll()).toMatchObject({ state: 'complete', unchanged: 25_000 });
    expect(world.pagesRead.length).toBeLessThanOrEqual(1.03 * (25_000 / 200));
  });

  it.each([5, 6, 7, 11, 12, 16, 18])(
    'goes on in the next poll in the slice where time ran out, after %i pages',
    async (pages) => {
      const world = ceiled(foldersTo(3_000));
      let read = 0;
      world.onPageRead = () => void (++read === pages && world.clock.wait(600_000));
      expect((await world.poll()).state).toBe('continues');
      expect(await world.poll()).toMatchObject({ state: 'complete' });
      expect([world.store.all.size, world.cursor.now?.folders]).toEqual([3_000, 3_000]);
    },
  );

  it.each([
    ['counts no further', undefined, 1_000],
    ['counts all', honest, 1_200],
  ])('is not complete, and says so, where it has no date and Clavus %s', async (_, count, counted) => {
    const world = ceiled(foldersTo(1_200), { dated: false, ...(count && { count }) });
    expect(await world.poll()).toMatchObject({ state: 'cut', shown: 1_000, counted, changed: 1_000 });
    expect(world.telemetry.lines).toContainEqual({
      level: 'error',
      event: 'clavus-list-ends',
      shown: 1_000,
      counted,
    });
    expect(world.telemetry.counts.FoldersHidden).toBe(counted === 1_200 ? 200 : 1);
    expect(world.cursor.now).toMatchObject({ hidden: { shown: 1_000, counted } });
    expect(world.cursor.now?.lastCompleteScanAt).toBeUndefined();
  });

  it('is not complete either where more folders than it shows have one date', async () => {
    const sameDay = foldersTo(1_200).map(({ id }) => folder(id, id, dayOf(0)));
    expect(await ceiled(sameDay).poll()).toMatchObject({ state: 'cut', shown: 1_000 });
  });

  it('removes no folder that it does not show', async () => {
    const world = ceiled(foldersTo(1_000), { dated: false, ceiling: 10_000 });
    await world.poll();
    world.folders = [...foldersTo(1_000).slice(3), ...foldersTo(1_400).slice(1_000)];
    world.page = (page) => world.folders.slice(0, 1_000).slice((page - 1) * 200, page * 200);
    world.totalCount = () => 1_000;
    for (const _ of [1, 2, 3]) expect(await world.poll()).toMatchObject({ state: 'cut', removed: 0 });
  });
});

describe('a list of exactly so many folders as lists end at', () => {
  it('is complete when the slice behind its last date shows nothing more', async () => {
    const world = ceiled(foldersTo(1_000), { ceiling: 10_000 });
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 1_000 });
    expect(world.cursor.now?.ceiling).toBeUndefined();
  });
});

describe('a count', () => {
  it.each([
    ['is far too low', () => 500],
    ['is that of a page', () => 100],
    ['is none', () => 0],
  ])('does not end a list: it %s', async (_, count) => {
    const world = ceiled(foldersTo(1_550), { ceiling: 100_000, count, dated: false, pageSize: 100 });
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 1_550 });
  });

  it('of a page that the server caps does not end a list either', async () => {
    const world = ceiled(foldersTo(1_500), { ceiling: 100_000, count: () => 100, dated: false });
    world.page = (page) => world.folders.slice((page - 1) * 100, page * 100);
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 1_500 });
  });
});

describe('among equal dates', () => {
  it('the order may change with each request: what one poll has seen counts for the next', async () => {
    const sameDay = foldersTo(900).map(({ id }) => folder(id, id, dayOf(0)));
    const world = ceiled(sameDay, { ceiling: 100_000 });
    let turn = 0;
    world.page = (page) => {
      turn++;
      const shuffled = sameDay.map((one) => [hash('sha256', `${turn} ${one.id}`), one] as const);
      const inOrder = shuffled.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
      return inOrder.slice((page - 1) * 200, page * 200);
    };
    const states: string[] = [];
    while (states.at(-1) !== 'complete' && states.length < 12) states.push((await world.poll()).state);
    expect(states.at(-1)).toBe('complete');
    expect(world.store.all.size).toBe(900);
  });
});

describe('twenty thousand folders that no page shows', () => {
  it('are looked for by their ids within the time of each poll', async () => {
    const all = foldersTo(20_200);
    const world = polledClavus(all, { pageSize: 1_000, bulkAbove: 1_000_000, goneMax: 100_000 });
    await world.poll();
    // Ten thousand are gone, and as many stand on no page.
    const there = new Set(all.slice(0, 10_200).map(({ id }) => id));
    world.page = (page) => (page === 1 ? all.slice(0, 200) : []);
    world.totalCount = () => 200;
    const byId = new Map(all.map((one) => [one.id, one]));
    world.byId = async (folderIds) => {
      await world.clock.wait(3_000);
      return folderIds.flatMap((id) => (there.has(id) ? (byId.get(id) ?? []) : []));
    };
    const states: string[] = [];
    while (states.at(-1) !== 'complete' && states.length < 9) {
      const begun = world.clock.now();
      states.push((await world.poll()).state);
      expect(world.clock.now() - begun).toBeLessThan(550_000);
    }
    // Half of them need smaller requests at the beginning of each poll, to be sure that they are gone.
    expect(states).toEqual(['continues', 'continues', 'continues', 'continues', 'complete']);
    expect([new Set(world.namedRead).size, world.cursor.now?.folders]).toEqual([20_000, 10_200]);
  });
});

describe('a folder that cannot be read', () => {
  it('keeps its last state, and is named; without an id it makes no folder gone', async () => {
    const world = polledClavus(foldersTo(3), { pageSize: 10, goneMax: 5 });
    await world.poll();
    const { page } = world;
    world.unreadable = [{ place: 1 }];
    world.page = (...given) => page(...given).filter(({ id }) => id !== 'f1');
    world.folders = world.folders.filter(({ id }) => id !== 'f2');
    world.removals.now = { approved: { folders: 9 } };
    for (const _ of [1, 2, 3])
      expect(await world.poll()).toMatchObject({ state: 'complete', removed: 0, unreadable: 1 });
    // Nor does it use the operator's approval up.
    expect(world.removals.now).toEqual({ approved: { folders: 9 } });
    expect(world.telemetry.lines).toContainEqual({
      level: 'error',
      event: 'folders-unreadable',
      page: 1,
      places: ['2'],
      folderIds: [],
    });
    // With its id, the others may be judged: f2 is gone.
    world.unreadable = [{ place: 1, id: 'f1' }];
    await world.poll();
    expect(await world.poll()).toMatchObject({ state: 'complete', removed: 1, unreadable: 1 });
    expect(world.store.all.get('f1')?.status).toBe('due');
    expect(world.store.all.get('f2')?.status).toBe('removed');
  });
});
