import { describe, expect, it } from 'vitest';
import { TryLater } from '../../../../lib/framework/errors.ts';
import { SlotMissed } from '../../../../lib/moovago/slot.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { rowWith } from '../../../support/row-with.ts';
import {
  type Answer,
  created,
  due,
  failing,
  ownership,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

describe('delivering changes', () => {
  it('creates what Moovago does not have, many records in one request, at their slot', async () => {
    const { run, sent, store, telemetry } = scriptedDelivery([due('f1', 'Dupont'), due('f2', 'Durand')]);
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
    const { run, sent } = scriptedDelivery(rows);
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
    const { run, sent, store } = scriptedDelivery([row], () => [{ kind: 'written', companyId: 'c9' }]);
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
    const { run, sent, store } = scriptedDelivery([row]);
    await run();
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 1 } });
  });

  it('costs nothing but a read when the message comes twice, late or for an unknown folder', async () => {
    const { run, sent, store } = scriptedDelivery([due('f1', 'Dupont')]);
    await run(['f1', 'f1', 'unknown']);
    await run(['f1']);
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')?.revision).toBe(2);
  });

  it('sends nothing while the outcome of an earlier request is unknown, and comes back when it has settled', async () => {
    const { run, sent, store, clock, telemetry } = scriptedDelivery(
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
    expect(telemetry.counts).toMatchObject({ OutcomesUnknown: 1 });
    expect(clock.now()).toBeLessThan(settlesAt);
  });

  it('sends an update again in full once its unknown outcome has settled', async () => {
    const row: FolderRow = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      applied: { version: 0, record: { name: 'Dupont', city: 'Nice' }, at: 1 },
      desired: { version: 1, record: { name: 'Dupont', city: 'Cannes' }, at: start, lane: 'live' },
    };
    const answers: Answer[] = [() => [{ kind: 'unknown', reason: 'no id' }], created];
    const { run, sent, store, clock } = scriptedDelivery([row], (...call) =>
      (answers.shift() ?? created)(...call),
    );
    await run();
    clock.set(start + settleAfterMs + 301);
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', companyId: 'c1', fields: { city: 'Cannes' } }],
      [{ kind: 'update', companyId: 'c1', fields: { name: 'Dupont', city: 'Cannes' } }],
    ]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 1 } });
  });

  it('sends everything again when somebody asks for it, but for what is not for Clavus to say any more', async () => {
    const policies = { ...ownership, city: 'fill-empty', address: 'create-only' } as const;
    const record = { name: 'Dupont', city: 'Nice', address: '1 rue Haute' };
    const row: FolderRow = rowWith(due('f1', 'Dupont'), {
      companyId: 'c1',
      status: 'delivered',
      applied: { version: 1, record, at: 1 },
      desired: { version: 1, record, at: 1, lane: 'live' },
    });
    const again = changed(row, { rowId: 'f1', record, at: start, lane: 'live', again: true }) as FolderRow;
    const { run, sent, store } = scriptedDelivery([again], created, { policies });
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c1', fields: { name: 'Dupont' } }]);
    expect(store.all.get('f1')?.applied).toEqual({ version: 2, record, at: start + 300 });
  });

  it('takes another slot when one was missed, with the same intent, and counts no attempt', async () => {
    const answers: Answer[] = [failing(new SlotMissed('late')), failing(new SlotMissed('late'))];
    const { run, sent, store, telemetry } = scriptedDelivery([due('f1', 'Dupont')], (...call) =>
      (answers.shift() ?? created)(...call),
    );
    await run();
    expect(sent.map(({ at }) => at)).toEqual([300, 600, 900]);
    expect(telemetry.counts).toMatchObject({ SlotsMissed: 2 });
    // The row was written twice: its intent, its outcome.
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', attempts: 0, revision: 2 });
  });

  it('leaves for later a missed slot when there is no other', async () => {
    const { run, sent, store, limitSlots } = scriptedDelivery(
      [due('f1', 'Dupont')],
      failing(new SlotMissed('late')),
    );
    limitSlots(1);
    await run();
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0, dueAt: start + 30_000 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
  });

  it('leaves for later what has no slot', async () => {
    const { run, sent, store, limitSlots } = scriptedDelivery([due('f1', 'Dupont'), due('f2', 'Durand')]);
    limitSlots(1);
    await run(undefined, 1);
    expect(sent).toHaveLength(1);
    expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 30_000 });
  });

  it('takes its intents back when others took the slot that it prepared for, and writes none for what follows', async () => {
    const { run, sent, store, limitSlots } = scriptedDelivery([due('f1', 'Dupont'), due('f2', 'Durand')]);
    limitSlots(0, { othersAreFaster: true });
    await run(undefined, 1);
    expect(sent).toEqual([]);
    // Its intent, and taken back; the other one was moved only.
    expect(store.all.get('f1')).toMatchObject({ status: 'due', revision: 2, dueAt: start + 30_000 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
    expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 30_000 });
    expect(store.all.get('f2')?.intent).toBeUndefined();
  });

  it('writes its intents when a slot is near: who dies while it waits leaves nothing open', async () => {
    const intents: (number | undefined)[] = [];
    const { run, sent, store, takeSlotsUntil } = scriptedDelivery([due('f1', 'Dupont')], (...call) => {
      intents.push(store.all.get('f1')?.intent?.at);
      return created(...call);
    });
    takeSlotsUntil(20_000);
    await run();
    expect(sent.map(({ at }) => at)).toEqual([20_000]);
    expect(intents).toEqual([start + 19_700]);
  });

  it('begins the next document shortly before the one before leaves', async () => {
    const intents: (number | undefined)[] = [];
    const { run, sent, store } = scriptedDelivery([due('f1', 'Dupont'), due('f2', 'Durand')], (...call) => {
      intents.push(store.all.get('f2')?.intent?.at);
      return created(...call);
    });
    await run(undefined, 1);
    expect(sent.map(({ at }) => at)).toEqual([300, 600]);
    expect(intents).toEqual([undefined, start + 300]);
  });

  it('delivers live changes before the mass', async () => {
    const { run, sent } = scriptedDelivery([due('f1', 'Mass', 'bulk'), due('f2', 'Edit', 'live')]);
    await run();
    expect(sent.map(({ writes }) => writes[0]?.fields.name)).toEqual(['Edit', 'Mass']);
  });

  it('delivers the newest state when Clavus moved on after the message was sent', async () => {
    const row = due('f1', 'Dupont');
    const { run, sent, store } = scriptedDelivery([row]);
    await store.change(
      'f1',
      (before) => changed(before, { rowId: 'f1', record: { name: 'Durand' }, at: start, lane: 'live' }),
      row,
    );
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'create', fields: { name: 'Durand' } }]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 2 } });
  });

  it('keeps to the size that everybody learned', async () => {
    const rows = ['f1', 'f2', 'f3'].map((id) => due(id, id));
    const { run, sent } = scriptedDelivery(rows, created, { documentSize: 2 });
    await run();
    expect(sent.map(({ writes }) => writes.length)).toEqual([2, 1]);
  });

  it('marks the company of a folder that is gone in its name alone: an update of unknown outcome may know the rest better', async () => {
    const applied = { version: 1, record: { name: 'Dupont', city: 'Nice' }, at: 1 };
    const name = 'Dupont (supprimé dans Clavus)';
    const desired = { version: 3, record: { name, city: 'Nice' }, at: 2, lane: 'live' } as const;
    const row: FolderRow = rowWith(due('f1', 'Dupont'), {
      companyId: 'c1',
      applied,
      desired,
      removal: 'flag',
    });
    const intent = { id: 'i0', at: start - settleAfterMs, kind: 'update', version: 2 } as const;
    for (const [open, record] of [
      [{}, { name, city: 'Nice' }],
      // Should the folder come back, what is not known is sent again.
      [{ intent }, { name }],
    ] as const) {
      const { run, sent, store } = scriptedDelivery([{ ...row, ...open }], created, { onRemoved: 'flag' });
      await run();
      expect(sent.map(({ writes }) => writes)).toEqual([
        [{ kind: 'update', companyId: 'c1', fields: { name } }],
      ]);
      expect(store.all.get('f1')).toMatchObject({ status: 'removed', applied: { version: 3 } });
      expect(store.all.get('f1')?.applied?.record).toEqual(record);
    }
  });

  it.each(['delete', undefined] as const)(
    'deletes nothing any more when the tenant keeps companies again, whatever is open: %s',
    async (kind) => {
      const record = { name: 'Dupont', city: 'Nice' };
      const intent = kind && { id: 'i0', at: start - settleAfterMs, kind, version: 2 };
      const row = rowWith(due('f1', 'Dupont'), {
        companyId: 'c1',
        applied: { version: 1, record, at: 1 },
        desired: { version: 2, record, at: 2, lane: 'live' },
        removal: 'delete',
        intent,
      });
      const kept = scriptedDelivery([row], created, { onRemoved: 'keep' });
      await kept.run();
      expect(kept.sent).toEqual([]);
      expect(kept.store.all.get('f1')).toMatchObject({ status: 'removed', companyId: 'c1' });

      const flagged = scriptedDelivery([row], created, { onRemoved: 'flag' });
      await flagged.run();
      expect(flagged.sent).toEqual([]);
      const name = 'Dupont (supprimé dans Clavus)';
      expect(flagged.store.all.get('f1')).toMatchObject({
        status: 'due',
        removal: 'flag',
        desired: { record: { name } },
      });
    },
  );
});
