import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import {
  company,
  day,
  minute,
  night,
  nights,
  none,
  quiet,
  record,
  row,
  yesterday,
} from '../../../support/reconcile-nights.ts';

describe('the nightly reconciliation', () => {
  it('does nothing in business hours, and says so', async () => {
    const { run, telemetry, store } = nights([row('f1')], []);
    expect(await run(night, { isBulkTime: () => false })).toEqual({ state: 'skipped' });
    expect(telemetry.lines).toEqual([
      { level: 'info', event: 'reconcile-skipped', reason: 'business hours' },
    ]);
    expect(store.all.get('f1')).toEqual(row('f1'));
  });

  it('finds nothing where all is well', async () => {
    const { run, telemetry, store } = nights([row('f1')], [company('f1')]);
    expect(await run()).toEqual({ state: 'complete', ...quiet, ...none });
    expect(store.all.get('f1')).toEqual(row('f1'));
    expect(telemetry.counts).toEqual({
      RecordsCompared: 1,
      RecordsDrifted: 0,
      CompaniesDoubled: 0,
      CompaniesDeleted: 0,
    });
    expect(telemetry.lines).toEqual([{ level: 'info', event: 'reconciled', ...quiet, ...none }]);
  });

  it('leaves alone what is under way, what was delivered a moment ago, and what a person has to look at', async () => {
    const failure = { kind: 'rejected', message: 'Invalid phone', firstAt: 1, lastAt: 1 } as const;
    const rows = [
      row('f1', {
        status: 'due',
        dueLane: 'live',
        dueAt: night,
        desired: { version: 2, record: {}, at: night, lane: 'live' },
      }),
      row('f2', { intent: { id: 'i', at: night - 14 * minute, kind: 'update', version: 1 } }),
      row('f3', { applied: { version: 1, record: record('f3'), at: night - 14 * minute } }),
      row('f4', { status: 'refused', failure }),
      row('f5', {
        status: 'secondary',
        companyId: undefined,
        applied: undefined,
        secondaryTo: { companyId: 'c-f4', folderId: 'f4' },
      }),
    ];
    const others = [company('f4', { phone: '06 00 00 00 00' })];
    const { run, store } = nights(rows, others);
    expect(await run()).toEqual({ state: 'complete', ...quiet, linked: 4, compared: 0, ...none });
    for (const before of rows) expect(store.all.get(before.folderId)).toEqual(before);
  });

  it('counts the companies of folders that are gone from Clavus, and leaves them alone', async () => {
    const { run, store } = nights([row('f1')], [company('f1'), company('f2')]);
    store.all.set('f2', row('f2'));
    expect(await run()).toEqual({ state: 'complete', ...quiet, ...none, linked: 2, compared: 2, gone: 1 });
    expect(store.all.get('f2')).toEqual(row('f2'));
  });
});

describe('a change that was wanted long ago and never sent', () => {
  const due = (lane: 'live' | 'bulk', changes: object = {}) =>
    row('f1', {
      status: 'due',
      desired: { version: 2, record: record('f1'), at: night - 61 * minute, lane },
      dueLane: lane,
      dueAt: night + 10 * minute,
      ...changes,
    });

  it('comes due at once', async () => {
    const { run, store } = nights([due('live')], [company('f1')]);
    expect(await run()).toMatchObject({ overdue: 1, compared: 0 });
    expect(store.all.get('f1')).toEqual({ ...due('live'), revision: 5, dueAt: night });
  });

  it('comes due at once when the index of due rows had lost it', async () => {
    const lost = due('live', { dueLane: undefined, dueAt: undefined });
    const { run, store } = nights([lost], [company('f1')]);
    expect(await run()).toMatchObject({ overdue: 1 });
    expect(store.all.get('f1')).toEqual({ ...lost, revision: 5, dueLane: 'live', dueAt: night });
  });

  it.each([
    ['has waited for less than an hour', { desired: { ...due('live').desired, at: night - 59 * minute } }],
    ['waits for an outcome to settle', { waitUntil: night + minute }],
  ])('is left alone when it %s', async (_, changes) => {
    const waiting = due('live', changes as Partial<FolderRow>);
    const { run, store } = nights([waiting], [company('f1')]);
    expect(await run()).toMatchObject({ overdue: 0 });
    expect(store.all.get('f1')).toEqual(waiting);
  });

  it('is left alone when it is one of a mass that may be sent for less than an hour', async () => {
    const { run, store } = nights([due('bulk')], [company('f1')]);
    const isBulkTime = (at: number) => at > night - 30 * minute;
    expect(await run(night, { isBulkTime })).toMatchObject({ overdue: 0 });
    expect(await run(night)).toMatchObject({ overdue: 1 });
    expect(store.all.get('f1')).toMatchObject({ dueLane: 'bulk', dueAt: night });
  });
});

describe('a company that somebody edited in Moovago', () => {
  const edited = { phone: '06 00 00 00 00' };

  it('is sent again with the mass, the field that differs only', async () => {
    const { run, store, telemetry } = nights([row('f1')], [company('f1', edited)]);
    expect(await run()).toEqual({ state: 'complete', ...quiet, ...none, drifted: 1 });
    expect(store.all.get('f1')).toEqual({
      ...row('f1'),
      revision: 5,
      status: 'due',
      desired: { version: 2, record: record('f1'), at: night, lane: 'bulk' },
      applied: { version: 1, record: { ...record('f1'), ...edited }, at: yesterday },
      dueLane: 'bulk',
      dueAt: night,
      forms: { phone: { resent: expect.stringMatching(/^[0-9a-f]{12}$/) } },
    });
    expect(telemetry.counts).toMatchObject({ RecordsCompared: 1, RecordsDrifted: 1 });
    expect(telemetry.lines[0]).toEqual({
      level: 'info',
      event: 'company-drifted',
      folderId: 'f1',
      companyId: 'c-f1',
      fields: ['phone'],
    });
    expect(JSON.stringify(telemetry.lines)).not.toContain('06 00');
  });

  it('is left alone once it is put right, and put right as often as it is edited', async () => {
    const { run, store, deliver, inMoovago } = nights([row('f1')], [company('f1', edited)]);
    await run();
    await deliver('f1', night + minute);
    expect(await run(night + 2 * minute)).toMatchObject({ compared: 0, drifted: 0 });
    expect(await run(night + day)).toMatchObject({ compared: 1, drifted: 0, ownForms: 0 });
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 2 } });
    inMoovago.set('c-f1', company('f1', edited));
    expect(await run(night + 2 * day)).toMatchObject({ drifted: 1 });
  });

  it('is left to who is faster: what changed since the look, or while it is written down', async () => {
    const newer = row('f1', { revision: 5, applied: { version: 1, record: record('f1'), at: night } });
    const late = nights([newer], [company('f1', edited)]);
    late.store.pages = async function* () {
      yield [row('f1')];
    };
    expect(await late.run()).toMatchObject({ drifted: 0 });
    expect(late.store.all.get('f1')).toEqual(newer);

    const racing = nights([row('f1')], [company('f1', edited)]);
    racing.store.read = async () => {
      racing.store.all.set('f1', newer);
      return new Map([['f1', row('f1')]]);
    };
    expect(await racing.run()).toMatchObject({ drifted: 0 });
    expect(racing.store.all.get('f1')).toEqual(newer);
  });

  it('is left as it is in the fields that belong to the reps', async () => {
    const { run, store } = nights([row('f1')], [company('f1', edited)], {
      ownership: { phone: 'create-only' },
    });
    expect(await run()).toEqual({ state: 'complete', ...quiet, ...none });
    expect(store.all.get('f1')).toEqual(row('f1'));
  });

  it('is not compared by fields that Moovago does not give back', async () => {
    const { run } = nights([row('f1')], [{ id: 'c-f1', name: 'Dupont', ownerIds: [] }]);
    expect(await run(night, { readBack: 'documented' })).toMatchObject({ compared: 1, drifted: 0 });
  });
});

describe('a field that Moovago writes in its own way', () => {
  const own = { phone: '+33 7 68 45 46 74' };

  it('is sent again once, then left alone, until the folder says something else', async () => {
    const { run, store, deliver } = nights([row('f1')], [company('f1', own)]);
    expect(await run()).toMatchObject({ drifted: 1, ownForms: 0 });
    await deliver('f1', night + minute, own);
    expect(await run(night + day)).toMatchObject({ drifted: 0, ownForms: 1, noted: 1 });
    expect(await run(night + 2 * day)).toMatchObject({ drifted: 0, ownForms: 1, noted: 0 });
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 2 } });

    const phone = '04 93 12 34 56';
    const change = { rowId: 'f1', record: { ...record('f1'), phone }, lane: 'live' } as const;
    await store.change('f1', (current) => changed(current, { ...change, at: night + 2 * day }), undefined);
    await deliver('f1', night + 2 * day, own);
    expect(await run(night + 3 * day)).toMatchObject({ drifted: 1, ownForms: 0 });
  });

  it('is known again after a rep has edited it and the edit was put right', async () => {
    const { run, deliver, inMoovago } = nights([row('f1')], [company('f1', own)]);
    await run();
    await deliver('f1', night + minute, own);
    await run(night + day);
    inMoovago.set('c-f1', company('f1', { phone: '06 00 00 00 00' }));
    expect(await run(night + 2 * day)).toMatchObject({ drifted: 1 });
    await deliver('f1', night + 2 * day, own);
    expect(await run(night + 3 * day)).toMatchObject({ drifted: 0, ownForms: 1 });
  });

  it('does not keep another field from being put right, and is not sent with it', async () => {
    const { run, store, deliver, inMoovago } = nights([row('f1')], [company('f1', own)]);
    await run();
    await deliver('f1', night + minute, own);
    await run(night + day);
    inMoovago.set('c-f1', company('f1', { ...own, name: 'Dupond' }));
    expect(await run(night + 2 * day)).toMatchObject({ drifted: 1, ownForms: 1 });
    expect(store.all.get('f1')?.applied?.record).toEqual({ ...record('f1'), name: 'Dupond' });
  });
});
