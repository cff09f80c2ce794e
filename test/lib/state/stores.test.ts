import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { createPilotStore } from '../../../lib/state/pilot.ts';
import { createRemovalsStore } from '../../../lib/state/removals.ts';
import { createScanProgressStore } from '../../../lib/state/scan-progress.ts';
import { putItem } from '../../../lib/state/table.ts';
import { everything } from '../../support/everything.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { stateTable } from '../../support/state-table.ts';

const print = (last: number) => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, last);

describe('fingerprints', () => {
  it('are saved by the hundreds and loaded all at once, the last one of a folder', async () => {
    const fingerprints = createFingerprints(await stateTable());
    const entries = Array.from({ length: 130 }, (_, index) => ({
      folderId: `f${index}`,
      fingerprint: print(index),
    }));
    await fingerprints.save([...entries, { folderId: 'f0', fingerprint: print(200) }]);
    const map = await fingerprints.load();
    expect(map.size).toBe(130);
    expect(map.matches('f129', print(129))).toBe(true);
    expect(map.matches('f0', print(200))).toBe(true);
    expect(map.matches('f0', print(0))).toBe(false);
    expect(map.matches('unknown', print(0))).toBe(false);
  });

  it('are picked by their folders, and forgotten', async () => {
    const fingerprints = createFingerprints(await stateTable());
    const ids = Array.from({ length: 60 }, (_, index) => `f${index}`);
    await fingerprints.save(ids.map((folderId) => ({ folderId, fingerprint: print(1) })));
    expect((await fingerprints.folderIds((id) => id.endsWith('9'))).sort()).toEqual([
      'f19',
      'f29',
      'f39',
      'f49',
      'f59',
      'f9',
    ]);
    await fingerprints.remove(ids.slice(0, 40));
    expect((await fingerprints.load()).size).toBe(20);
    expect(await fingerprints.folderIds((id) => id === 'f9')).toEqual([]);
  });
});

describe('the progress of a scan', () => {
  const now = 1_700_000_000_000;

  it('is what all of its pages have seen, and where it stands', async () => {
    let ids = 0;
    const store = createScanProgressStore(await stateTable(), () => `i${++ids}`);
    const slice = { isSorted: true, after: '2026-01-05' };
    const page = { pass: 1, slice, buffered: [], changed: 0 };
    const unreadable = [{ place: 1 }, { place: 3, id: 'u' }];
    await store.savePage('s1', { ...page, page: 1, folderIds: ['a', 'b'], unreadable }, now);
    await store.savePage('s1', { ...page, page: 2, folderIds: ['c'], buffered: ['c'], changed: 1 }, now + 1);
    // Read once more, it shows another folder: what it showed before has been seen too.
    await store.savePage(
      's1',
      {
        ...page,
        page: 2,
        folderIds: ['d'],
        buffered: ['d'],
        changed: 2,
        parts: 5,
        stale: { passes: 1, seen: 4 },
      },
      now + 2,
    );
    await store.savePage('s2', { ...page, page: 9, folderIds: ['x'] }, now);
    const { seen, missing, ...progress } = await store.read('s1');
    expect(progress).toEqual({
      buffered: ['c', 'd'],
      changed: 2,
      unreadable: unreadable.map((one) => ({ ...one, page: 1, slice })),
      parts: 5,
      stale: { passes: 1, seen: 4 },
      bounds: undefined,
      last: { pass: 1, page: 2, slice },
    });
    expect(['a', 'b', 'c', 'd', 'x'].map((id) => seen.has(id))).toEqual([true, true, true, true, false]);
    expect(seen.size).toBe(4);
  });

  it('has the ranges that were read, in their order, and who was looked for in vain', async () => {
    let ids = 0;
    const store = createScanProgressStore(await stateTable(), () => `i${++ids}`);
    const page = { pass: 1, page: 1, folderIds: [], buffered: [], changed: 0 };
    for (const [at, from] of [undefined, 'b', 'b', 'd'].entries())
      await store.savePage('s1', { ...page, slice: { isSorted: true, column: 'nom', from } }, now + at);
    await store.savePage(
      's1',
      { ...page, slice: { isSorted: true, column: 'nom', from: 'd' }, missing: ['z'] },
      now + 9,
    );
    const { bounds, missing } = await store.read('s1');
    expect([bounds, missing.has('z'), missing.size]).toEqual([['b', 'd'], true, 1]);
  });

  it('is nothing before the first page, and goes by itself some days later', async () => {
    const table = await stateTable();
    const store = createScanProgressStore(table, () => 'i1');
    expect(await store.read('s1')).toMatchObject({ buffered: [], changed: 0, last: undefined });
    await store.savePage(
      's1',
      { pass: 1, page: 1, slice: { isSorted: false }, folderIds: ['a'], buffered: [], changed: 0 },
      now,
    );
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    expect(Items.map(({ ttl }) => ttl)).toEqual([1_700_000_000 + 2 * 24 * 3600]);
  });
});

describe('removals', () => {
  it('are read as one, each kind saved and forgotten by itself', async () => {
    const removals = createRemovalsStore(await stateTable());
    expect(await removals.read()).toEqual({});
    await removals.saveMissing(['a', 'b']);
    await removals.save('held', { folders: 12, at: 5 });
    await removals.save('approved', { folders: 12 });
    expect(await removals.read()).toEqual({
      missing: { folderIds: ['a', 'b'] },
      held: { folders: 12, at: 5 },
      approved: { folders: 12 },
    });
    await removals.forget('held');
    await removals.forget('held');
    expect(await removals.read()).toEqual({
      missing: { folderIds: ['a', 'b'] },
      approved: { folders: 12 },
    });
  });

  it('hold 100,000 missing folders, then fewer, and those of an older version', async () => {
    const table = await stateTable();
    const removals = createRemovalsStore(table);
    const idsTo = (count: number) => Array.from({ length: count }, (_, n) => `dossier-${n}-0123456789abcdef`);
    for (const count of [100_000, 7_000, 3]) {
      await removals.saveMissing(idsTo(count));
      expect((await removals.read()).missing).toEqual({ folderIds: idsTo(count) });
    }
    await removals.forget('missing');
    expect(await removals.read()).toEqual({});
    // What an older version has saved.
    await putItem(table, { pk: 'REMOVALS', sk: 'missing', folderIds: ['x'] });
    expect((await removals.read()).missing).toEqual({ folderIds: ['x'] });
  });
});

describe('the pilot', () => {
  it('has nothing behind it at first, and is then what was saved last', async () => {
    const pilot = createPilotStore(await stateTable());
    expect(await pilot.read()).toEqual({ passed: [], skipped: false });
    const fields = [{ field: 'name', sent: 'A', found: 'B' }];
    const stopped = { folderId: 'f1', companyId: 'c1', at: 5, fields };
    await pilot.save({ passed: ['f0'], skipped: false, current: undefined, stopped });
    expect(await pilot.read()).toMatchObject({ passed: ['f0'], skipped: false, stopped });
  });
});

describe('the cursor', () => {
  it('is absent before the first poll, and then what was saved last', async () => {
    const cursor = createCursorStore(await stateTable());
    expect(await cursor.read()).toBeUndefined();
    await cursor.save({ lastPollStartedAt: 1, lastPollAt: 2, lastCompleteScanAt: 2, folders: 3 });
    await cursor.save({ lastPollStartedAt: 4, lastPollAt: 5, lastCompleteScanAt: 2, folders: 3 });
    expect(await cursor.read()).toMatchObject({
      lastPollStartedAt: 4,
      lastPollAt: 5,
      lastCompleteScanAt: 2,
      folders: 3,
    });
  });
});

describe('the directory', () => {
  it('is absent until all of it was saved', async () => {
    const directory = createDirectoryStore(await stateTable());
    expect(await directory.read()).toBeUndefined();
    const content = {
      columns: [{ id: 'col1', names: ['nom', 'Nom'] }],
      users: [{ id: 'u1', firstName: 'Zoé', lastName: 'Martin', email: null }],
      team: { id: 't1', name: 'Sud', members: [{ id: 'm1', alias: 'Zoé' }] },
    };
    await directory.save(content);
    expect(await directory.read()).toEqual(content);
  });
});

describe('the index of match keys', () => {
  it('lets one folder at a time have the say about a key', async () => {
    const { claim, entries, update, find } = createMatchIndex(await stateTable());
    const [f1, f2] = [
      { folderId: 'f1', token: 't2' },
      { folderId: 'f2', token: 't3' },
    ];
    expect(await claim('0a', { folderId: 'f1', token: 't1' })).toEqual({ folderId: 'f1', token: 't1' });
    expect(await claim('0a', f1)).toEqual(f1);
    expect(await claim('0a', f2)).toEqual(f1);
    expect(await claim('0a', { ...f2, from: { folderId: 'f3', token: 't2' } })).toEqual(f1);
    expect(await claim('0a', { ...f2, from: f1 })).toEqual(f2);
    expect(await everything(entries())).toEqual([]);
    await update(new Map([['0a', ['c1 w']]]), new Map());
    expect(await find(['0a'])).toEqual(new Map([['0a', [{ companyId: 'c1', witness: 'w' }]]]));
    expect(await claim('0a', { folderId: 'f4', token: 't4' })).toEqual(f2);
  });

  it('leaves a key to a folder that has claimed it once more since it was looked at', async () => {
    const { claim, release } = createMatchIndex(await stateTable());
    const seen = await claim('0a', { folderId: 'f1', token: 't1' });
    await claim('0a', { folderId: 'f1', token: 't2' });
    const overtaking = { folderId: 'f2', token: 't3', ...(seen && { from: seen }) };
    expect(await claim('0a', overtaking)).toEqual({ folderId: 'f1', token: 't2' });
    await release('0a', 't2', 'f1');
    expect(await claim('0a', overtaking)).toEqual({ folderId: 'f1', token: undefined });
    const returned = { folderId: 'f1', token: undefined };
    expect(await claim('0a', { ...overtaking, from: returned })).toEqual({ folderId: 'f2', token: 't3' });
  });

  it('learns with a key of the company of the folder that had it', async () => {
    const { claim, find } = createMatchIndex(await stateTable());
    const from = await claim('0a', { folderId: 'f1', token: 't1' });
    expect(await find(['0a'])).toEqual(new Map());
    await claim('0a', {
      folderId: 'f2',
      token: 't2',
      its: { companyId: 'c1', witness: 'w' },
      ...(from && { from }),
    });
    expect(await find(['0a'])).toEqual(new Map([['0a', [{ companyId: 'c1', witness: 'w' }]]]));
  });

  it('keeps some of the folders that contradict each other, and forgets a company whatever it knows of it', async () => {
    const { contradict, find, forget, update } = createMatchIndex(await stateTable());
    for (let folder = 0; folder < 60; folder++) await contradict('0a', [`w${folder}`]);
    expect((await find(['0a'])).get('0a')).toHaveLength(50);
    // Older code kept companies alone, whose ids may have spaces.
    await update(new Map([['0b', ['c1', 'c1 w', 'c 1 w']]]), new Map());
    await forget(['0b', '0c'], 'c1');
    expect(await find(['0b'])).toEqual(new Map([['0b', [{ companyId: 'c 1', witness: 'w' }]]]));
  });

  it('keeps in mind when a company was made, whoever takes its key later', async () => {
    const { claim, madeAt, release } = createMatchIndex(await stateTable());
    await claim('0a', { folderId: 'f1', token: 't1', madeAt: 5 });
    await claim('0a', { folderId: 'f2', token: 't2', from: { folderId: 'f1', token: 't1' } });
    await release('0a', 't2');
    expect(await madeAt('0a')).toBe(5);
    expect(await madeAt('0b')).toBeUndefined();
  });

  it('takes a key back from the turn that has it only', async () => {
    const { claim, release } = createMatchIndex(await stateTable());
    await claim('0a', { folderId: 'f1', token: 't1' });
    await claim('0a', { folderId: 'f1', token: 't2' });
    await release('0a', 't1');
    expect(await claim('0a', { folderId: 'f2', token: 't3' })).toMatchObject({ folderId: 'f1' });
    await release('0a', 't2');
    expect(await claim('0a', { folderId: 'f2', token: 't3' })).toMatchObject({ folderId: 'f2' });
    await release('0a', 't3', 'f1');
    expect(await claim('0a', { folderId: 'f3', token: 't4' })).toMatchObject({ folderId: 'f1' });
  });
});

describe('a lease', () => {
  it('is held by one at a time, until it is released', async () => {
    const table = await stateTable();
    const clock = fakeClock(1000);
    let ids = 0;
    const take = (takeOver = false) =>
      takeLease({ table, clock, newId: () => `holder-${++ids}` }, 'poll', 5000, takeOver);
    const first = await take();
    if (!('lease' in first)) throw new Error('the first one gets it');
    expect(await take()).toEqual({ heldUntil: 6000 });
    clock.set(3000);
    expect(await first.lease.renew()).toBe(true);
    expect(await take()).toEqual({ heldUntil: 8000 });
    await first.lease.release();
    const second = await take();
    expect(second).toHaveProperty('lease');
    expect(await first.lease.renew()).toBe(false);
    await first.lease.release();
    expect(await take()).toEqual({ heldUntil: 8000 });
  });

  it('runs out by the clock, and is then taken by another', async () => {
    const table = await stateTable();
    const clock = fakeClock(1000);
    let ids = 0;
    const take = () => takeLease({ table, clock, newId: () => `holder-${++ids}` }, 'poll', 5000);
    const first = await take();
    clock.set(6000);
    expect(await take()).toHaveProperty('lease');
    expect('lease' in first && (await first.lease.renew())).toBe(false);
  });

  it('can be taken over by who knows that the holder is dead', async () => {
    const table = await stateTable();
    let ids = 0;
    const take = (takeOver: boolean) =>
      takeLease({ table, clock: fakeClock(1000), newId: () => `holder-${++ids}` }, 'poll', 5000, takeOver);
    await take(false);
    expect(await take(true)).toHaveProperty('lease');
  });
});
