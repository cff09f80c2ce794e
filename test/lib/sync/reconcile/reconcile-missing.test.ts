import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import {
  company,
  day,
  marker,
  minute,
  night,
  nights,
  none,
  quiet,
  row,
  yesterday,
} from '../../../support/reconcile-nights.ts';

describe('a company that somebody deleted in Moovago', () => {
  const change = { rowId: 'f1', record: { name: 'Durand' }, at: night + minute, lane: 'live' } as const;

  it('is not made again: the folder waits for a person, whatever changes in it', async () => {
    const { run, store, telemetry } = nights([row('f1')], []);
    expect(await run()).toEqual({ state: 'complete', ...quiet, compared: 0, ...none, deleted: 1 });
    const parked = {
      ...row('f1'),
      revision: 5,
      status: 'parked',
      failure: {
        kind: 'deleted',
        message: 'its company was deleted in Moovago: retry makes a new one',
        firstAt: night,
        lastAt: night,
      },
      dueLane: 'failed',
      dueAt: night,
    };
    expect(store.all.get('f1')).toEqual(parked);
    expect(telemetry.counts).toMatchObject({ CompaniesDeleted: 1 });

    await store.change('f1', (current) => changed(current, change), undefined);
    const desired = { version: 2, record: { name: 'Durand' }, at: night + minute, lane: 'live' };
    expect(store.all.get('f1')).toEqual({ ...parked, revision: 6, desired });
    expect(await run(night + day)).toMatchObject({ state: 'complete', deleted: 0 });
    expect(store.all.get('f1')).toEqual({ ...parked, revision: 6, desired });
  });

  it('is made again, as a creation that is matched first, when somebody asks for it', async () => {
    const { run, store } = nights([row('f1')], []);
    await run();
    await store.change('f1', (current) => changed(current, { ...change, again: true }), undefined);
    expect(store.all.get('f1')).toEqual({
      folderId: 'f1',
      writeId: 'w4',
      revision: 6,
      status: 'due',
      desired: { version: 2, record: { name: 'Durand' }, at: night + minute, lane: 'live' },
      attempts: 0,
      dueLane: 'live',
      dueAt: night + minute,
    });
  });

  it('is noticed too where an update of it was refused', async () => {
    const failure = {
      kind: 'rejected',
      message: 'Company not found',
      firstAt: 1,
      lastAt: yesterday,
    } as const;
    const intent = { id: 'i', at: yesterday, kind: 'update', version: 1 } as const;
    const { run, store } = nights([row('f1', { status: 'refused', failure, intent })], []);
    expect(await run()).toMatchObject({ deleted: 1 });
    expect(store.all.get('f1')).toMatchObject({ status: 'parked', failure: { kind: 'deleted' } });
    expect(store.all.get('f1')).not.toHaveProperty('intent');
  });

  it('is no loss where its folder is gone from Clavus too', async () => {
    const failure = { kind: 'rejected', message: 'not found', firstAt: 1, lastAt: yesterday } as const;
    const before = row('f1', { status: 'refused', removal: 'flag', failure, dueLane: 'failed', dueAt: 1 });
    const { run, store, telemetry } = nights([before], []);
    expect(await run()).toMatchObject({ removed: 1, deleted: 0 });
    expect(store.all.get('f1')).toEqual({
      folderId: 'f1',
      revision: 6,
      writeId: 'w4',
      status: 'removed',
      attempts: 0,
    });
    expect(telemetry.counts).toMatchObject({ CompaniesDeleted: 0 });
    expect(telemetry.lines).toContainEqual({
      level: 'info',
      event: 'folder-removed',
      folderId: 'f1',
      companyId: 'c-f1',
    });
  });

  it('is followed where it was merged into another one with the same marker', async () => {
    const { run, store } = nights([row('f1')], [company('f1', { id: 'c9' })]);
    expect(await run()).toMatchObject({ merged: 1, deleted: 0 });
    const { applied, ...linked } = row('f1');
    expect(store.all.get('f1')).toEqual({
      ...linked,
      revision: 5,
      companyId: 'c9',
      status: 'due',
      dueLane: 'live',
      dueAt: night,
    });
    expect(applied).toBeDefined();
  });

  it('is delivered again when it comes back', async () => {
    const { run, store, inMoovago } = nights([row('f1')], []);
    await run();
    inMoovago.set('c-f1', company('f1'));
    expect(await run(night + day)).toMatchObject({ resolved: 1 });
    expect(store.all.get('f1')).toEqual({
      ...row('f1'),
      revision: 6,
      status: 'due',
      dueLane: 'live',
      dueAt: night + day,
    });
  });
});

describe('companies that are missing by the dozen', () => {
  const folders = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`);

  it('are a broken answer or another team: their folders stay as they are, and all others are compared', async () => {
    const rows = folders(20).map((id) => row(id));
    const there = folders(20).slice(6);
    const companies = there.map((id) => company(id, { phone: '06 00 00 00 00' }));
    const { run, store, telemetry } = nights(rows, companies);
    expect(await run()).toMatchObject({ state: 'held', missing: 6, deleted: 0, drifted: 14, linked: 20 });
    const missing = folders(6).map((id) => store.all.get(id));
    expect(missing).toEqual(rows.slice(0, 6));
    expect(there.map((id) => store.all.get(id)?.status)).toEqual(Array(14).fill('due'));
    const errors = telemetry.lines.filter(({ level }) => level === 'error');
    expect(errors).toEqual([
      { level: 'error', event: 'reconcile-held', missing: 6, limit: 5, linked: 20, companies: 14 },
    ]);
    expect(telemetry.counts).toMatchObject({ RecordsCompared: 14, RecordsDrifted: 14, CompaniesDeleted: 6 });
  });

  it('are believed up to the limit of the configuration, and those of earlier nights do not count', async () => {
    const rows = folders(20).map((id) => row(id));
    const { run, inMoovago } = nights(
      rows,
      folders(20).map((id) => company(id)),
      { removalLimit: { share: 0.25, atLeast: 1 } },
    );
    for (const id of folders(5)) inMoovago.delete(`c-${id}`);
    expect(await run()).toMatchObject({ state: 'complete', deleted: 5 });
    for (const id of folders(10)) inMoovago.delete(`c-${id}`);
    expect(await run(night + day)).toMatchObject({ state: 'complete', deleted: 5 });
  });
});

describe('a folder with several companies', () => {
  it('keeps its own, and waits for a person to merge them', async () => {
    const { run, store, telemetry } = nights([row('f1')], [company('f1', { id: 'c0' }), company('f1')]);
    expect(await run()).toEqual({ state: 'complete', ...quiet, compared: 0, ...none, doubled: 1 });
    expect(store.all.get('f1')).toEqual({
      ...row('f1'),
      revision: 5,
      status: 'ambiguous',
      failure: {
        kind: 'match',
        message: "2 companies in Moovago may be this folder's: choose one with link, or none with unlink",
        candidates: ['c-f1', 'c0'],
        firstAt: night,
        lastAt: night,
      },
      dueLane: 'failed',
      dueAt: night,
    });
    expect(telemetry.counts).toMatchObject({ CompaniesDoubled: 1 });
    expect(await run(night + day)).toMatchObject({ doubled: 0, resolved: 0 });
  });

  it('is delivered again when one of them is left, and linked to that one', async () => {
    const { run, store, inMoovago } = nights([row('f1')], [company('f1', { id: 'c0' }), company('f1')]);
    await run();
    inMoovago.delete('c0');
    expect(await run(night + day)).toMatchObject({ resolved: 1 });
    expect(store.all.get('f1')).toMatchObject({ status: 'due', companyId: 'c-f1' });

    const other = nights([row('f1')], [company('f1', { id: 'c0' }), company('f1')]);
    await other.run();
    other.inMoovago.delete('c-f1');
    expect(await other.run(night + day)).toMatchObject({ merged: 1 });
    expect(other.store.all.get('f1')).toMatchObject({ status: 'due', companyId: 'c0' });
  });

  it('is linked to the oldest when its own is gone', async () => {
    const { run, store } = nights([row('f1')], [company('f1', { id: 'c8' }), company('f1', { id: 'c7' })]);
    expect(await run()).toMatchObject({ doubled: 1, deleted: 0 });
    expect(store.all.get('f1')).toMatchObject({
      status: 'ambiguous',
      companyId: 'c8',
      failure: { candidates: ['c8', 'c7'] },
    });
  });

  it('keeps the one that a person chose, and asks no more', async () => {
    const decision = { at: yesterday, companyId: 'c-f1', not: ['c0'] };
    const both = [company('f1', { id: 'c0' }), company('f1')];
    const { run, inMoovago } = nights([row('f1', { decision })], both);
    expect(await run()).toMatchObject({ doubled: 0, compared: 1 });
    inMoovago.delete('c-f1');
    expect(await run(night + day)).toMatchObject({ merged: 0, deleted: 1 });
  });

  it('of another stage has nothing to do with this one', async () => {
    const { run } = nights([row('f1')], [company('f1'), { id: 'c0', note: markerFor('prod', 'f1') }]);
    expect(await run()).toMatchObject({ doubled: 0 });
  });
});

describe("a company that bears another folder's marker", () => {
  const rows = [row('f1'), row('f2')];
  const mixed = [company('f1', { note: marker('f2') }), company('f2')];

  it('is told, and is no double of the folder that it names', async () => {
    const { run, store, telemetry } = nights(rows, mixed);
    expect(await run()).toEqual({
      state: 'complete',
      ...quiet,
      ...none,
      linked: 2,
      compared: 1,
      misplaced: 1,
    });
    expect(telemetry.lines[0]).toEqual({
      level: 'warn',
      event: 'company-misplaced',
      folderId: 'f1',
      companyId: 'c-f1',
      markedFor: 'f2',
    });
    expect([...store.all.values()]).toEqual(rows);
  });

  it('is fine where a person took that folder off it, and nothing is sent for a folder that is left out', async () => {
    const free = row('f2', { decision: { at: yesterday, from: 'c-f1', not: ['c-f1'] } });
    const { run } = nights([row('f1'), free], mixed);
    expect(await run()).toMatchObject({ misplaced: 0 });
    const leftOut = row('f1', { status: 'ignored', dueLane: 'ignored', dueAt: 1 });
    const { run: again, store } = nights([leftOut], [company('f1', { phone: '06 00 00 00 00' })]);
    expect(await again()).toMatchObject({ drifted: 0, compared: 0 });
    expect(store.all.get('f1')).toEqual(leftOut);
    // Its company may be deleted: nothing of it is wanted.
    expect(await nights([leftOut], []).run()).toMatchObject({ deleted: 0 });
  });

  it('is fine where the two folders share it', async () => {
    const shared = row('f2', {
      status: 'secondary',
      companyId: undefined,
      applied: undefined,
      secondaryTo: { companyId: 'c-f1', folderId: 'f1' },
    });
    const { run } = nights([row('f1'), shared], mixed);
    expect(await run()).toMatchObject({ misplaced: 0 });
  });
});
