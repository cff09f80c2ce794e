import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../../lib/framework/operation-refused.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { unmappable } from '../../../../lib/sync/rows/row-transitions.ts';

import {
  type Answer,
  created,
  due,
  failing,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

describe('a delivery that fails', () => {
  it('lets one bad record fail alone', async () => {
    const { run, store, telemetry } = scriptedDelivery([due('f1', 'Dupont'), due('f2', 'Durand')], () => [
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
    const { run, store, reports, telemetry } = scriptedDelivery(
      [due('f1', 'Dupont')],
      failing(
        new TryLater('too many', { system: 'Moovago', applied: 'no', status: 429, retryAfterMs: 7000 }),
      ),
    );
    await run();
    expect(reports).toEqual(['throttled 7000']);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0, dueAt: start + 300 + 7000 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
    expect(telemetry.counts).toEqual({});
  });

  it('tries again later when Moovago cannot be reached', async () => {
    const { run, store } = scriptedDelivery(
      [due('f1', 'Dupont')],
      failing(new TryLater('refused', { system: 'Moovago', applied: 'no' })),
    );
    await run();
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 1, dueAt: start + 300 + 3750 });
    expect(store.all.get('f1')?.intent).toBeUndefined();
  });

  it('waits for a person when the key is refused', async () => {
    const { run, store, telemetry } = scriptedDelivery(
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
        reason: 'MOOVAGO_API_KEY: is refused',
      },
    ]);
  });

  it('finds the one record that makes Moovago refuse a whole document', async () => {
    const rows = ['f1', 'f2', 'f3', 'f4', 'f5'].map((id) => due(id, id));
    const { run, sent, store } = scriptedDelivery(rows, (writes) => {
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

  it('blames no size where the record that was refused is not in the halves any more', async () => {
    const { run, sent, reports, store } = scriptedDelivery(
      [due('f1', 'Dupont'), due('f2', 'Durand'), due('f3', 'Petit')],
      (writes, slot) => {
        if (writes.length < 3) return created(writes, slot);
        const bad = store.all.get('f2') as FolderRow;
        const reason = { rowId: 'f2', field: 'company.name', reason: 'nom is empty', at: start };
        store.all.set('f2', { ...(unmappable(bad, reason) as FolderRow), revision: bad.revision + 1 });
        throw new OperationRefused('MOOVAGO_API_URL', 'refused', { reason: 'Durand' });
      },
    );
    await run();
    expect(sent.map(({ writes }) => writes.length)).toEqual([3, 2]);
    expect(reports.filter((report) => report.startsWith('shrinkTo'))).toEqual([]);
    expect(store.all.get('f2')).toMatchObject({ status: 'refused', failure: { kind: 'mapping' } });
  });

  it('sends smaller documents from then on when both halves of a refused one pass', async () => {
    const rows = ['f1', 'f2', 'f3'].map((id) => due(id, id));
    const tooLarge: Answer = (writes) => {
      if (writes.length > 2)
        throw new OperationRefused('MOOVAGO_API_URL', 'refused', { reason: 'too large' });
      return writes.map(({ fields }) => ({ kind: 'written', companyId: `company of ${fields.name}` }));
    };
    const { run, reports } = scriptedDelivery(rows, tooLarge);
    await run();
    // The halves are under way together: which of them is done first is nobody's business.
    expect(reports.slice(0, -1).sort()).toEqual(['grow 1', 'grow 2', 'succeeded', 'succeeded', 'succeeded']);
    expect(reports.at(-1)).toBe('shrinkTo 2');
  });

  it('raises one alarm when nobody may send any more', async () => {
    const lost = failing(new TryLater('no answer', { system: 'Moovago', applied: 'unknown' }));
    const { run, telemetry, reports } = scriptedDelivery([due('f1', 'Dupont')], lost, { opens: true });
    await run();
    expect(reports).toEqual(['failed']);
    expect(telemetry.counts).toEqual({ OutcomesUnknown: 1 });
    expect(telemetry.lines).toContainEqual({
      level: 'error',
      event: 'deliveries-stopped',
      kind: 'unknown',
      reason: 'no answer',
    });
  });

  it('takes what nobody foresaw for a request that may have been applied', async () => {
    const { run, store, telemetry, reports } = scriptedDelivery(
      [due('f1', 'Dupont')],
      failing(new TypeError('a bug')),
    );
    await run();
    expect(reports).toEqual(['failed']);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', intent: { kind: 'create' } });
    expect(telemetry.counts).toEqual({ OutcomesUnknown: 1 });
  });

  it('leaves an update to a person after twenty requests without a clear answer', async () => {
    const row: FolderRow = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      applied: { version: 0, record: { name: 'Durand' }, at: 1 },
    };
    const { run, sent, store, clock } = scriptedDelivery(
      [row],
      failing(new TryLater('no answer', { system: 'Moovago', applied: 'unknown' })),
    );
    for (let turn = 0; turn < 22; turn++) {
      await run();
      clock.set(clock.now() + settleAfterMs + 1000);
    }
    expect(sent).toHaveLength(20);
    expect(store.all.get('f1')).toMatchObject({
      status: 'parked',
      failure: { kind: 'service', message: 'Moovago gave no clear answer 20 times' },
    });
  });

  it('counts one without a clear answer once, however often a request after it never leaves', async () => {
    const row: FolderRow = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      applied: { version: 0, record: { name: 'Durand' }, at: 1 },
    };
    let applied: 'unknown' | 'no' = 'unknown';
    const { run, sent, store, clock } = scriptedDelivery([row], () => {
      throw new TryLater('no answer', { system: 'Moovago', applied });
    });
    for (let turn = 0; turn < 25; turn++) {
      await run();
      applied = 'no';
      clock.set(clock.now() + 3 * 3_600_000);
    }
    expect(sent).toHaveLength(25);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', intent: { id: 'i2' }, unclear: 0 });
  });
});
