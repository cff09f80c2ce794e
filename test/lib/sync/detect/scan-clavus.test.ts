import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folder, polledClavus, start } from '../../../support/polled-clavus.ts';

const named = (...ids: string[]) => ids.map((id) => folder(id, `of ${id}`));
const minute = 60_000;
const due = ({ store }: ReturnType<typeof polledClavus>) =>
  [...store.all.values()].map(({ folderId, dueLane }) => `${folderId} ${dueLane}`).sort();

describe('a scan of all folders', () => {
  it('goes on in the next poll where time ran out, and reads one page again at most', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e', 'f', 'g'), { bulkAbove: 9 });
    world.onPageRead = (page) => void (page === 2 && world.clock.wait(9.5 * minute));
    expect(await world.poll()).toEqual({
      removed: 0,
      state: 'continues',
      scanned: 4,
      changed: 4,
      unchanged: 0,
      failed: 0,
      unreadable: 0,
    });
    // Held back until it shows whether they are few or a mass.
    expect(due(world)).toEqual([]);
    expect(world.cursor.now?.scan).toEqual({ id: 'scan1', kind: 'full', startedAt: start });
    world.onPageRead = () => {};
    world.pagesRead.length = 0;
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(world.pagesRead).toEqual([2, 3, 4]);
    expect(due(world)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => `${id} live`));
    expect(world.cursor.now).toMatchObject({ folders: 7, lastFullScanAt: start, scan: undefined });
  });

  it('goes on after it died in the middle, and loses nothing that was held back', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'), { bulkAbove: 9 });
    world.onPageRead = (page) => {
      if (page === 3) throw new Error('killed');
    };
    await expect(world.poll()).rejects.toThrow('killed');
    world.onPageRead = () => {};
    world.pagesRead.length = 0;
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(world.pagesRead).toEqual([2, 3]);
    expect(world.namedRead).toEqual(['a', 'b', 'c', 'd']);
    expect(due(world)).toEqual(['a live', 'b live', 'c live', 'd live', 'e live']);
  });

  it('takes changes for a mass that are few in each of its parts', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'), { bulkAbove: 3 });
    world.onPageRead = (page) => void (page === 1 && world.clock.wait(9.5 * minute));
    expect(await world.poll()).toMatchObject({ state: 'continues', changed: 2 });
    world.onPageRead = () => {};
    await world.poll();
    expect(due(world)).toEqual(['a bulk', 'b bulk', 'c bulk', 'd bulk', 'e bulk']);
  });

  it('has two pages on their way at a time, and none beyond the last', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e', 'f', 'g'));
    await world.poll();
    expect(world.mostInFlight).toBe(2);
    expect(world.pagesRead).toEqual([1, 2, 3, 4]);
  });

  it('goes back for folders that slid forward when others were deleted', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e', 'f', 'g'));
    world.onPageRead = (page) => {
      if (page === 2) world.folders = world.folders.filter(({ id }) => id !== 'a');
    };
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(due(world).map((line) => line[0])).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('asks by name for a known folder that no page showed', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd'));
    await world.poll();
    const changed = folder('c', 'changed');
    world.folders = [...named('a', 'b'), changed, ...named('d')];
    // One is deleted and one is made while it reads: the count stays, and c slides past.
    world.onPageRead = (page) => {
      if (page === 2) world.folders = [...named('b'), changed, ...named('d', 'e')];
    };
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(world.namedRead).toEqual(['c']);
    expect(world.store.all.get('c')?.desired?.record).toEqual({ name: 'changed' });
  });

  it('asks for none by name when more are unseen than may be gone at once', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'), { goneMax: 2 });
    await world.poll();
    world.folders = named('a', 'b');
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(world.namedRead).toEqual([]);
  });

  it('does not believe a Clavus that shows nothing at all', async () => {
    const world = polledClavus(named('a', 'b'));
    await world.poll();
    const before = world.cursor.now;
    world.folders = [];
    expect(await world.poll()).toMatchObject({ state: 'cut', scanned: 0 });
    expect(world.cursor.now).toMatchObject({ lastCompleteScanAt: before?.lastCompleteScanAt, folders: 2 });
    expect(world.telemetry.lines).toContainEqual({
      level: 'error',
      event: 'clavus-shows-nothing',
      known: 2,
    });
  });

  it('reads the pages again when fewer folders were seen than Clavus counts', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'));
    let hidden = true;
    const page = world.page;
    world.page = (number) => page(number).filter(({ id }) => !(hidden && id === 'b'));
    world.onPageRead = (number) => {
      if (number === 3) hidden = false;
    };
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(due(world).map((line) => line[0])).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('a scan whose polls manage some pages only', () => {
  /** In each poll, time runs out at a second page. */
  function slowPolls(ids: string[]) {
    const world = polledClavus(named(...ids));
    let pages = 0;
    world.onPageRead = () => void (pages++ % 2 === 1 && world.clock.wait(9.5 * minute));
    return world;
  }

  async function untilComplete(world: ReturnType<typeof polledClavus>) {
    for (let poll = 0; poll < 20; poll++) {
      const result = await world.poll();
      if (result.state === 'complete') return result;
    }
    throw new Error('20 polls do not end the scan');
  }

  it('believes that a count is wrong when three passes show no more', async () => {
    const world = slowPolls(['a', 'b', 'c', 'd', 'e', 'f']);
    world.totalCount = () => 7;
    await untilComplete(world);
    expect(world.telemetry.lines).toContainEqual({
      level: 'warn',
      event: 'count-disagrees',
      seen: 6,
      totalCount: 7,
    });
  });

  it.each([
    ['there is no count', 0],
    ["the count is a page's own", 2],
  ])('reads all pages again when a folder stood on two of them, and %s', async (_, totalCount) => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'));
    world.totalCount = () => totalCount;
    let isFirst = true;
    world.onPageRead = (page) => {
      // An edit brings the last one to the front, where the pages were read already.
      if (page === 2 && isFirst) world.folders.unshift(...world.folders.splice(4, 1));
      if (page === 2) isFirst = false;
    };
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(due(world).map((line) => line[0])).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is not complete while folders that are open were not looked at', async () => {
    const ids = Array.from({ length: 60 }, (_, place) => `f${place}`);
    const world = polledClavus(named(...ids), { pageSize: 100 });
    world.cursor.unsettled.now = ids;
    const { byId } = world;
    world.byId = async (folderIds) => {
      await world.clock.wait(9.5 * minute);
      return byId(folderIds);
    };
    expect(await world.poll()).toMatchObject({ state: 'continues' });
    expect(world.cursor.unsettled.now).toHaveLength(10);
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(world.cursor.unsettled.now).toEqual([]);
  });

  it('says at its end what its first poll could not read, and takes no folder for gone', async () => {
    const world = slowPolls(['a', 'b', 'c', 'd', 'e', 'f']);
    await untilComplete(world);
    world.folders.splice(3, 1);
    world.unreadable = [{ place: 1 }];
    expect(await world.poll()).toMatchObject({ state: 'continues', unreadable: 1 });
    world.unreadable = [];
    expect(await untilComplete(world)).toMatchObject({ unreadable: 1 });
    expect(world.cursor.now?.unreadable).toEqual([{ page: 1, place: 2 }]);
    expect(world.removals.now.missing).toBeUndefined();
  });
});

describe('a scan of what was modified', () => {
  const morning = folder('a', 'A', '2026-11-24T09:00:00');
  const evening = folder('b', 'B', '2026-11-24T19:30:00');

  it('asks from the greatest date seen on, less three hours, and leaves the rest alone', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    expect(world.cursor.now?.watermark).toEqual({
      at: Date.parse('2026-11-24T19:30:00+01:00'),
      shape: 'local',
    });
    await world.clock.wait(5 * minute);
    world.asked.length = 0;
    world.folders = [morning, evening, folder('c', 'C', '2026-11-24T20:04:00')];
    expect(await world.poll()).toEqual({
      removed: 0,
      state: 'complete',
      scanned: 2,
      changed: 1,
      unchanged: 1,
      failed: 0,
      unreadable: 0,
    });
    expect(world.asked).toEqual(['2026-11-24T16:30:00', '2026-11-24T16:30:00']);
    expect(world.cursor.now).toMatchObject({
      watermark: { at: Date.parse('2026-11-24T20:04:00+01:00'), shape: 'local' },
      lastCompleteScanAt: start,
      folders: 2,
    });
  });

  it('asks with the offset of the tenant, which a server that compares text needs', async () => {
    // In Guadeloupe. As text, 15:13Z would lie behind 14:20-04:00.
    const first = folder('a', 'A', '2026-11-24T14:13:06-04:00');
    const world = polledClavus([first], { fullScanEvery: 60 * minute });
    await world.poll();
    world.folders = [first, folder('b', 'B', '2026-11-24T14:20:00-04:00')];
    await world.clock.wait(5 * minute);
    expect(await world.poll()).toMatchObject({ state: 'complete', changed: 1 });
    expect(world.asked.at(-1)).toBe('2026-11-24T11:13:06-04:00');
  });

  it('gives way to a scan of all folders when it is time for one', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    await world.clock.wait(59 * minute);
    await world.poll();
    await world.clock.wait(minute);
    world.asked.length = 0;
    await world.poll();
    expect(new Set(world.asked)).toEqual(new Set([undefined]));
    expect(world.cursor.now?.lastFullScanAt).toBe(start + 60 * minute);
  });

  it('finds an edit that moved no date at the next scan of all folders', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    world.folders = [folder('a', 'A, edited', '2026-11-24T09:00:00'), evening];
    await world.clock.wait(5 * minute);
    expect(await world.poll()).toMatchObject({ changed: 0 });
    await world.clock.wait(60 * minute);
    expect(await world.poll()).toMatchObject({ changed: 1 });
  });

  it('moves no watermark when its pages did not fit together', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    const { watermark } = world.cursor.now ?? {};
    world.totalCount = () => 3;
    world.folders = [morning, evening, folder('c', 'C', '2026-11-24T20:04:00')].slice(0, 2);
    expect(await world.poll()).toMatchObject({ state: 'cut' });
    expect(world.cursor.now?.watermark).toEqual(watermark);
  });

  it('does not take the absence of what was not asked for as a removal', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    world.namedRead.length = 0;
    await world.poll();
    expect(world.namedRead).toEqual([]);
  });

  it('says when Clavus ignored the filter, and is none the worse for it', async () => {
    const world = polledClavus([morning, evening], { fullScanEvery: 60 * minute });
    await world.poll();
    world.wanted = () => world.folders;
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 2, unchanged: 2 });
    expect(world.telemetry.lines).toContainEqual({
      level: 'warn',
      event: 'filter-ignored',
      setting: 'clavus.modifiedColumn',
    });
  });
});

describe('whatever happens while Clavus is read', () => {
  type Step = { kind: 'edit' | 'add' | 'delete'; at: number; nth: number };
  const steps = fc.array(
    fc.record({
      kind: fc.constantFrom<Step['kind']>('edit', 'add', 'delete'),
      at: fc.nat({ max: 40 }),
      nth: fc.nat({ max: 20 }),
    }),
    { maxLength: 25 },
  );

  /** Somebody edits, adds or deletes a folder; the first one stays, as a Clavus without folders is not believed. */
  function disturb(world: ReturnType<typeof polledClavus>, { kind, at, nth }: Step, newestFirst: boolean) {
    const put = (changed: ReturnType<typeof folder>) => {
      const others = world.folders.filter(({ id }) => id !== changed.id);
      world.folders = newestFirst ? [changed, ...others] : [...others, changed];
    };
    if (kind === 'add') return put(folder(`new ${at} ${nth}`, 'new'));
    const chosen = world.folders.filter(({ id }) => id !== 'f0').at(nth % 7);
    if (chosen === undefined) return;
    if (kind === 'edit') put(folder(chosen.id, `edited ${at} ${nth}`));
    else world.folders = world.folders.filter((one) => one !== chosen);
  }

  it('every change is taken by the next undisturbed scan, and no folder is taken for gone that is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 15 }), steps, fc.boolean(), async (count, disturbances, newestFirst) => {
        const world = polledClavus(
          named('f0', ...Array.from({ length: count }, (_, index) => `f${index + 1}`)),
          {
            bulkAbove: 100,
            goneMax: 100,
          },
        );
        let read = 0;
        world.onPageRead = () => {
          read++;
          for (const step of disturbances) if (step.at === read) disturb(world, step, newestFirst);
        };
        for (let poll = 0; poll < 5; poll++) {
          await world.poll();
          const there = new Set(world.folders.map(({ id }) => id));
          const gone = world.telemetry.lines.flatMap(({ event, folderIds }) =>
            event === 'folders-gone' ? (folderIds as string[]) : [],
          );
          expect(gone.filter((id) => there.has(id))).toEqual([]);
        }
        world.onPageRead = () => {};
        expect(await world.poll()).toMatchObject({ state: 'complete' });
        for (const { id, columns } of world.folders)
          expect(world.store.all.get(id)?.desired?.record).toEqual({ name: columns[0]?.value });
      }),
      { numRuns: 300 },
    );
  });
});
