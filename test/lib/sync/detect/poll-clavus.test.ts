import { describe, expect, it } from 'vitest';
import type { Cursor } from '../../../../lib/state/cursor.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { scanAgain } from '../../../../lib/sync/detect/scan-plan.ts';
import { folder, polledClavus, start } from '../../../support/polled-clavus.ts';
import { rowWith } from '../../../support/row-with.ts';

const due = ({ store }: ReturnType<typeof polledClavus>) =>
  [...store.all.values()].map(({ folderId, desired, dueLane }) => [folderId, desired?.record.name, dueLane]);

describe('a poll of Clavus', () => {
  it('reads all pages, writes the rows, then the fingerprints, then the cursor', async () => {
    const world = polledClavus([folder('f1', 'Dupont'), folder('f2', 'Durand'), folder('f3', 'Petit')]);
    expect(await world.poll()).toEqual({
      removed: 0,
      state: 'complete',
      scanned: 3,
      changed: 3,
      unchanged: 0,
      failed: 0,
      unreadable: 0,
    });
    expect(world.pagesRead).toEqual([1, 2]);
    expect(world.steps).toEqual([
      'page 1',
      'cursor',
      'unsettled f1,f2,f3',
      'row',
      'row',
      'row',
      'fingerprints',
      'unsettled ',
      'cursor',
      'release',
    ]);
    expect(world.cursor.now).toEqual({
      lastPollStartedAt: start,
      lastPollAt: start,
      lastCompleteScanAt: start,
      lastFullScanAt: start,
      excess: 0,
      unreadable: [],
      notShown: [],
      folders: 3,
    });
    expect(due(world)).toEqual([
      ['f1', 'Dupont', 'live'],
      ['f2', 'Durand', 'live'],
      ['f3', 'Petit', 'live'],
    ]);
  });

  it('has one change found after the other, so that chance makes no folder of a customer the newer one', async () => {
    const world = polledClavus([folder('f1', 'Dupont'), folder('f2', 'Durand'), folder('f3', 'Petit')]);
    await world.poll();
    const found = [...world.store.all.values()].map(({ desired }) => desired?.at ?? 0);
    const [first = 0, second = 0, third = 0] = found;
    expect(first).toBeGreaterThan(start);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
    expect(third).toBeLessThan(start + 1);
  });

  it('finds nothing the second time, and then exactly what was edited', async () => {
    const world = polledClavus([folder('f1', 'Dupont'), folder('f2', 'Durand')]);
    await world.poll();
    world.steps.length = 0;
    expect(await world.poll()).toMatchObject({ changed: 0, unchanged: 2 });
    expect(world.steps).toEqual(['page 1', 'cursor', 'cursor', 'release']);
    world.folders = [folder('f1', 'Dupont'), folder('f2', 'Durand-Petit')];
    expect(await world.poll()).toMatchObject({ changed: 1, unchanged: 1 });
    expect(due(world)).toEqual([
      ['f1', 'Dupont', 'live'],
      ['f2', 'Durand-Petit', 'live'],
    ]);
  });

  it('sends everything again after the table was taken back, whichever poll ends it, but makes no company that was deleted', async () => {
    const world = polledClavus([folder('f1', 'Dupont'), folder('f2', 'Durand'), folder('f3', 'Petit')], {
      fullScanEvery: 3_600_000,
    });
    await world.poll();
    for (const [folderId, row] of world.store.all)
      world.store.all.set(
        folderId,
        rowWith(row, { companyId: `c-${folderId}`, status: 'delivered', dueLane: undefined }),
      );
    world.store.all.set(
      'f2',
      rowWith(world.store.all.get('f2') as FolderRow, {
        status: 'parked',
        failure: { kind: 'deleted', message: 'gone', firstAt: 1, lastAt: 1 },
      }),
    );
    world.cursor.now = {
      ...(world.cursor.now as Cursor),
      scan: { ...scanAgain(start, () => 's'), id: 's9' },
    };
    world.timeLeft = 0;
    expect((await world.poll()).state).toBe('continues');
    world.timeLeft = 600_000;
    expect(await world.poll()).toMatchObject({ state: 'complete', changed: 3, unchanged: 0 });
    const standing = [...world.store.all.values()].map(({ folderId, status }) => [folderId, status]);
    expect(standing).toEqual([
      ['f1', 'due'],
      ['f2', 'parked'],
      ['f3', 'due'],
    ]);
    // Once.
    expect(world.cursor.now?.scan).toBeUndefined();
    expect(await world.poll()).toMatchObject({ changed: 0 });
  });

  it('sends everything again also where the pages of the first try did not fit together', async () => {
    const world = polledClavus([folder('f1', 'Dupont'), folder('f2', 'Durand')]);
    await world.poll();
    world.cursor.now = { ...(world.cursor.now as Cursor), scan: scanAgain(start, () => 's') };
    world.page = () => world.folders.slice(0, 2);
    world.totalCount = () => 9;
    expect((await world.poll()).state).toBe('cut');
    world.page = (page) => world.folders.slice((page - 1) * 2, page * 2);
    world.totalCount = () => 2;
    expect(await world.poll()).toMatchObject({ state: 'complete', changed: 2 });
  });

  it('loses no change that was taken back while a poll died between a row and its fingerprint', async () => {
    const world = polledClavus([folder('f1', 'Dupont')]);
    await world.poll();
    world.folders = [folder('f1', 'Durand')];
    world.failing = true;
    await expect(world.poll()).rejects.toThrow('the process dies here');
    expect(due(world)).toEqual([['f1', 'Durand', 'live']]);
    world.failing = false;
    world.folders = [folder('f1', 'Dupont')];
    expect(await world.poll()).toMatchObject({ changed: 1 });
    expect(due(world)).toEqual([['f1', 'Dupont', 'live']]);
    expect(world.cursor.unsettled.now).toEqual([]);
  });

  it('takes more changes than a few for a mass, the first of them too', async () => {
    const world = polledClavus(['a', 'b', 'c', 'd', 'e'].map((id) => folder(id, id)));
    await world.poll();
    expect(due(world).map(([, , lane]) => lane)).toEqual(['bulk', 'bulk', 'bulk', 'bulk', 'bulk']);
  });

  it('reports a folder that cannot be mapped, once in the log and at every poll in the count', async () => {
    const world = polledClavus([folder('f1', ''), folder('f2', 'Durand')]);
    expect(await world.poll()).toMatchObject({ changed: 2, failed: 1 });
    expect(await world.poll()).toMatchObject({ changed: 0, failed: 1 });
    expect(world.telemetry.lines).toEqual([
      {
        level: 'warn',
        event: 'folder-unmappable',
        folderId: 'f1',
        field: 'company.name',
        reason: 'nom is empty',
      },
    ]);
    expect(world.store.all.get('f1')).toMatchObject({ status: 'refused' });
  });

  it('counts the folders of people whom Moovago does not know', async () => {
    const world = polledClavus([
      folder('f1', 'of a stranger'),
      folder('f2', 'Durand'),
      folder('f3', 'of a stranger'),
    ]);
    await world.poll();
    expect(world.directory.unmatched.now).toEqual([{ person: 'Stranger', folders: 2, folderId: 'f3' }]);
  });

  it('goes on after a short page, and believes that a count is wrong when three passes show no more', async () => {
    const world = polledClavus(['a', 'b', 'c', 'd'].map((id) => folder(id, id)));
    const pages = [['a', 'b'], ['c'], []];
    world.page = (page) => world.folders.filter(({ id }) => pages[page - 1]?.includes(id));
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 3 });
    expect(world.pagesRead).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const disagrees = { level: 'warn', event: 'count-disagrees', seen: 3, totalCount: 4 };
    expect(world.telemetry.lines).toContainEqual(disagrees);
    // It is said once, and one pass is enough from then on.
    world.telemetry.lines.length = 0;
    world.pagesRead.length = 0;
    expect(await world.poll()).toMatchObject({ state: 'complete', unchanged: 3 });
    expect(world.pagesRead).toEqual([1, 2, 3]);
    expect(world.telemetry.lines).not.toContainEqual(disagrees);
    // Another number is another matter.
    world.totalCount = () => 5;
    await world.poll();
    expect(world.telemetry.lines).toContainEqual({ ...disagrees, totalCount: 5 });
  });

  it('does not read the same page for ever', async () => {
    const world = polledClavus(['a', 'b', 'c', 'd'].map((id) => folder(id, id)));
    world.page = () => world.folders.slice(0, 2);
    expect(await world.poll()).toMatchObject({ state: 'cut', scanned: 2 });
    expect(world.pagesRead).toEqual([1, 2, 3, 4]);
  });

  it('counts a folder once that slid onto the next page', async () => {
    const world = polledClavus(['a', 'b', 'c'].map((id) => folder(id, id)));
    const pages = [
      ['a', 'b'],
      ['b', 'c'],
    ];
    world.page = (page) => world.folders.filter(({ id }) => pages[page - 1]?.includes(id));
    expect(await world.poll()).toMatchObject({ state: 'complete', scanned: 3, changed: 3 });
  });

  it('takes no more changes than it is told, and finds the others next time', async () => {
    const world = polledClavus(['a', 'b', 'c'].map((id) => folder(id, id)));
    expect(await world.poll({ limit: 2 })).toMatchObject({ state: 'partial', changed: 2 });
    expect(due(world).map(([id]) => id)).toEqual(['a', 'b']);
    await world.poll();
    expect(due(world).map(([id]) => id)).toEqual(['a', 'b', 'c']);
  });

  it('looks at the named folders only, and leaves the cursor alone', async () => {
    const world = polledClavus(['a', 'b', 'c'].map((id) => folder(id, id)));
    expect(await world.poll({ folderIds: ['b'] })).toMatchObject({
      state: 'partial',
      scanned: 1,
      changed: 1,
    });
    expect(due(world)).toEqual([['b', 'b', 'live']]);
    expect(world.pagesRead).toEqual([]);
    expect(world.cursor.now).toBeUndefined();
  });

  it('stops reading when somebody else took its lease', async () => {
    const world = polledClavus(['a', 'b', 'c'].map((id) => folder(id, id)));
    world.leaseLost = true;
    world.onPageRead = () => void world.clock.wait(30_000);
    expect(await world.poll()).toMatchObject({ state: 'cut', scanned: 2 });
    expect(due(world)).toEqual([]);
    world.leaseLost = false;
    expect(await world.poll()).toMatchObject({ state: 'complete' });
    expect(due(world).map(([id]) => id)).toEqual(['a', 'b', 'c']);
  });
});
