import { describe, expect, it } from 'vitest';
import { TryLater } from '../../../../lib/framework/errors.ts';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey } from '../../../../lib/mapping/match-keys.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { changed, unmappable } from '../../../../lib/sync/rows/row-transitions.ts';

import {
  type Answer,
  created,
  due,
  failing,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

describe('the delivery of a creation whose answer was lost', () => {
  const lost = new TryLater('no answer', { system: 'Moovago', applied: 'unknown' });
  /** A creation that got no answer, at the moment when its outcome has settled. */
  async function settled(record = { name: 'Dupont', note: markerFor('test', 'f1') }) {
    const answers: Answer[] = [failing(lost)];
    const row = changed(undefined, { rowId: 'f1', record, at: start - 1000, lane: 'live' }) as FolderRow;
    const world = scriptedDelivery([row], (...call) => (answers.shift() ?? created)(...call));
    await world.run();
    world.clock.set(start + settleAfterMs + 301);
    return { ...world, failAgain: () => answers.push(failing(lost)) };
  }

  it('leaves a company that bears its marker to the folder that took it this very moment', async () => {
    const { run, store, moovago } = await settled();
    moovago.companies = [{ id: 'c5', name: 'Dupont', note: markerFor('test', 'f1') }];
    moovago.claims.set(companyKey('c5'), { folderId: 'f2', token: 'its' });
    await run();
    expect(store.all.get('f1')?.companyId).not.toBe('c5');
    expect(moovago.claims.get(companyKey('c5'))?.folderId).toBe('f2');
  });

  it('adopts the company that a look finds, and then sends it the newest state', async () => {
    const { run, sent, store, moovago, telemetry } = await settled();
    moovago.companies = [{ id: 'c7', name: 'Dupont', note: markerFor('test', 'f1') }];
    await run();
    expect(moovago.passes).toBe(1);
    expect(sent.slice(1).map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', companyId: 'c7', fields: { name: 'Dupont' } }],
    ]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 1 } });
    expect(telemetry.counts).toMatchObject({ CompaniesAdopted: 1 });
  });

  it('creates again when a look finds none', async () => {
    const { run, sent, store, moovago } = await settled();
    moovago.companies = [{ id: 'c7', name: 'Dupont', note: markerFor('test', 'f12') }];
    await run();
    expect(sent.map(({ writes }) => writes[0]?.kind)).toEqual(['create', 'create']);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c1' });
  });

  it('waits on while the look itself gets no clear answer', async () => {
    const { run, sent, store, moovago, clock } = await settled();
    moovago.companies = undefined;
    await run();
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({ intent: { kind: 'create' }, dueAt: clock.now() + 60_000 });
  });

  it('is left to a person after three looks that found nothing', async () => {
    const { run, sent, store, clock, failAgain } = await settled();
    for (const _ of [1, 2, 3]) {
      failAgain();
      await run();
      clock.set(clock.now() + settleAfterMs + 301);
    }
    expect(sent).toHaveLength(3);
    expect(store.all.get('f1')).toMatchObject({
      status: 'parked',
      dueLane: 'failed',
      failure: {
        kind: 'service',
        message: expect.stringContaining('no clear answer to this creation 3 times'),
      },
    });
    await run();
    expect(sent).toHaveLength(3);
  });

  it('keeps the oldest of several and leaves the rest to a person', async () => {
    const { run, sent, store, moovago } = await settled();
    const note = markerFor('test', 'f1');
    moovago.companies = [
      { id: 'c7', name: 'Dupont', note },
      { id: 'c8', name: 'Dupont', note },
    ];
    await run();
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({
      status: 'ambiguous',
      companyId: 'c7',
      failure: { kind: 'match', candidates: ['c7', 'c8'] },
    });
  });

  it('does not take a company that another folder took a moment ago, or has meanwhile', async () => {
    for (const take of ['claims', 'links'] as const) {
      const { run, sent, moovago, store } = await settled();
      moovago.readBack = 'documented';
      moovago.companies = [{ id: 'c7', name: 'Dupont', ownerIds: [] }];
      if (take === 'claims') moovago.claims.set(companyKey('c7'), { folderId: 'f2', token: 't0' });
      else store.all.set('f2', { ...due('f2', 'Dupont'), companyId: 'c7' });
      await run();
      expect(sent[1]?.writes[0]).toMatchObject({ kind: 'create' });
    }
  });

  it('leaves it to a person, and the creation open, where several may be it', async () => {
    const { run, sent, moovago, store } = await settled();
    moovago.readBack = 'documented';
    moovago.companies = ['c6', 'c7'].map((id) => ({ id, name: 'Dupont', ownerIds: [] }));
    await run();
    expect(sent).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({
      status: 'ambiguous',
      failure: { candidates: ['c6', 'c7'] },
      intent: { kind: 'create' },
    });
    expect(store.all.get('f1')?.companyId).toBeUndefined();
  });

  it('keeps the reason of a folder that Clavus made unmappable during the look, and the creation open', async () => {
    const { run, moovago, store } = await settled();
    moovago.readBack = 'documented';
    Object.defineProperty(moovago, 'companies', {
      get: () => {
        const problem = { rowId: 'f1', field: 'company.name', reason: 'nom is empty', at: start };
        const edited = unmappable(store.all.get('f1'), problem);
        if (edited) store.all.set('f1', edited);
        return ['c6', 'c7'].map((id) => ({ id, name: 'Dupont', ownerIds: [] }));
      },
    });
    await run();
    expect(store.all.get('f1')).toMatchObject({
      status: 'refused',
      failure: { kind: 'mapping', message: 'nom is empty' },
      intent: { kind: 'create' },
    });
  });

  it('goes by what it sent where notes cannot be read back', async () => {
    const { run, sent, moovago } = await settled();
    moovago.readBack = 'documented';
    moovago.companies = [
      { id: 'c6', name: 'Durand', ownerIds: [] },
      { id: 'c7', name: 'Dupont', ownerIds: [] },
    ];
    await run();
    expect(sent[1]?.writes[0]).toMatchObject({ kind: 'update', companyId: 'c7' });
  });
});
