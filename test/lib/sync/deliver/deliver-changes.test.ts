import { describe, expect, it } from 'vitest';
import { ConfigurationError, TryLater } from '../../../../lib/framework/errors.ts';
import { OperationRefused } from '../../../../lib/framework/operation-refused.ts';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey, matchKeys } from '../../../../lib/mapping/match-keys.ts';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import { SlotMissed } from '../../../../lib/moovago/slot.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { unmappable, wanted } from '../../../../lib/sync/rows/row-transitions.ts';

import {
  type Answer,
  created,
  due,
  match,
  ownership,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

const failing =
  (error: unknown): Answer =>
  () => {
    throw error;
  };

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

  describe('of a creation whose answer was lost', () => {
    const lost = new TryLater('no answer', { system: 'Moovago', applied: 'unknown' });
    /** A creation that got no answer, at the moment when its outcome has settled. */
    async function settled(record = { name: 'Dupont', note: markerFor('test', 'f1') }) {
      const answers: Answer[] = [failing(lost)];
      const row = wanted(undefined, { folderId: 'f1', record, at: start - 1000, lane: 'live' }) as FolderRow;
      const world = scriptedDelivery([row], (...call) => (answers.shift() ?? created)(...call));
      await world.run();
      world.clock.set(start + settleAfterMs + 301);
      return { ...world, failAgain: () => answers.push(failing(lost)) };
    }

    it('leaves a company that bears its marker to the folder that took it this very moment', async () => {
      const { run, store, moovago } = await settled();
      moovago.companies = [{ id: 'c5', name: 'Dupont', note: markerFor('test', 'f1') }];
      moovago.claims.set(companyKey('c5'), { folderId: 'f2', turn: 'its' });
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
        if (take === 'claims') moovago.claims.set(companyKey('c7'), { folderId: 'f2', turn: 't0' });
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
          const problem = { folderId: 'f1', field: 'company.name', reason: 'nom is empty', at: start };
          const changed = unmappable(store.all.get('f1'), problem);
          if (changed) store.all.set('f1', changed);
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

  describe('before it creates', () => {
    const email = { name: 'Dupont', email: 'dupont@example.com' };
    const dueWith = (folderId: string, record: CompanyRecord, at = start - 1000) =>
      wanted(undefined, { folderId, record, at, lane: 'live' }) as FolderRow;
    const keyOf = (record: CompanyRecord) => matchKeys(record, match, 'test')[0]?.key ?? '';

    it('waits until Moovago has been read once', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email)]);
      moovago.creationsWaitFor = 0;
      await run();
      expect(sent).toEqual([]);
      expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 60_000, attempts: 0 });
    });

    it('waits until Moovago may be read again, after the table was taken back to an older point', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email)]);
      moovago.creationsWaitFor = start + 900_000;
      await run();
      expect(sent).toEqual([]);
      expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 900_000, attempts: 0 });
    });

    it('adopts the company that a rep made', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email)]);
      moovago.index.set(keyOf({ email: 'DUPONT@example.com ' }), ['c9']);
      await run();
      expect(sent.map(({ writes }) => writes)).toEqual([
        [{ kind: 'update', companyId: 'c9', fields: email }],
      ]);
      expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c9' });
    });

    it('leaves alone what a rep filled in, where that is for who comes first', async () => {
      const policies = { ...ownership, city: 'fill-empty', note: 'fill-empty' } as const;
      const record = { ...email, city: 'Nice', note: 'solar' };
      const { run, sent, moovago } = scriptedDelivery([dueWith('f1', record)], created, { policies });
      moovago.index.set(keyOf(email), ['c9']);
      moovago.companies = [{ id: 'c9', name: 'DUPONT', city: 'Antibes', note: '' }];
      await run();
      expect(sent[0]?.writes).toEqual([
        { kind: 'update', companyId: 'c9', fields: { ...email, note: 'solar' } },
      ]);
    });

    it('knows who made a company before the index of links does', async () => {
      const maker: FolderRow = { ...dueWith('f1', email, start), status: 'delivered', companyId: 'c1' };
      const { run, sent, store, moovago } = scriptedDelivery([maker, dueWith('f2', email)]);
      moovago.index.set(keyOf(email), ['c1']);
      moovago.claims.set(companyKey('c1'), { folderId: 'f1', turn: 't0' });
      store.notYetFound.add('c1');
      await run(['f2']);
      expect(sent).toEqual([]);
      expect(store.all.get('f2')).toMatchObject({ status: 'secondary', secondaryTo: { folderId: 'f1' } });
    });

    it('takes no company over from a folder that changes at the same time', async () => {
      const holder: FolderRow = {
        ...dueWith('f1', email, start - 2000),
        status: 'delivered',
        companyId: 'c1',
      };
      const { run, sent, store, moovago } = scriptedDelivery([holder, dueWith('f2', email)]);
      moovago.index.set(keyOf(email), ['c1']);
      moovago.claims.set(companyKey('c1'), { folderId: 'f1', turn: 't0' });
      store.changedMeanwhile.add('f1');
      await run(['f2']);
      expect(sent).toEqual([]);
      expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c1' });
      expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 60_000 });
    });

    it('leaves a folder to a person that may be several companies, and delivers the others', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email), due('f2', 'Durand')]);
      moovago.index.set(keyOf(email), ['c8', 'c9']);
      await run();
      expect(sent.map(({ writes }) => writes.map(({ fields }) => fields.name))).toEqual([['Durand']]);
      expect(store.all.get('f1')).toMatchObject({
        status: 'ambiguous',
        failure: { candidates: ['c8', 'c9'] },
      });
    });

    it('creates one company for two new folders of the same customer, written by the newest', async () => {
      const { run, sent, store, clock } = scriptedDelivery([
        dueWith('f1', email, start - 2000),
        dueWith('f2', { ...email, city: 'Nice' }, start - 1000),
      ]);
      await run();
      expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 60_000 });
      clock.set(start + 60_000);
      await run();
      expect(sent.map(({ writes }) => writes)).toEqual([
        [{ kind: 'create', fields: { ...email, city: 'Nice' } }],
      ]);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
      expect(store.all.get('f1')).toMatchObject({
        status: 'secondary',
        secondaryTo: { companyId: 'c1', folderId: 'f2' },
      });
      expect(store.all.get('f1')?.companyId).toBeUndefined();
    });

    it('has the newest write the company that an older folder of the same customer made', async () => {
      const { run, sent, store } = scriptedDelivery([
        dueWith('f1', email, start - 2000),
        dueWith('f2', { ...email, city: 'Nice' }, start - 1000),
      ]);
      await run(['f1']);
      await run(['f2']);
      expect(sent.map(({ writes }) => writes)).toEqual([
        [{ kind: 'create', fields: email }],
        [{ kind: 'update', companyId: 'c1', fields: { ...email, city: 'Nice' } }],
      ]);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
      expect(store.all.get('f1')).toMatchObject({
        status: 'secondary',
        secondaryTo: { companyId: 'c1', folderId: 'f2' },
      });
    });

    it('makes no company while another worker makes one for another folder of the same customer', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email), dueWith('f2', email)]);
      moovago.claims.set(keyOf(email), { folderId: 'f1', turn: 't0' });
      await run(['f2']);
      expect(sent).toEqual([]);
      expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 60_000 });
      await run(['f1']);
      await run(['f2']);
      expect(sent.map(({ writes }) => writes.map(({ kind }) => kind))).toEqual([['create']]);
      expect(store.all.get('f2')).toMatchObject({
        status: 'secondary',
        secondaryTo: { companyId: 'c1', folderId: 'f1' },
      });
    });

    it('holds no key while it waits for another, so that no two folders wait for each other', async () => {
      const named = { ...email, postalCode: '06000' };
      const { run, moovago } = scriptedDelivery([dueWith('f1', named), dueWith('f2', named)]);
      const [first = '', second = ''] = matchKeys(named, match, 'test')
        .map(({ key }) => key)
        .sort();
      moovago.claims.set(first, { folderId: 'f2', turn: 't1' });
      moovago.claims.set(second, { folderId: 'f1', turn: 't0' });
      await run(['f2']);
      expect(moovago.claims).toEqual(new Map([[second, { folderId: 'f1', turn: 't0' }]]));
      // Nor what an attempt that died had taken.
      moovago.claims.set(first, { folderId: 'f1', turn: 't0' });
      moovago.claims.set(second, { folderId: 'f2', turn: 't2' });
      await run(['f2']);
      expect(moovago.claims).toEqual(new Map([[first, { folderId: 'f1', turn: 't0' }]]));
    });

    it('does not wait for a folder of the same customer that Moovago refused', async () => {
      const refused: FolderRow = { ...dueWith('f1', email), status: 'refused' };
      const { run, sent, store, moovago } = scriptedDelivery([refused, dueWith('f2', email)]);
      moovago.claims.set(keyOf(email), { folderId: 'f1', turn: 't0' });
      await run(['f2']);
      expect(sent).toHaveLength(1);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
    });

    /** f2 is due, and f1 of the same customer came to rest with a creation of unknown outcome. */
    function afterRefusedCreation() {
      const open: FolderRow = {
        ...dueWith('f1', email),
        status: 'refused',
        intent: { id: 'i0', at: start - settleAfterMs, kind: 'create', version: 1 },
      };
      const delivery = scriptedDelivery([open, dueWith('f2', email)]);
      delivery.moovago.claims.set(keyOf(email), { folderId: 'f1', turn: 't0' });
      return delivery;
    }

    it('looks at Moovago first when a folder of the same customer came to rest with a creation of unknown outcome', async () => {
      const { run, sent, store, moovago } = afterRefusedCreation();
      moovago.companies = undefined;
      await run(['f2']);
      expect(sent).toEqual([]);
      expect(moovago.claims.get(keyOf(email))?.folderId).toBe('f1');
      moovago.companies = [];
      await run(['f2']);
      expect(moovago.passes).toBe(2);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
    });

    it('has no say before that look: who dies in it leaves nothing that the next one could mistake', async () => {
      const { run, sent, store, moovago } = afterRefusedCreation();
      let holder: string | undefined;
      Object.defineProperty(moovago, 'companies', {
        get: () => {
          holder = moovago.claims.get(keyOf(email))?.folderId;
          return [];
        },
      });
      await run(['f2']);
      expect(holder).toBe('f1');
      expect(sent).toHaveLength(1);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered' });
    });

    it('takes the company over from a folder whose update Moovago refused, once that has settled', async () => {
      const holder: FolderRow = {
        ...dueWith('f1', email, start - 2000),
        status: 'refused',
        companyId: 'c1',
        intent: { id: 'i0', at: start - 10_000, kind: 'update', version: 1 },
        waitUntil: start + 5_000,
      };
      const { run, sent, store, moovago, clock } = scriptedDelivery([holder, dueWith('f2', email)]);
      moovago.index.set(keyOf(email), ['c1']);
      moovago.claims.set(companyKey('c1'), { folderId: 'f1', turn: 't0' });
      await run(['f2']);
      expect(sent).toEqual([]);
      clock.set(start + 60_000);
      await run(['f2']);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
      expect(store.all.get('f1')).toMatchObject({ status: 'secondary' });
      expect(store.all.get('f1')?.intent).toBeUndefined();
    });

    it('does not write a company that another folder took over before it was linked', async () => {
      const linked: FolderRow = { ...dueWith('f1', email), companyId: 'c1' };
      const other: FolderRow = { ...dueWith('f2', email), companyId: 'c1' };
      const { run, sent, store, moovago } = scriptedDelivery([linked, other]);
      moovago.claims.set(companyKey('c1'), { folderId: 'f2', turn: 't0' });
      await run(['f1']);
      expect(sent).toEqual([]);
      expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 60_000 });
      await run(['f2']);
      await run(['f1']);
      expect(sent.map(({ writes }) => writes.length)).toEqual([1]);
      expect(store.all.get('f1')).toMatchObject({
        status: 'secondary',
        secondaryTo: { companyId: 'c1', folderId: 'f2' },
      });
    });

    it('takes a company over from a folder that is gone from Clavus, also where the first one writes', async () => {
      const gone: FolderRow = { ...dueWith('f1', email), status: 'removed', companyId: 'c1' };
      const { run, store, moovago } = scriptedDelivery([gone, dueWith('f2', email)], created, {
        primary: 'first',
      });
      moovago.index.set(keyOf(email), ['c1']);
      moovago.claims.set(companyKey('c1'), { folderId: 'f1', turn: 't0' });
      await run(['f2']);
      expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
      expect(store.all.get('f1')).toMatchObject({ status: 'removed' });
      expect(store.all.get('f1')?.companyId).toBeUndefined();
    });

    it('makes another company when somebody took the one that it just made for its own', async () => {
      const { run, sent, store, moovago } = scriptedDelivery([due('f1', 'Dupont')], (writes) =>
        writes.map(() => ({ kind: 'written', companyId: `c${sent.length}` })),
      );
      moovago.claims.set(companyKey('c1'), { folderId: 'f2', turn: 't0' });
      await run();
      expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0 });
      expect(store.all.get('f1')?.intent).toBeUndefined();
      await run();
      expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c2' });
    });

    it('lets an older folder of the same customer rest as secondary', async () => {
      const { run, sent, store, clock } = scriptedDelivery([
        dueWith('f1', email, start - 1000),
        dueWith('f2', email, start - 2000),
      ]);
      await run();
      clock.set(start + 60_000);
      await run();
      expect(sent).toHaveLength(1);
      expect(store.all.get('f2')).toMatchObject({
        status: 'secondary',
        secondaryTo: { companyId: 'c1', folderId: 'f1' },
      });
    });
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
    const row: FolderRow = {
      ...due('f1', 'Dupont'),
      companyId: 'c1',
      status: 'delivered',
      applied: { version: 1, record, at: 1 },
      desired: { version: 1, record, at: 1, lane: 'live' },
    };
    const again = wanted(row, { folderId: 'f1', record, at: start, lane: 'live', again: true }) as FolderRow;
    const { run, sent, store } = scriptedDelivery([again], created, { policies });
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c1', fields: { name: 'Dupont' } }]);
    expect(store.all.get('f1')?.applied).toEqual({ version: 2, record, at: start + 300 });
  });

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
      (before) => wanted(before, { folderId: 'f1', record: { name: 'Durand' }, at: start, lane: 'live' }),
      row,
    );
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'create', fields: { name: 'Durand' } }]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', applied: { version: 2 } });
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

  it('keeps to the size that everybody learned', async () => {
    const rows = ['f1', 'f2', 'f3'].map((id) => due(id, id));
    const { run, sent } = scriptedDelivery(rows, created, { documentSize: 2 });
    await run();
    expect(sent.map(({ writes }) => writes.length)).toEqual([2, 1]);
  });

  it('raises one alarm when nobody may send any more', async () => {
    const lost = failing(new TryLater('no answer', { system: 'Moovago', applied: 'unknown' }));
    const { run, telemetry, reports } = scriptedDelivery([due('f1', 'Dupont')], lost, { opens: true });
    await run();
    expect(reports).toEqual(['failed']);
    expect(telemetry.counts).toEqual({ BreakerOpened: 1, OutcomesUnknown: 1 });
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

  it('marks the company of a folder that is gone in its name alone: an update of unknown outcome may know the rest better', async () => {
    const applied = { version: 1, record: { name: 'Dupont', city: 'Nice' }, at: 1 };
    const name = 'Dupont (supprimé dans Clavus)';
    const desired = { version: 3, record: { name, city: 'Nice' }, at: 2, lane: 'live' } as const;
    const row: FolderRow = { ...due('f1', 'Dupont'), companyId: 'c1', applied, desired, removal: 'flag' };
    const intent = { id: 'i0', at: start - settleAfterMs, kind: 'update', version: 2 } as const;
    for (const [open, record] of [
      [{}, { name, city: 'Nice' }],
      // Should the folder come back, what is not known is sent again.
      [{ intent }, { name }],
    ] as const) {
      const { run, sent, store } = scriptedDelivery([{ ...row, ...open }]);
      await run();
      expect(sent.map(({ writes }) => writes)).toEqual([
        [{ kind: 'update', companyId: 'c1', fields: { name } }],
      ]);
      expect(store.all.get('f1')).toMatchObject({ status: 'removed', applied: { version: 3 } });
      expect(store.all.get('f1')?.applied?.record).toEqual(record);
    }
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
