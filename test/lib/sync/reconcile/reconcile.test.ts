import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../../lib/mapping/sync-config.ts';
import type { Company, CompanyRecord } from '../../../../lib/moovago/company.ts';
import { FingerprintMap } from '../../../../lib/state/fingerprint-map.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { reconcile } from '../../../../lib/sync/reconcile/reconcile.ts';
import { delivered, wanted } from '../../../../lib/sync/rows/row-transitions.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';

const night = Date.parse('2026-11-25T02:10:00+01:00');
const [minute, day] = [60_000, 86_400_000];
const yesterday = night - day;
const marker = (folderId: string) => markerFor('test', folderId);

const record = (folderId: string): CompanyRecord => ({
  name: 'Dupont',
  phone: '07 68 45 46 74',
  note: marker(folderId),
});
const row = (folderId: string, changes: Partial<FolderRow> = {}): FolderRow => ({
  folderId,
  revision: 4,
  writeId: 'w4',
  status: 'delivered',
  desired: { version: 1, record: record(folderId), at: yesterday, lane: 'live' },
  applied: { version: 1, record: record(folderId), at: yesterday },
  companyId: `c-${folderId}`,
  attempts: 0,
  ...changes,
});
const company = (folderId: string, changes: Partial<Company> = {}): Company => ({
  id: `c-${folderId}`,
  ...record(folderId),
  ...changes,
});

const quiet = { linked: 1, compared: 1, ownForms: 0, gone: 0, misplaced: 0 };
const none = { overdue: 0, drifted: 0, noted: 0, deleted: 0, merged: 0, doubled: 0, resolved: 0, removed: 0 };

/** Moovago and the rows at a night; `night(at)` reconciles them. */
function nights(rows: FolderRow[], companies: Company[], config: Partial<SyncConfigInput> = {}) {
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const { ownership, blanks, removalLimit, settleAfter } = parseSyncConfig(
    { company: { name: 'nom', phone: 'telephone' }, ...config },
    'test',
  );
  const inMoovago = new Map(companies.map((one) => [one.id, one]));
  const known = new FingerprintMap();
  for (const { folderId } of rows) known.set(folderId, new Uint8Array(8));
  const run = (
    at = night,
    { readBack = 'all' as 'all' | 'documented', isBulkTime = (at: number) => at > 0 } = {},
  ) =>
    reconcile(
      { ownership, blanks, removalLimit, settleAfter, stage: 'test' },
      {
        ...telemetry,
        clock: fakeClock(at),
        isBulkTime,
        readCompanies: async () => ({ companies: [...inMoovago.values()], readBack }),
        loadFingerprints: async () => known,
        rowPages: store.pages,
        readRows: store.read,
        changeRow: store.change,
        linkedTo: store.linkedTo,
      },
    );
  /** What the writer does with a due row: Moovago keeps the record in its own way. */
  const deliver = async (folderId: string, at: number, keeps: CompanyRecord = {}) => {
    const { companyId = '', desired } = store.all.get(folderId) ?? row(folderId);
    inMoovago.set(companyId, { id: companyId, ...desired?.record, ...keeps });
    const written = { companyId, version: desired?.version ?? 0, record: desired?.record ?? {}, at };
    await store.change(folderId, (current) => current && delivered(current, written), undefined);
  };
  return { store, telemetry, inMoovago, known, run, deliver };
}

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
      row('f5', { status: 'secondary', companyId: undefined, applied: undefined }),
      row('f6', { status: 'removed' }),
    ];
    const others = [company('f4', { phone: '06 00 00 00 00' })];
    const { run, store } = nights(rows, others);
    expect(await run()).toEqual({ state: 'complete', ...quiet, linked: 5, compared: 0, ...none });
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
  const due = (lane: 'live' | 'bulk', changes: Partial<FolderRow> = {}) =>
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
    const { dueLane, dueAt, ...lost } = due('live');
    const { run, store } = nights([lost], [company('f1')]);
    expect(await run()).toMatchObject({ overdue: 1 });
    expect(store.all.get('f1')).toEqual({ ...lost, revision: 5, dueLane: 'live', dueAt: night });
    expect([dueLane, dueAt]).toEqual(['live', night + 600_000]);
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
    const change = { folderId: 'f1', record: { ...record('f1'), phone }, lane: 'live' } as const;
    await store.change('f1', (current) => wanted(current, { ...change, at: night + 2 * day }), undefined);
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

describe('a company that somebody deleted in Moovago', () => {
  const change = { folderId: 'f1', record: { name: 'Durand' }, at: night + minute, lane: 'live' } as const;

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

    await store.change('f1', (current) => wanted(current, change), undefined);
    const desired = { version: 2, record: { name: 'Durand' }, at: night + minute, lane: 'live' };
    expect(store.all.get('f1')).toEqual({ ...parked, revision: 6, desired });
    expect(await run(night + day)).toMatchObject({ state: 'complete', deleted: 0 });
    expect(store.all.get('f1')).toEqual({ ...parked, revision: 6, desired });
  });

  it('is made again, as a creation that is matched first, when somebody asks for it', async () => {
    const { run, store } = nights([row('f1')], []);
    await run();
    await store.change('f1', (current) => wanted(current, { ...change, again: true }), undefined);
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
      revision: 5,
      writeId: 'w4',
      status: 'removed',
      desired: before.desired,
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

  it('are a broken answer or another team: nothing is touched, and an error says so', async () => {
    const rows = folders(20).map((id) => row(id));
    const there = folders(20).slice(6);
    const companies = there.map((id) => company(id, { phone: '06 00 00 00 00' }));
    const { run, store, telemetry } = nights(rows, companies);
    expect(await run()).toEqual({
      state: 'held',
      missing: 6,
      linked: 20,
      compared: 14,
      ownForms: 0,
      gone: 0,
    });
    expect([...store.all.values()]).toEqual(rows);
    expect(telemetry.lines).toEqual([
      { level: 'error', event: 'reconcile-held', missing: 6, limit: 5, linked: 20, companies: 14 },
    ]);
    expect(telemetry.counts).toEqual({ RecordsCompared: 14, CompaniesDeleted: 6 });
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
        message: "2 companies in Moovago may be this folder's: merge them there, then retry",
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

  it('is fine where the two folders share it', async () => {
    const { companyId, ...shared } = row('f2', {
      status: 'secondary',
      applied: undefined,
      secondaryTo: { companyId: 'c-f1', folderId: 'f1' },
    });
    const { run } = nights([row('f1'), shared], mixed);
    expect(await run()).toMatchObject({ misplaced: 0 });
    expect(companyId).toBe('c-f2');
  });
});
