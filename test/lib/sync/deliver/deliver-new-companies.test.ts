import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey, matchKeys } from '../../../../lib/mapping/match-keys.ts';
import { witnessOf } from '../../../../lib/mapping/witness.ts';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { bearerText } from '../../../../lib/state/match-index.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { rowWith } from '../../../support/row-with.ts';
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

describe('a delivery, before it creates,', () => {
  const email = { name: 'Dupont', email: 'dupont@example.com' };
  const dueWith = (folderId: string, record: CompanyRecord, at = start - 1000) =>
    changed(undefined, { rowId: folderId, record, at, lane: 'live' }) as FolderRow;
  const keyOf = (record: CompanyRecord) =>
    matchKeys(record, { match, matchIgnore: [], stage: 'test' })[0]?.key ?? '';

  const matching = { match, matchIgnore: [], stage: 'test' };
  const bearer = (companyId: string, record: CompanyRecord = { ...email, name: 'DUPONT' }) =>
    bearerText({ companyId, witness: witnessOf(record, matching) });

  it('waits until Moovago has been read once', async () => {
    const { run, sent, store, directory } = scriptedDelivery([dueWith('f1', email)]);
    directory.waitFor.now = 0;
    await run();
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: 9_053_665_199_000, attempts: 0 });
  });

  it('waits until Moovago may be read again, after the table was taken back to an older point', async () => {
    const { run, sent, store, directory } = scriptedDelivery([dueWith('f1', email)]);
    directory.waitFor.now = start + 900_000;
    await run();
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'due', dueAt: start + 900_000, attempts: 0 });
  });

  it('adopts the company that a rep made', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email)]);
    moovago.index.set(keyOf({ email: 'DUPONT@example.com ' }), [bearer('c9')]);
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'update', companyId: 'c9', fields: email }]]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c9' });
  });

  it('leaves alone what a rep filled in, where that is for who comes first', async () => {
    const policies = { ...ownership, city: 'fill-empty', note: 'fill-empty' } as const;
    const record = { ...email, city: 'Nice', note: 'solar' };
    const { run, sent, moovago } = scriptedDelivery([dueWith('f1', record)], created, { policies });
    moovago.index.set(keyOf(email), [bearer('c9')]);
    moovago.companies = [{ id: 'c9', name: 'DUPONT', city: 'Antibes', note: '' }];
    await run();
    expect(sent[0]?.writes).toEqual([
      { kind: 'update', companyId: 'c9', fields: { ...email, note: 'solar' } },
    ]);
  });

  it('knows who made a company before the index of links does', async () => {
    const maker: FolderRow = rowWith(dueWith('f1', email, start), { status: 'delivered', companyId: 'c1' });
    const { run, sent, store, moovago } = scriptedDelivery([maker, dueWith('f2', email)]);
    moovago.index.set(keyOf(email), [bearer('c1')]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    store.notYetFound.add('c1');
    await run(['f2']);
    expect(sent).toEqual([]);
    expect(store.all.get('f2')).toMatchObject({ status: 'secondary', secondaryTo: { folderId: 'f1' } });
  });

  it('takes no company over from a folder that changes at the same time', async () => {
    const owner: FolderRow = rowWith(dueWith('f1', email, start - 2000), {
      status: 'delivered',
      companyId: 'c1',
    });
    const { run, sent, store, moovago } = scriptedDelivery([owner, dueWith('f2', email)]);
    moovago.index.set(keyOf(email), [bearer('c1')]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    store.changedMeanwhile.add('f1');
    await run(['f2']);
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c1' });
    expect(store.all.get('f2')).toMatchObject({ status: 'due', dueAt: start + 60_000 });
  });

  it('does not adopt the company of another customer who has the same telephone', async () => {
    const phone = '05 49 00 00 02';
    const record = { name: 'Dupuis Henri', postalCode: '85000', phone };
    const { run, sent, moovago, telemetry } = scriptedDelivery([dueWith('f1', record)]);
    moovago.index.set(keyOf({ phone }), [
      bearer('c9', { name: 'Solaire Ouest', postalCode: '79000', phone }),
    ]);
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'create', fields: record }]]);
    expect(telemetry.lines.filter(({ event }) => event === 'match-contradicted')).toEqual([
      { level: 'info', event: 'match-contradicted', folderId: 'f1', by: 'phone', companyIds: ['c9'] },
    ]);
  });

  it('leaves a folder to a person where nothing but the name tells', async () => {
    const record = { name: 'Morel Jean', postalCode: '79100' };
    const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', record)]);
    moovago.index.set(keyOf(record), [bearer('c9', record)]);
    await run();
    expect(sent).toEqual([]);
    expect(store.all.get('f1')).toMatchObject({ status: 'ambiguous', failure: { candidates: ['c9'] } });
  });

  it('creates two companies for two customers with one telephone, and none of them waits', async () => {
    const phone = '05 49 00 00 02';
    const { run, sent, store, moovago } = scriptedDelivery([
      dueWith('f1', { name: 'Dupuis Henri', postalCode: '85000', phone }),
      dueWith('f2', { name: 'Petit Luc', postalCode: '79000', phone }),
    ]);
    await run();
    expect(sent.flatMap(({ writes }) => writes.map(({ kind }) => kind))).toEqual(['create', 'create']);
    expect([...store.all.values()].map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(moovago.index.get(keyOf({ phone }))).toHaveLength(2);
  });

  it('leaves a folder to a person that may be several companies, and delivers the others', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([dueWith('f1', email), due('f2', 'Durand')]);
    moovago.index.set(keyOf(email), [bearer('c8'), bearer('c9')]);
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
    moovago.claims.set(keyOf(email), { folderId: 'f1', token: 't0' });
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
    const [first = '', second = ''] = matchKeys(named, { match, matchIgnore: [], stage: 'test' })
      .map(({ key }) => key)
      .sort();
    moovago.claims.set(first, { folderId: 'f2', token: 't1' });
    moovago.claims.set(second, { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(moovago.claims).toEqual(new Map([[second, { folderId: 'f1', token: 't0' }]]));
    // Nor what an attempt that died had taken.
    moovago.claims.set(first, { folderId: 'f1', token: 't0' });
    moovago.claims.set(second, { folderId: 'f2', token: 't2' });
    await run(['f2']);
    expect(moovago.claims).toEqual(new Map([[first, { folderId: 'f1', token: 't0' }]]));
  });

  it('does not wait for a folder of the same customer that Moovago refused', async () => {
    const refused: FolderRow = rowWith(dueWith('f1', email), { status: 'refused' });
    const { run, sent, store, moovago } = scriptedDelivery([refused, dueWith('f2', email)]);
    moovago.claims.set(keyOf(email), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(sent).toHaveLength(1);
    expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
  });

  /** f2 is due, and f1 of the same customer came to rest with a creation of unknown outcome. */
  function afterRefusedCreation() {
    const open: FolderRow = rowWith(dueWith('f1', email), {
      status: 'refused',
      intent: { id: 'i0', at: start - settleAfterMs, kind: 'create', version: 1 },
    });
    const delivery = scriptedDelivery([open, dueWith('f2', email)]);
    delivery.moovago.claims.set(keyOf(email), { folderId: 'f1', token: 't0' });
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
    let owner: string | undefined;
    Object.defineProperty(moovago, 'companies', {
      get: () => {
        owner = moovago.claims.get(keyOf(email))?.folderId;
        return [];
      },
    });
    await run(['f2']);
    expect(owner).toBe('f1');
    expect(sent).toHaveLength(1);
    expect(store.all.get('f2')).toMatchObject({ status: 'delivered' });
  });

  it('takes the company over from a folder whose update Moovago refused, once that has settled', async () => {
    const owner: FolderRow = rowWith(dueWith('f1', email, start - 2000), {
      status: 'refused',
      companyId: 'c1',
      intent: { id: 'i0', at: start - 10_000, kind: 'update', version: 1 },
      waitUntil: start + 5_000,
    });
    const { run, sent, store, moovago, clock } = scriptedDelivery([owner, dueWith('f2', email)]);
    moovago.index.set(keyOf(email), [bearer('c1')]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
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
    moovago.claims.set(companyKey('c1'), { folderId: 'f2', token: 't0' });
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
    const gone: FolderRow = rowWith(dueWith('f1', email), { status: 'removed', companyId: 'c1' });
    const { run, store, moovago } = scriptedDelivery([gone, dueWith('f2', email)], created, {
      primary: 'first',
    });
    moovago.index.set(keyOf(email), [bearer('c1')]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(store.all.get('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
    expect(store.all.get('f1')).toMatchObject({ status: 'removed' });
    expect(store.all.get('f1')?.companyId).toBeUndefined();
  });

  it('makes another company when somebody took the one that it just made for its own', async () => {
    const { run, sent, store, moovago, clock } = scriptedDelivery([due('f1', 'Dupont')], (writes) =>
      writes.map(() => ({ kind: 'written', companyId: `c${sent.length}` })),
    );
    moovago.companies = [];
    moovago.claims.set(companyKey('c1'), { folderId: 'f2', token: 't0' });
    await run();
    // It is looked up first: the answer may name a company that was there before.
    expect(store.all.get('f1')).toMatchObject({ status: 'due', attempts: 0, intent: { kind: 'create' } });
    await clock.wait(settleAfterMs);
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

  it('looks a creation up that Moovago answers with the company of another folder, and never sends it blindly', async () => {
    const known: Answer = () => [{ kind: 'written', companyId: 'c9' }];
    const { run, sent, store, moovago, clock } = scriptedDelivery([due('f1', 'Dupont')], known);
    moovago.companies = [];
    moovago.claims.set(companyKey('c9'), { folderId: 'f9', token: 't' });
    for (let turn = 0; turn < 9; turn++) {
      await run();
      await clock.wait(settleAfterMs);
    }
    // Each was looked up before the next; then a person decides.
    expect([sent.length, moovago.passes]).toEqual([3, 3]);
    expect(store.all.get('f1')).toMatchObject({ status: 'parked', failure: { kind: 'service' } });
  });

  it('adopts the company that it made, where Moovago answered with that of another folder', async () => {
    const known: Answer = () => [{ kind: 'written', companyId: 'c9' }];
    const record = { name: 'Dupont', note: markerFor('test', 'f1') };
    const row = changed(undefined, { rowId: 'f1', record, at: start - 1000, lane: 'live' }) as FolderRow;
    const { run, sent, store, moovago, clock } = scriptedDelivery([row], known);
    moovago.companies = [{ id: 'c10', ...record }];
    moovago.claims.set(companyKey('c9'), { folderId: 'f9', token: 't' });
    await run();
    await clock.wait(settleAfterMs);
    await run();
    expect(sent.filter(({ writes }) => writes.some(({ kind }) => kind === 'create'))).toHaveLength(1);
    expect(store.all.get('f1')).toMatchObject({ companyId: 'c10' });
  });
});
