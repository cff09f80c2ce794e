import { describe, expect, it } from 'vitest';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
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
    const { claim, load, update, find } = createMatchIndex(await stateTable());
    expect(await claim('0a', { folderId: 'f1', turn: 't1' })).toBe('f1');
    expect(await claim('0a', { folderId: 'f1', turn: 't2' })).toBe('f1');
    expect(await claim('0a', { folderId: 'f2', turn: 't3' })).toBe('f1');
    expect(await claim('0a', { folderId: 'f2', turn: 't3', from: 'f3' })).toBe('f1');
    expect(await claim('0a', { folderId: 'f2', turn: 't3', from: 'f1' })).toBe('f2');
    expect(await load()).toEqual(new Map());
    await update(new Map([['0a', ['c1']]]), new Map());
    expect(await find(['0a'])).toEqual(new Map([['0a', ['c1']]]));
    expect(await claim('0a', { folderId: 'f4', turn: 't4' })).toBe('f2');
  });

  it('keeps in mind when a company was made, whoever takes its key later', async () => {
    const { claim, madeAt, release } = createMatchIndex(await stateTable());
    await claim('0a', { folderId: 'f1', turn: 't1', madeAt: 5 });
    await claim('0a', { folderId: 'f2', turn: 't2', from: 'f1' });
    await release('0a', 't2');
    expect(await madeAt('0a')).toBe(5);
    expect(await madeAt('0b')).toBeUndefined();
  });

  it('takes a key back from the turn that has it only', async () => {
    const { claim, release } = createMatchIndex(await stateTable());
    await claim('0a', { folderId: 'f1', turn: 't1' });
    await claim('0a', { folderId: 'f1', turn: 't2' });
    await release('0a', 't1');
    expect(await claim('0a', { folderId: 'f2', turn: 't3' })).toBe('f1');
    await release('0a', 't2');
    expect(await claim('0a', { folderId: 'f2', turn: 't3' })).toBe('f2');
    await release('0a', 't3', 'f1');
    expect(await claim('0a', { folderId: 'f3', turn: 't4' })).toBe('f1');
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
