import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey, matchKeys } from '../../../../lib/mapping/match-keys.ts';
import type { Company } from '../../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import type { MatchIndex } from '../../../../lib/state/match-index.ts';
import { bearerOf } from '../../../../lib/state/match-index.ts';
import type { ProspectLink } from '../../../../lib/state/prospect-links.ts';
import { refreshCompanies } from '../../../../lib/sync/match/refresh-companies.ts';
import { prospectKeys } from '../../../../lib/sync/prospects/prospect-keys.ts';
import { changed, refused } from '../../../../lib/sync/rows/row-transitions.ts';
import { everything } from '../../../support/everything.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';
import { memoryDirectory, memoryMatchIndex } from '../../../support/memory-stores.ts';
import { rowWith } from '../../../support/row-with.ts';

const now = 5_000_000;

function moovago(rows: FolderRow[] = []) {
  const index = memoryMatchIndex();
  const store = memoryRows(rows);
  const directory = memoryDirectory();
  const links: ProspectLink[] = [];
  let writes = 0;
  const clock = fakeClock(now);
  const telemetry = fakeTelemetry();
  const update: MatchIndex['update'] = (add, remove) => {
    writes += add.size + remove.size;
    return index.update(add, remove);
  };
  const refresh = (companies: Company[]) =>
    refreshCompanies({
      telemetry,
      clock,
      newId: () => 't',
      config: { match: ['marker', 'email'], matchIgnore: [], settleAfter: 900_000 },
      stage: 'test',
      readCompanies: async () => ({ companies, readBack: 'all' }),
      alsoKnownAs: async () => prospectKeys(links, 'test'),
      rows: store,
      matchIndex: { ...index, update },
      directory,
    });
  return {
    index,
    store,
    links,
    clock,
    telemetry,
    refresh,
    writes: () => writes,
    pass: () => directory.pass.now,
  };
}

const sizes = async ({ index }: ReturnType<typeof moovago>) =>
  (await everything(index.entries()))
    .map(([, texts]) => texts.map((text) => bearerOf(text).companyId).sort())
    .sort();

describe('a company that is a prospect', () => {
  const link: ProspectLink = {
    sk: 'c1',
    revision: 1,
    writeId: 'w1',
    status: 'sent',
    seenAt: now,
    attempts: 0,
    prospectId: 'p1',
  };
  const foundByFolder = async ({ index }: ReturnType<typeof moovago>, folderId: string) => {
    const keys = matchKeys(
      { note: markerFor('test', folderId) },
      { match: ['marker'], matchIgnore: [], stage: 'test' },
    );
    return [...(await index.find(keys.map(({ key }) => key))).values()]
      .flat()
      .map(({ companyId }) => companyId);
  };

  it("is found by a folder that has the prospect's id, until a folder has it", async () => {
    const world = moovago();
    world.links.push(link);
    await world.refresh([{ id: 'c1', name: 'Lemoine' }]);
    expect(await foundByFolder(world, 'p1')).toEqual(['c1']);
    expect(await foundByFolder(world, 'p2')).toEqual([]);
    world.links[0] = { ...link, status: 'owned' };
    await world.refresh([{ id: 'c1', name: 'Lemoine' }]);
    expect(await foundByFolder(world, 'p1')).toEqual([]);
  });
});

describe('a pass that shows far fewer companies than the one before', () => {
  const ten = Array.from({ length: 10 }, (_, index) => ({ id: `c${index}`, email: `${index}@example.com` }));

  it('is not believed: nothing is forgotten, and nothing may be decided by it', async () => {
    const world = moovago();
    await world.refresh(ten);
    await expect(world.refresh([])).rejects.toThrow('far fewer companies');
    await expect(world.refresh(ten.slice(0, 4))).rejects.toThrow('far fewer companies');
    expect((await sizes(world)).length).toBe(10);
    expect(world.pass()).toMatchObject({ companies: 10, at: now });
  });

  it('is believed when it has stayed so for an hour', async () => {
    const world = moovago();
    await world.refresh(ten);
    await expect(world.refresh(ten.slice(0, 4))).rejects.toThrow('far fewer companies');
    await world.clock.wait(59 * 60_000);
    await expect(world.refresh(ten.slice(0, 4))).rejects.toThrow('far fewer companies');
    await world.clock.wait(60_000);
    await world.refresh(ten.slice(0, 4));
    expect((await sizes(world)).length).toBe(4);
    expect(world.pass()).toEqual({
      at: now + 60 * 60_000,
      begunAt: now + 60 * 60_000,
      listedAt: now + 60 * 60_000,
      companies: 4,
      most: 10,
      mayBeCut: false,
      matching: '{"version":3,"match":["marker","email"],"matchIgnore":[]}',
      readBack: 'all',
    });
  });

  it('is believed at once where a few are missing', async () => {
    const world = moovago();
    await world.refresh(ten);
    await world.refresh(ten.slice(0, 5));
    expect((await sizes(world)).length).toBe(5);
  });
});

describe('a list that may end before its end', () => {
  const companiesTo = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `c${n}`, email: `c${n}@example.com` }));

  it.each([100, 200, 250, 500, 1_000])(
    'is one of exactly %i companies that never showed more',
    async (count) => {
      const world = moovago();
      expect(await world.refresh(companiesTo(count))).toMatchObject({ isWhole: false });
      expect(world.pass()).toMatchObject({ companies: count, mayBeCut: true });
      expect(world.telemetry.lines).toContainEqual({
        level: 'error',
        event: 'companies-cut',
        companies: count,
      });
      // One more, and it goes on beyond.
      expect(await world.refresh(companiesTo(count + 1))).toMatchObject({ isWhole: true });
      expect(world.pass()).toMatchObject({ mayBeCut: false, most: count + 1 });
      // Back to that number: it has shown more.
      expect(await world.refresh(companiesTo(count))).toMatchObject({ isWhole: true });
    },
  );

  it('is believed where it shows a company that was just made, and as long as it shows all that folders have', async () => {
    const rowOf = (n: number) =>
      rowWith(changed(undefined, { rowId: `f${n}`, record: { name: 'N' }, at: 1, lane: 'live' }) ?? {}, {
        companyId: `c${n}`,
      });
    const world = moovago(Array.from({ length: 100 }, (_, n) => rowOf(n)));
    await world.index.claim(companyKey('c99'), { folderId: 'f99', token: 't', madeAt: now });
    expect(await world.refresh(companiesTo(100))).toMatchObject({ isWhole: true });
    expect(await world.refresh(companiesTo(100))).toMatchObject({ isWhole: true });
    // One more folder has a company, and the list shows as many as before.
    world.store.all.set('f100', rowOf(100));
    expect(await world.refresh(companiesTo(100))).toMatchObject({ isWhole: false });
  });

  it('is believed where it shows a company that was made since the list before, and that a second folder shares by now', async () => {
    const world = moovago();
    await world.refresh(companiesTo(99));
    await world.clock.wait(1_000);
    const [{ key } = { key: '' }] = matchKeys(
      { email: 'c99@example.com' },
      { match: ['email'], matchIgnore: [], stage: 'test' },
    );
    await world.index.update(new Map([[key, ['c99 w']]]), new Map());
    await world.index.claim(companyKey('c99'), { folderId: 'f99', token: 't', madeAt: world.clock.now() });
    expect(await world.refresh(companiesTo(100))).toMatchObject({ isWhole: true });
  });

  it('takes no key of a company away that it does not show, nor does one with unreadable companies', async () => {
    const world = moovago();
    await world.refresh(companiesTo(101));
    const before = await sizes(world);
    const unreadable = Object.assign(companiesTo(99), { unreadable: 1 });
    expect(await world.refresh(unreadable)).toMatchObject({ isWhole: false, hasAllIds: false });
    expect(await sizes(world)).toEqual(before);
  });
});

describe('a list with companies that cannot be read in full', () => {
  const [a, b] = [
    { id: 'c1', email: 'a@example.com' },
    { id: 'c2', email: 'b@example.com' },
  ];
  const without = (companies: Company[], unreadable: number) => Object.assign(companies, { unreadable });

  it('says how many of them were never read in full: their customers cannot be recognised', async () => {
    const world = moovago();
    const neverRead = () =>
      world.telemetry.lines.findLast(({ event }) => event === 'companies-unreadable')?.neverRead;
    await world.refresh([a, { id: 'c2', unread: ['email'] }]);
    expect(neverRead()).toBe(1);
    await world.refresh([a, b]);
    await world.refresh([{ ...a, unread: ['name'] }, b]);
    expect(neverRead()).toBe(0);
    await world.refresh(without([a], 1));
    expect(neverRead()).toBe(0);
    await world.refresh(without([a], 2));
    expect(neverRead()).toBe(1);
  });
});

describe('a pass over the companies of Moovago', () => {
  it('brings the index up to date, and writes only what differs', async () => {
    const world = moovago();
    await world.refresh([
      { id: 'c1', email: 'a@example.com' },
      { id: 'c2', email: 'A@example.com' },
      { id: 'c3', email: 'b@example.com' },
    ]);
    expect(await sizes(world)).toEqual([['c1', 'c2'], ['c3']]);
    expect(world.pass()).toEqual({
      at: now,
      begunAt: now,
      listedAt: now,
      companies: 3,
      most: 3,
      mayBeCut: false,
      matching: '{"version":3,"match":["marker","email"],"matchIgnore":[]}',
      readBack: 'all',
    });
    expect(world.writes()).toBe(2);

    await world.refresh([
      { id: 'c1', email: 'a@example.com' },
      { id: 'c3', email: 'b@example.com' },
      { id: 'c4', email: 'c@example.com' },
    ]);
    expect(await sizes(world)).toEqual([['c1'], ['c3'], ['c4']]);
    expect(world.writes()).toBe(4);
  });

  it('keeps fifty of the companies with one value, and tries no more to add others', async () => {
    const world = moovago();
    const all = Array.from({ length: 1_100 }, (_, n) => ({ id: `c${n}`, email: 'a@example.com' }));
    await world.refresh(all);
    expect(world.writes()).toBe(1);
    await world.refresh([...all, { id: 'c9999', email: 'A@example.com' }]);
    expect(world.writes()).toBe(1);
  });

  it('keeps a company that was made while the list was read', async () => {
    const world = moovago();
    await world.refresh([]);
    await world.index.update(new Map([['abc', ['c9 w']]]), new Map());
    expect(await world.index.find(['abc', 'def'])).toEqual(
      new Map([['abc', [{ companyId: 'c9', witness: 'w' }]]]),
    );
  });

  it('keeps a company that the list may not show yet, and forgets one that it should', async () => {
    const world = moovago();
    world.index.claims.set(companyKey('c1'), { madeAt: now - 899_000 });
    world.index.claims.set(companyKey('c2'), { madeAt: now - 900_000 });
    await world.index.update(
      new Map([
        ['abc', ['c1', 'c2']],
        ['def', ['c2']],
        ['cde', ['c3']],
      ]),
      new Map(),
    );
    await world.refresh([]);
    expect(await everything(world.index.entries())).toEqual([['abc', ['c1']]]);
  });

  it('links no folder to a company that another one writes, whatever its marker says', async () => {
    const row = refused(
      changed(undefined, { rowId: 'f1', record: { name: 'Dupont' }, at: 1, lane: 'live' }) as FolderRow,
      { version: 1, message: 'Internal error', at: 2 },
    );
    const world = moovago([row, rowWith(row, { folderId: 'f2', status: 'delivered', companyId: 'c1' })]);
    await world.index.claim(companyKey('c1'), { folderId: 'f2', token: 't0' });
    await world.refresh([{ id: 'c1', note: markerFor('test', 'f1') }]);
    expect(world.store.all.get('f1')).toMatchObject({ status: 'refused' });
    expect(world.store.all.get('f1')?.companyId).toBeUndefined();
  });

  it('links a folder to the company that Moovago made although it had refused it', async () => {
    const row = refused(
      changed(undefined, { rowId: 'f1', record: { name: 'Dupont' }, at: 1, lane: 'live' }) as FolderRow,
      { version: 1, message: 'Internal error', at: 2 },
    );
    const world = moovago([row]);
    await world.refresh([{ id: 'c1', note: markerFor('test', 'f1') }]);
    expect(world.store.all.get('f1')).toMatchObject({
      status: 'due',
      companyId: 'c1',
      dueLane: 'live',
      dueAt: now,
    });
  });

  it('leaves a folder to a person of whose marker Moovago has two companies, and takes the other of one that was denied', async () => {
    const row = refused(
      changed(undefined, { rowId: 'f1', record: { name: 'Dupont' }, at: 1, lane: 'live' }) as FolderRow,
      { version: 1, message: 'Internal error', at: 2 },
    );
    const marked = ['c1', 'c2'].map((id) => ({ id, note: markerFor('test', 'f1') }));
    const world = moovago([row]);
    await world.refresh(marked);
    expect(world.store.all.get('f1')).toMatchObject({ status: 'refused' });
    world.store.all.set('f1', rowWith(row, { decision: { not: ['c1'], at: 3 } }));
    await world.refresh(marked);
    expect(world.store.all.get('f1')).toMatchObject({ status: 'due', companyId: 'c2' });
  });

  it('leaves a folder alone that is just being created', async () => {
    const due = changed(undefined, {
      rowId: 'f1',
      record: { name: 'Dupont' },
      at: 1,
      lane: 'live',
    }) as FolderRow;
    const world = moovago([due]);
    await world.refresh([{ id: 'c1', note: markerFor('test', 'f1') }]);
    expect(world.store.all.get('f1')).toEqual(due);
  });
});
