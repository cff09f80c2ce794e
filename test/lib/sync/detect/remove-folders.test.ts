import { describe, expect, it } from 'vitest';
import { companyKey } from '../../../../lib/mapping/match-keys.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { gone } from '../../../../lib/sync/rows/removal-transitions.ts';
import { changed, delivered, parked, unmappable } from '../../../../lib/sync/rows/row-transitions.ts';
import { secondary } from '../../../../lib/sync/rows/sharing-transitions.ts';
import { folder, polledClavus } from '../../../support/polled-clavus.ts';
import { rowWith } from '../../../support/row-with.ts';

const named = (...ids: string[]) => ids.map((id) => folder(id, `of ${id}`));
const statusOf = (world: ReturnType<typeof polledClavus>, id: string) => world.store.all.get(id)?.status;

describe('a folder that is gone from Clavus', () => {
  it('is removed when two complete scans did not find it', async () => {
    const world = polledClavus(named('a', 'b', 'c'));
    await world.poll();
    world.folders = named('a', 'b');
    expect(await world.poll()).toMatchObject({ state: 'complete', removed: 0 });
    expect(world.removals.now.missing).toEqual({ folderIds: ['c'] });
    expect(statusOf(world, 'c')).toBe('due');
    expect(await world.poll()).toMatchObject({ state: 'complete', removed: 1 });
    expect([statusOf(world, 'a'), statusOf(world, 'c')]).toEqual(['due', 'removed']);
    expect(world.removals.now.missing).toBeUndefined();
    expect(world.telemetry.lines).toContainEqual({
      level: 'info',
      event: 'folders-gone',
      folderIds: ['c'],
      policy: 'keep',
    });
    expect(await world.poll()).toMatchObject({ removed: 0, unchanged: 2 });
  });

  it('is none that one scan missed and the next one found', async () => {
    const world = polledClavus(named('a', 'b', 'c'));
    await world.poll();
    world.folders = named('a', 'b');
    await world.poll();
    world.folders = named('a', 'b', 'c');
    await world.poll();
    expect(world.removals.now.missing).toBeUndefined();
    world.folders = named('a', 'b');
    expect(await world.poll()).toMatchObject({ removed: 0 });
    expect(statusOf(world, 'c')).toBe('due');
  });

  it('is one that the filter does not let pass any more', async () => {
    const world = polledClavus(named('a', 'b'));
    await world.poll();
    const all = [...named('a'), folder('b', 'filtered out')];
    world.folders = all;
    world.wanted = () => all.slice(0, 1);
    await world.poll();
    expect(world.namedRead).toEqual(['b']);
    expect(await world.poll()).toMatchObject({ removed: 1 });
    expect(statusOf(world, 'b')).toBe('removed');
  });

  it('leaves its company to another folder of the same customer, flagged or deleted or not', async () => {
    const world = polledClavus(named('a', 'b'), { onRemoved: 'delete' });
    await world.poll();
    const { all } = world.store;
    const [a, b] = [all.get('a'), all.get('b')] as [FolderRow, FolderRow];
    const at = 1;
    all.set('a', delivered(a, { recordId: 'c1', version: 1, record: { name: 'of a' }, at }));
    all.set('b', secondary(b, { companyId: 'c1', folderId: 'a' }));
    world.matchIndex.shared.set(companyKey('c1'), ['b', 'x']);
    world.folders = named('b');
    await world.poll();
    expect(all.get('b')).toMatchObject({ status: 'secondary' });
    expect(await world.poll()).toMatchObject({ removed: 1 });
    expect(all.get('a')).toMatchObject({ status: 'removed', companyId: 'c1' });
    expect(all.get('a')?.removal).toBeUndefined();
    expect(all.get('b')).toMatchObject({ status: 'due', dueLane: 'live' });
  });

  it('leaves its company also to one that cannot be mapped, which is not sent until it can', async () => {
    const world = polledClavus(named('a', 'b'), { onRemoved: 'delete' });
    await world.poll();
    const { all } = world.store;
    const [a, b] = [all.get('a'), all.get('b')] as [FolderRow, FolderRow];
    all.set('a', delivered(a, { recordId: 'c1', version: 1, record: { name: 'of a' }, at: 1 }));
    const reason = { rowId: 'b', field: 'company.name', reason: 'nom is empty', at: 1 };
    all.set('b', secondary(unmappable(b, reason) as FolderRow, { companyId: 'c1', folderId: 'a' }));
    world.matchIndex.shared.set(companyKey('c1'), ['b']);
    world.folders = named('b');
    await world.poll();
    expect(await world.poll()).toMatchObject({ removed: 1 });
    expect(all.get('a')).toMatchObject({ status: 'removed' });
    expect(all.get('a')?.removal).toBeUndefined();
    expect(all.get('b')).toMatchObject({ status: 'refused', failure: { kind: 'mapping' } });
    // Whoever takes the company over next does not have it alone either.
    expect(all.get('b')).toMatchObject({ secondaryTo: { companyId: 'c1' } });
    expect(all.get('b')?.companyId).toBeUndefined();
  });

  it('leaves its company to one that is about to be sent, too', async () => {
    const world = polledClavus(named('a', 'b'), { onRemoved: 'delete' });
    await world.poll();
    const { all } = world.store;
    const [a, b] = [all.get('a'), all.get('b')] as [FolderRow, FolderRow];
    all.set('a', delivered(a, { recordId: 'c1', version: 1, record: { name: 'of a' }, at: 1 }));
    all.set('b', rowWith(b, { secondaryTo: { companyId: 'c1', folderId: 'a' } }));
    world.matchIndex.shared.set(companyKey('c1'), ['b']);
    world.folders = named('b');
    await world.poll();
    expect(await world.poll()).toMatchObject({ removed: 1 });
    expect(all.get('a')?.removal).toBeUndefined();
    expect(all.get('b')).toMatchObject({ status: 'due', revision: b.revision });
  });

  it('leaves it to no other one while a request of it settles: it may still write', async () => {
    const world = polledClavus(named('a', 'b'), { onRemoved: 'delete' });
    await world.poll();
    const { all } = world.store;
    const [a, b] = [all.get('a'), all.get('b')] as [FolderRow, FolderRow];
    all.set('a', { ...a, companyId: 'c1', intent: { id: 'i', at: 1, kind: 'update', version: 1 } });
    all.set('b', secondary(b, { companyId: 'c1', folderId: 'a' }));
    world.matchIndex.shared.set(companyKey('c1'), ['b']);
    world.folders = named('b');
    await world.poll();
    expect(await world.poll()).toMatchObject({ removed: 0 });
    expect(all.get('b')).toMatchObject({ status: 'secondary' });
  });

  it('is a new one when it comes back', async () => {
    const world = polledClavus(named('a', 'b'));
    await world.poll();
    world.folders = named('a');
    await world.poll();
    await world.poll();
    world.folders = named('a', 'b');
    expect(await world.poll()).toMatchObject({ changed: 1 });
    expect(world.store.all.get('b')).toMatchObject({ status: 'due', desired: { version: 2 } });
  });

  it('waits for the outcome of a request that nobody knows yet', async () => {
    const world = polledClavus(named('a', 'b'));
    await world.poll();
    const row = world.store.all.get('b') as FolderRow;
    world.store.all.set('b', { ...row, intent: { id: 'i', at: 1, kind: 'create', version: 1 } });
    world.folders = named('a');
    await world.poll();
    expect(await world.poll()).toMatchObject({ removed: 0 });
    world.store.all.set('b', row);
    expect(await world.poll()).toMatchObject({ removed: 1 });
  });
});

describe('more folders than may be gone at once', () => {
  it('are held, with one error, while everything else goes on', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd'), { goneMax: 2 });
    await world.poll();
    world.folders = named('a', 'e');
    expect(await world.poll()).toMatchObject({ state: 'complete', changed: 1, removed: 0 });
    expect(await world.poll()).toMatchObject({ state: 'complete', removed: 0 });
    expect(['b', 'c', 'd'].map((id) => statusOf(world, id))).toEqual(['due', 'due', 'due']);
    expect(world.telemetry.counts).toMatchObject({ RemovalsHeld: 6 });
    expect(world.telemetry.lines).toContainEqual({ level: 'error', event: 'removals-held', folders: 3 });
    expect(world.removals.now.held).toMatchObject({ folders: 3 });
  });

  it('are removed after two more scans when somebody has approved as many, and that is used up then', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd'), { goneMax: 2 });
    await world.poll();
    world.folders = named('a');
    await world.poll();
    world.removals.now = { ...world.removals.now, approved: { folders: 3 } };
    expect(await world.poll()).toMatchObject({ removed: 0 });
    expect(await world.poll()).toMatchObject({ removed: 3 });
    expect(world.removals.now).toEqual({ missing: undefined, held: undefined, approved: undefined });
  });

  it('stay held when they have become more than somebody approved', async () => {
    const world = polledClavus(named('a', 'b', 'c', 'd', 'e'), { goneMax: 1 });
    await world.poll();
    world.folders = named('a', 'b', 'c');
    await world.poll();
    world.removals.now = { ...world.removals.now, approved: { folders: 2 } };
    world.folders = named('a');
    await world.poll();
    expect(await world.poll()).toMatchObject({ removed: 0 });
    expect(statusOf(world, 'e')).toBe('due');
  });
});

describe('the company of a folder that is gone', () => {
  const at = 5000;
  const observedAt = 4000;
  const row: FolderRow = {
    folderId: 'f1',
    revision: 4,
    writeId: 'w',
    status: 'delivered',
    desired: { version: 2, record: { name: 'Dupont', city: 'Nice' }, at: 1000, lane: 'live' },
    applied: { version: 2, record: { name: 'Dupont', city: 'Nice' }, at: 2000 },
    companyId: 'c1',
    attempts: 0,
  };

  it('is left as it is', () => {
    expect(gone(row, { policy: 'keep', at, observedAt })).toEqual({ ...row, status: 'removed' });
  });

  it('gets it said in its name, with the mass, and is at rest then', () => {
    const flagged = gone(row, { policy: 'flag', at, observedAt });
    expect(flagged).toEqual({
      ...row,
      status: 'due',
      removal: 'flag',
      desired: {
        version: 3,
        record: { name: 'Dupont (supprimé dans Clavus)', city: 'Nice' },
        at,
        lane: 'bulk',
      },
      dueLane: 'bulk',
      dueAt: at,
    });
    const record = { name: 'Dupont (supprimé dans Clavus)', city: 'Nice' };
    const after = flagged && delivered(flagged, { recordId: 'c1', version: 3, record, at: 6000 });
    expect(after).toEqual({
      ...row,
      status: 'removed',
      desired: flagged?.desired,
      applied: { version: 3, record, at: 6000 },
    });
  });

  it('gets its name back when the folder is back', () => {
    const flagged = gone(row, { policy: 'flag', at, observedAt });
    const record = { name: 'Dupont', city: 'Nice' };
    expect(changed(flagged, { rowId: 'f1', record, at: 7000, lane: 'live' })).toMatchObject({
      status: 'due',
      removal: undefined,
      desired: { version: 4, record },
    });
  });

  it('is none where it never had one', () => {
    const unlinked = rowWith(row, {
      status: 'due',
      companyId: undefined,
      applied: undefined,
      dueLane: 'live',
      dueAt: 1,
    });
    expect(gone(unlinked, { policy: 'delete', at, observedAt })).toEqual(
      rowWith(unlinked, { status: 'removed' }),
    );
  });

  it('is none where somebody deleted it in Moovago before', () => {
    const missed = parked(row, { kind: 'deleted', message: 'its company was deleted', at: 3000 });
    const { companyId: _, applied: __, ...left } = row;
    expect(gone(missed, { policy: 'flag', at, observedAt })).toEqual({ ...left, status: 'removed' });
  });

  it('is not its own where it was about to write it: another folder may, or a rep has made it', () => {
    const { applied: _, ...unwritten } = { ...row, status: 'due', dueLane: 'live', dueAt: 1000 } as const;
    const { companyId: __, dueLane: ___, dueAt: ____, ...left } = unwritten;
    for (const applied of [undefined, { version: 0, record: { city: 'Nice' }, at: 1500 }])
      for (const policy of ['keep', 'flag', 'delete'] as const)
        expect(gone({ ...unwritten, ...(applied ? { applied } : {}) }, { policy, at, observedAt })).toEqual({
          ...left,
          status: 'removed',
        });
  });

  it('is looked for where Moovago refused to make it: it may be there all the same', () => {
    const intent = { id: 'i1', at: 10, kind: 'create', version: 2 } as const;
    const unlinked = { ...row, companyId: undefined, applied: undefined };
    const refusedOne = rowWith(unlinked, { status: 'refused', intent, waitUntil: 20 });
    expect(gone(refusedOne, { policy: 'flag', at, observedAt: 19 })).toBeUndefined();
    expect(gone(refusedOne, { policy: 'flag', at, observedAt: 20 })).toEqual(
      rowWith(unlinked, { status: 'removed', intent }),
    );
  });

  it('waits for a request of unknown outcome, but not for ever where Moovago refused it', () => {
    const sent = changed(undefined, {
      rowId: 'f1',
      record: { name: 'Un' },
      at: 1,
      lane: 'live',
    }) as FolderRow;
    const linked = delivered(sent, { recordId: 'c1', version: 1, record: { name: 'Un' }, at: 2 });
    const intent = { id: 'i1', at: 10, kind: 'update', version: 2 } as const;
    const due = rowWith(linked, { status: 'due', intent, waitUntil: 20 });
    const refusedOne = rowWith(due, { status: 'refused' });
    expect(gone(due, { policy: 'flag', at: 30, observedAt: 30 })).toBeUndefined();
    expect(gone(refusedOne, { policy: 'flag', at: 19, observedAt: 30 })).toBeUndefined();
    expect(gone(refusedOne, { policy: 'flag', at: 20, observedAt: 0 })).toMatchObject({
      status: 'due',
      removal: 'flag',
      companyId: 'c1',
      dueLane: 'bulk',
      dueAt: 20,
    });
  });
});
