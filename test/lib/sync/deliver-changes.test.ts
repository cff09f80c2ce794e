import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../lib/framework/operation-refused.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import type { CompanyWrite, WriteOutcome } from '../../../lib/moovago/company.ts';
import { type Lane, type Slot, SlotMissed } from '../../../lib/moovago/slot.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { deliverChanges } from '../../../lib/sync/deliver-changes.ts';
import { wanted } from '../../../lib/sync/row-transitions.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { memoryRows } from '../../support/memory-rows.ts';

const start = Date.parse('2026-11-24T20:00:00+01:00');
const settleAfterMs = 15 * 60_000;
const { ownership, blanks } = parseSyncConfig({ company: { name: 'nom', note: 'notes' } }, 'sync.config.ts');

const due = (folderId: string, name: string, lane: Lane = 'live'): FolderRow =>
  wanted(undefined, { folderId, record: { name }, at: start - 1000, lane }) as FolderRow;

type Answer = (writes: readonly CompanyWrite[], slot: Slot) => WriteOutcome[];
const created: Answer = (writes) =>
  writes.map((_, index) => ({ kind: 'written', companyId: `c${index + 1}` }));

/** A delivery with everything around it scripted. */
function delivery(rows: readonly FolderRow[], answer: Answer = created) {
  const clock = fakeClock(start);
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const sent: { at: number; writes: readonly CompanyWrite[] }[] = [];
  const rests: number[] = [];
  let ids = 0;
  let slotsLeft = 100;
  const run = (folderIds = rows.map((row) => row.folderId), recordsPerRequest = 25) =>
    deliverChanges(
      folderIds,
      { ownership, blanks, recordsPerRequest, settleAfterMs, deadline: start + 60_000 },
      {
        ...telemetry,
        clock,
        newId: () => `i${++ids}`,
        readRows: store.read,
        changeRow: store.change,
        postpone: store.postpone,
        reserveSlots: async (count, lane, earliest) => {
          const given = Math.min(count, slotsLeft);
          slotsLeft -= given;
          const slots = Array.from({ length: given }, (_, index) => ({
            at: earliest + index * 215,
            lane,
            check: () => {},
          }));
          return given < count ? { slots, until: start + 30_000 } : { slots };
        },
        rest: async (ms) => {
          rests.push(ms);
        },
        writeCompanies: async (writes, slot) => {
          sent.push({ at: clock.now() - start, writes });
          return answer(writes, slot);
        },
      },
    );
  const limitSlots = (count: number) => {
    slotsLeft = count;
  };
  return { clock, store, telemetry, sent, rests, run, limitSlots };
}

const failing =
  (error: unknown): Answer =>
  () => {
    throw error;
  };

describe('delivering changes', () => {
  it('creates what Moovago does not have, many records in one request, at their slot', async () => {
    const { run, sent, store, telemetry } = delivery([due('f1', 'Dupont'), due('f2', 'Durand')]);
    await run();
    expect(sent).toEqual([
      {
        at: 300,
        writes: [
          { kind: 'create', fields: { name: 'Dupont' } },
          { kind: 'create', fields: { name: 'Durand' } },
        ],
      },
    ]);
    expect(store.all.get('f2')).toEqual({
      folderId: 'f2',
      revision: 2,
      writeId: '',
      status: 'delivered',
      desired: { version: 1, record: { name: 'Durand' }, at: start - 1000, lane: 'live' },
      applied: { version: 1, record: { name: 'Durand' }, at: start + 300 },
      companyId: 'c2',
      attempts: 0,
    });
    expect(telemetry.counts).toEqual({ CompaniesCreated: 2 });
  });

  it('sends as many requests as the records need, each at a slot of its own', async () => {
    const rows = ['f1', 'f2', 'f3'].map((id) => due(id, id));
    const { run, sent } = delivery(rows);
    await run(undefined, 2);
    expect(sent.map(({ writes }) => writes.length)).toEqual([2, 1]);
  });

  it('updates only the fields that differ from what Moovago holds', async () => {
    const row: FolderRow = {
      folderId: 'f1',
      revision: 3,
      writeId: 'w',
      status: 'due',
      desired: {
        version: 2,
        record: { name: 'Dupont', city: 'Nice', ownerIds: ['m1'] },
        at: start,
        lane: 'live',
      },
      applied: { version: 1, record: { name: 'Dupont', city: 'Cannes', ownerIds: ['m1'] }, at: start - 9 },
      companyId: 'c9',
      attempts: 0,
      dueLane: 'live',
      dueAt: start,
    };
    const { run, sent, store } = delivery([row], () => [{ kind: 'written', companyId: 'c9' }]);
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c9', fields: { city: 'Nice' } }]);
    expect(store.all.get('f1')).toMatchObject({
      status: 'delivered',
      applied: { version: 2, record: { name: 'Dupont', city: 'Nice', ownerIds: ['m1'] } },
    });
  });

  it('sends nothing when there is nothing left to say, and calls it delivered', async () => {
    const row = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      applied: { version: 0, record: { name: 'Dupont' }, at: 1 },
    };
    const { run, sent, store } = delivery([row]);
    await run();
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 1 } });
  });

  it('costs nothing but a read when the message comes twice, late or for an unknown folder', async () => {
    const { run, sent, store } = delivery([due('f1', 'Dupont')]);
    await run(['f1', 'f1', 'unknown']);
    await run(['f1']);
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')?.revision).toBe(2);
  });

  it('sends nothing while the outcome of an earlier request is unknown, and comes back when it has settled', async () => {
    const { run, sent, store, clock, telemetry } = delivery(
      [due('f1', 'Dupont')],
      failing(new TryLater('no answer', { system: 'Moovago', applied: 'unknown' })),
    );
    await run();
    const settlesAt = start + settleAfterMs;
    expect(store.all.get('f1')).toMatchObject({
      status: 'due',
      dueAt: settlesAt,
      intent: { kind: 'create' },
    });
    await store.postpone('f1', settlesAt, start + 1);
    await run();
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({ dueAt: settlesAt });
    // Settled or not, a create is never sent twice: it takes a look at Moovago's companies to know.
    clock.set(settlesAt + 1);
    await run();
    expect(sent).toHaveLength(1);
    expect(telemetry.counts).toMatchObject({ OutcomesUnknown: 1 });
  });

  it('sends an update again in full once its unknown outcome has settled', async () => {
    const row: FolderRow = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      applied: { version: 0, record: { name: 'Dupont', city: 'Nice' }, at: 1 },
      desired: { version: 1, record: { name: 'Dupont', city: 'Cannes' }, at: start, lane: 'live' },
    };
    const answers: Answer[] = [() => [{ kind: 'unknown', reason: 'no id' }], created];
    const { run, sent, store, clock } = delivery([row], (...call) => (answers.shift() ?? created)(...call));
    await run();
    clock.set(start + settleAfterMs + 301);
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', companyId: 'c1', fields: { city: 'Cannes' } }],
      [{ kind: 'update', companyId: 'c1', fields: { name: 'Dupont', city: 'Cannes' } }],
    ]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 1 } });
  });

  it('lets one bad record fail alone', async () => {
    const { run, store, telemetry } = delivery([due('f1', 'Dupont'), due('f2', 'Durand')], () => [
      { kind: 'rejected', reason: 'Invalid phone' },
      { kind: 'written', companyId: 'c2' },
    ]);
    await run();
    expect(store.all.get('f1')).toMatchObject({
      status: 'refused',
      failure: { kind: 'rejected', message: 'Invalid phone' },
    });
    expect(store.all.get('f1')?.dueLane).toBe('failed');
    expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c2' });
    expect(telemetry.counts).toEqual({ RecordsRefused: 1, CompaniesCreated: 1 });
    expect(JSON.stringify(telemetry.lines)).not.toContain('Invalid phone');
  });

  it('rests for everybody when Moovago says that it is too much, and counts no attempt', async () => {
    const { run, store, rests, telemetry } = delivery(
      [due('f1', 'Dupont')],
      failing(
        new TryLater('too many', { system: 'Moovago', applied: 'no', status: 429, retryAfterMs: 7000 }),
      ),
    );
    await run();
    expect(rests).toEqual([7000]);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0, dueAt: start + 300 + 7000 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
    expect(telemetry.counts).toEqual({});
  });

  it('tries again later when Moovago cannot be reached', async () => {
    const { run, store } = delivery(
      [due('f1', 'Dupont')],
      failing(new TryLater('refused', { system: 'Moovago', applied: 'no' })),
    );
    await run();
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 1, dueAt: start + 300 + 3750 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
  });

  it('waits for a person when the key is refused', async () => {
    const { run, store, telemetry } = delivery(
      [due('f1', 'Dupont')],
      failing(new ConfigurationError('MOOVAGO_API_KEY', 'is refused')),
    );
    await run();
    expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 300 + 300_000 });
    expect(telemetry.counts).toEqual({ KeysRefused: 1 });
    expect(telemetry.lines).toEqual([
      {
        level: 'error',
        event: 'configuration-refused',
        where: 'MOOVAGO_API_KEY',
        message: 'MOOVAGO_API_KEY: is refused',
      },
    ]);
  });

  it('gives a missed slot up without harm', async () => {
    const { run, store } = delivery([due('f1', 'Dupont')], failing(new SlotMissed('late')));
    await run();
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0, dueAt: start + 300 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
  });

  it('leaves for later what has no slot', async () => {
    const { run, sent, store, limitSlots } = delivery([due('f1', 'Dupont'), due('f2', 'Durand')]);
    limitSlots(1);
    await run(undefined, 1);
    expect(sent).toHaveLength(1);
    expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 30_000 });
  });

  it('delivers live changes before the mass', async () => {
    const { run, sent } = delivery([due('f1', 'Mass', 'bulk'), due('f2', 'Edit', 'live')]);
    await run();
    expect(sent.map(({ writes }) => writes[0]?.fields.name)).toEqual(['Edit', 'Mass']);
  });

  it('delivers the newest state when Clavus moved on after the message was sent', async () => {
    const row = due('f1', 'Dupont');
    const { run, sent, store } = delivery([row]);
    await store.change(
      'f1',
      (before) => wanted(before, { folderId: 'f1', record: { name: 'Durand' }, at: start, lane: 'live' }),
      row,
    );
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'create', fields: { name: 'Durand' } }]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 2 } });
  });

  it('finds the one record that makes Moovago refuse a whole document', async () => {
    const rows = ['f1', 'f2', 'f3', 'f4', 'f5'].map((id) => due(id, id));
    const { run, sent, store } = delivery(rows, (writes) => {
      const bad = writes.some(({ fields }) => fields.name === 'f3');
      if (bad && writes.length > 1)
        throw new OperationRefused('MOOVAGO_API_URL', 'refused', { reason: 'Invalid value' });
      return writes.map(({ fields }) =>
        bad
          ? { kind: 'rejected', reason: 'Invalid value' }
          : { kind: 'written', companyId: `c-${fields.name}` },
      );
    });
    await run();
    expect(sent.map(({ writes }) => writes.map(({ fields }) => fields.name).join())).toEqual([
      'f1,f2,f3,f4,f5',
      'f1,f2,f3',
      'f4,f5',
      'f1,f2',
      'f3',
    ]);
    expect([...store.all.values()].map(({ status, companyId }) => companyId ?? status)).toEqual([
      'c-f1',
      'c-f2',
      'refused',
      'c-f4',
      'c-f5',
    ]);
  });

  it('passes on what nobody foresaw', async () => {
    const { run } = delivery([due('f1', 'Dupont')], failing(new TypeError('a bug')));
    await expect(run()).rejects.toThrow('a bug');
  });
});
