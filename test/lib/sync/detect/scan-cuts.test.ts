import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../../lib/clavus/folder.ts';
import { OperationRefused } from '../../../../lib/framework/operation-refused.ts';
import type { Slice } from '../../../../lib/sync/detect/scan-slice.ts';
import { polledClavus, start } from '../../../support/polled-clavus.ts';

type Values = { cp: string; tel: string; modif?: string };
const folderOf = (n: number, { cp, tel, modif }: Values): Folder => ({
  id: `f${n}`,
  columns: Object.entries({ nom: `Client ${n}`, modif, cp, tel }).flatMap(([name, value]) =>
    value === undefined ? [] : [{ id: name, name, label: name, value }],
  ),
});

/** Of a tenant whose postal codes have some forty folders each, and whose telephone numbers are all different. */
const mixed = (n: number) => (n * 7_919) % 99_991;
const foldersTo = (count: number, change: (n: number) => Partial<Values> = () => ({})) =>
  Array.from({ length: count }, (_, n) =>
    folderOf(n, {
      cp: String(10_000 + 100 * (mixed(n) % 600)),
      tel: `06${String(mixed(n)).padStart(8, '0')}`,
      ...change(n),
    }),
  );

type Server = {
  ceiling: number;
  /** Whether it sorts, and compares texts as a dictionary. */
  sorts: boolean;
  compare(one: string, other: string): number;
  /** What it counts, of so many that it found. */
  count(found: number): number;
  /** What it makes of the conditions of a slice. */
  conditions(slice: Slice): Slice;
};

/** A Clavus whose lists end at a ceiling, asked for slices as its client asks for them. */
function world(folders: Folder[], columns: string[], server: Partial<Server> = {}, dated = false) {
  const ceiling = server.ceiling ?? 1_000;
  const {
    sorts = true,
    compare = (one, other) => (one < other ? -1 : Number(one > other)),
    count = (found) => Math.min(found, ceiling),
    conditions = (slice) => slice,
  } = server;
  const clavus = polledClavus(folders, {
    pageSize: 200,
    bulkAbove: 1_000_000,
    ...(dated ? { createdColumn: 'modif' } : {}),
  });
  clavus.cutColumns = columns;
  const textOf = (folder: Folder, column: string) =>
    String(folder.columns.find(({ name }) => name === column)?.value ?? '');
  let found: Folder[] = [];
  let asked = '';
  clavus.page = (page) => {
    const slice = conditions(clavus.slice);
    // As often as a slice is asked for, it is found once.
    const key = JSON.stringify([slice, clavus.folders.length]);
    if (key !== asked) search(slice);
    asked = key;
    return found.slice(0, ceiling).slice((page - 1) * 200, page * 200);
  };
  const search = (slice: Slice) => {
    const { column = 'modif', after, from = after, to, only } = slice;
    found = clavus.folders.filter((folder) => {
      const text = textOf(folder, column);
      if (only !== undefined) return text === only;
      if (text === '') return from === undefined && to === undefined;
      return (from === undefined || compare(text, from) >= 0) && (to === undefined || compare(text, to) < 0);
    });
    // Folders without a value come last.
    if (sorts && slice.isSorted)
      found.sort((one, other) => {
        const [a, b] = [textOf(one, column), textOf(other, column)];
        return a === '' || b === '' ? Number(a === '') - Number(b === '') : compare(a, b);
      });
  };
  clavus.totalCount = () => {
    clavus.page(1);
    return count(found.length);
  };
  return clavus;
}

const pages = (folders: number) => folders / 200;
async function twice(clavus: ReturnType<typeof world>) {
  const first = await clavus.poll();
  const requests = clavus.pagesRead.length;
  clavus.pagesRead.length = 0;
  const second = await clavus.poll();
  return { first, second, requests: [requests, clavus.pagesRead.length] as const };
}

const dayOf = (n: number) => new Date(start + n * 60_000).toISOString();

describe('folders without a date, behind a ceiling', () => {
  const tenth = (n: number) => ({ modif: n % 10 === 9 ? '' : dayOf(n) });

  it('are asked for, and arrive', async () => {
    const clavus = world(foldersTo(3_000, tenth), [], {}, true);
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 3_000, changed: 3_000 });
  });

  it.each([
    ['overlooks', ({ only, ...slice }: Slice) => slice],
    ['finds nothing by', (slice: Slice) => (slice.only === '' ? { ...slice, only: 'nothing' } : slice)],
  ])('are said to be hidden if one is known and the server %s an empty value', async (_, conditions) => {
    // Without an order of its own, the list shows some of them.
    const clavus = world(foldersTo(1_500, tenth), [], { sorts: false, conditions }, true);
    expect(await clavus.poll()).toMatchObject({ state: 'cut' });
    expect(clavus.cursor.now?.hidden).toMatchObject({ blank: '' });
  });

  it('are not waited for where none is known', async () => {
    const conditions = ({ only, ...slice }: Slice) => slice;
    const clavus = world(
      foldersTo(3_000, (n) => ({ modif: dayOf(n) })),
      [],
      { conditions },
      true,
    );
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 3_000 });
  });

  it('do not end the poll where the server refuses to be asked for them', async () => {
    const clavus = world(
      foldersTo(1_500, (n) => ({ modif: dayOf(n) })),
      [],
      {},
      true,
    );
    clavus.onPageRead = () => {
      if (clavus.slice.only === '')
        throw new OperationRefused('CLAVUS_API_URL', 'refused', { reason: 'value is empty' });
    };
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 1_500 });
  });

  it('are found in ranges of another column, where dates cannot show them', async () => {
    const conditions = (slice: Slice) =>
      slice.only === '' && slice.column === undefined ? { ...slice, only: 'nothing' } : slice;
    const clavus = world(foldersTo(2_500, tenth), ['tel'], { conditions, sorts: false }, true);
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 2_500 });
  });
});

describe('a list without a date that ends before its end', () => {
  it.each([
    ['postal codes, some forty folders each', ['cp'], 1.08],
    ['telephone numbers, the finest values', ['cp', 'tel'], 1.03],
  ])('is cut into ranges of %s', async (_, columns, share) => {
    const clavus = world(foldersTo(25_000), columns);
    const { first, second, requests } = await twice(clavus);
    expect(first).toMatchObject({ state: 'complete', scanned: 25_000, changed: 25_000 });
    expect(second).toMatchObject({ state: 'complete', unchanged: 25_000 });
    expect(clavus.cursor.now).toMatchObject({ ceiling: 1_000, folders: 25_000 });
    expect(requests[0]).toBeLessThanOrEqual(1.12 * pages(25_000));
    expect(requests[1]).toBeLessThanOrEqual(share * pages(25_000));
  });

  it.each([
    ['does not sort', { sorts: false }],
    ['counts all', { count: (found: number) => found }],
    ['counts nothing', { count: () => 0 }],
    ['counts a page', { count: () => 200 }],
    ['compares as a dictionary', { compare: new Intl.Collator('fr').compare }],
  ])('is read whole from a server that %s', async (_, server) => {
    const names = foldersTo(4_000, (n) => ({ tel: `${'dÉeEBéac'[n % 8]}${mixed(n)}` }));
    const { first, second } = await twice(world(names, ['cp', 'tel'], server));
    expect(first).toMatchObject({ state: 'complete', scanned: 4_000 });
    expect(second).toMatchObject({ state: 'complete', unchanged: 4_000 });
  });

  it.each([
    ['all conditions', ({ column, from, to, only, ...slice }: Slice) => slice],
    ['ranges', ({ from, to, ...slice }: Slice) => slice],
    ['where a range ends', ({ to, ...slice }: Slice) => slice],
    ['where a range begins', ({ from, ...slice }: Slice) => slice],
    [
      'the first value of a range',
      (slice: Slice) => (slice.from ? { ...slice, from: `${slice.from}!` } : slice),
    ],
  ])('is not called whole if the server overlooks %s', async (_, conditions) => {
    const clavus = world(foldersTo(4_000), ['cp', 'tel'], { conditions });
    expect(await clavus.poll()).toMatchObject({ state: 'cut', counted: 1_000 });
  });

  it('is read value by value where ranges cannot be asked for, and whole only by a count', async () => {
    const conditions = ({ from, to, ...slice }: Slice) => slice;
    const few = foldersTo(4_000, (n) => ({ cp: `790${10 + (n % 8)}` }));
    const clavus = world(few, ['cp'], { conditions });
    expect(await clavus.poll()).toMatchObject({ state: 'cut', shown: 4_000, counted: 1_000 });
    const counting = world(few, ['cp'], { conditions, count: (found) => found });
    expect(await counting.poll()).toMatchObject({ state: 'complete', scanned: 4_000 });
  });

  it('shows those without a value by themselves', async () => {
    const sparse = foldersTo(3_000, (n) => (n % 5 === 0 ? { tel: '' } : {}));
    const clavus = world(sparse, ['tel']);
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 3_000 });
    const conditions = (slice: Slice) => (slice.only === '' ? { ...slice, only: 'nothing' } : slice);
    const blind = world(sparse, ['tel'], { conditions });
    expect(await blind.poll()).toMatchObject({ state: 'cut' });
    expect(blind.cursor.now?.hidden).toMatchObject({ blank: 'tel' });
  });

  it.each([7, 14, 21])('goes on in the next poll where time ran out, after %i pages', async (pagesRead) => {
    const clavus = world(foldersTo(4_000), ['tel']);
    let read = 0;
    clavus.onPageRead = () => void (++read === pagesRead && clavus.clock.wait(600_000));
    expect((await clavus.poll()).state).toBe('continues');
    expect(await clavus.poll()).toMatchObject({ state: 'complete' });
    expect([clavus.store.all.size, clavus.cursor.now?.folders]).toEqual([4_000, 4_000]);
    clavus.pagesRead.length = 0;
    expect(await clavus.poll()).toMatchObject({ state: 'complete', unchanged: 4_000 });
    expect(clavus.pagesRead.length).toBeLessThanOrEqual(25);
  });

  it('finds new ranges where the old ones have grown, and merges those that have shrunk', async () => {
    const clavus = world(foldersTo(4_000), ['tel']);
    await clavus.poll();
    clavus.folders = foldersTo(6_000);
    expect(await clavus.poll()).toMatchObject({ state: 'complete', scanned: 6_000 });
    const grown = clavus.cursor.now?.cuts?.bounds.length ?? 0;
    clavus.folders = foldersTo(1_500);
    await clavus.poll();
    await clavus.poll();
    expect(clavus.cursor.now?.cuts?.bounds.length).toBeLessThan(grown / 2);
  });
});
