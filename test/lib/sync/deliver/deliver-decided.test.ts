import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey, matchKeys } from '../../../../lib/mapping/match-keys.ts';
import { witnessOf } from '../../../../lib/mapping/witness.ts';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { bearerText } from '../../../../lib/state/match-index.ts';
import { ignored, linked, takenOff, unignored } from '../../../../lib/sync/rows/decision-transitions.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { rowWith } from '../../../support/row-with.ts';
import { match, scriptedDelivery, settleAfterMs, start } from '../../../support/scripted-delivery.ts';

const email = { name: 'Dupont', email: 'dupont@example.com' };
const matching = { match, matchIgnore: [], stage: 'test' };
const keyOf = (record: CompanyRecord) => matchKeys(record, matching)[0]?.key ?? '';
/** A company of the same customer, as the index knows it. */
const bearer = (companyId: string) => bearerText({ companyId, witness: witnessOf(email, matching) });
const dueWith = (folderId: string, record: CompanyRecord, at = start - 1000) =>
  changed(undefined, { rowId: folderId, record, at, lane: 'live' }) as FolderRow;
const at = start - 500;

describe('a folder that a person took off a company', () => {
  const linkedTo = (companyId: string) =>
    rowWith(dueWith('f1', email), {
      status: 'delivered',
      companyId,
      applied: { version: 1, record: email, at },
    });
  const free = takenOff(linkedTo('c9'), { at }) as FolderRow;

  it('gets its own, although all of its keys name that one', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([free]);
    moovago.index.set(keyOf(email), [bearer('c9')]);
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'create', fields: email }]]);
    expect(store.all.get('f1')).toMatchObject({
      status: 'delivered',
      companyId: 'c1',
      decision: { from: 'c9', not: ['c9'] },
    });
  });

  it('may be matched to another one', async () => {
    const { run, sent, moovago } = scriptedDelivery([free]);
    moovago.index.set(keyOf(email), [bearer('c8'), bearer('c9')]);
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c8', fields: email }]);
  });

  it('is not looked for there either when the answer to its creation was lost', async () => {
    const intent = { id: 'i0', at: start - settleAfterMs, kind: 'create', version: 1, fields: email };
    const { run, sent, store, moovago } = scriptedDelivery([rowWith(free, { intent })]);
    moovago.companies = [{ id: 'c9', ...email, note: markerFor('test', 'f1') }];
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'create', fields: email }]]);
    expect(store.all.get('f1')).toMatchObject({ companyId: 'c1' });
  });
});

it('A folder that a person linked to a company writes that one, whatever its keys say', async () => {
  const failure = { kind: 'match', message: 'two', candidates: ['c8', 'c9'], firstAt: 1, lastAt: 1 };
  const undecided = rowWith(dueWith('f1', email), { status: 'ambiguous', failure });
  const { run, sent, store, moovago } = scriptedDelivery([
    linked(undecided, { companyId: 'c9', at }) as FolderRow,
  ]);
  moovago.index.set(keyOf(email), [bearer('c8')]);
  await run();
  expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'update', companyId: 'c9', fields: email }]]);
  expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c9' });
});

describe('a folder that a person linked elsewhere by mistake', () => {
  const written = { status: 'delivered', companyId: 'c1', applied: { version: 1, record: email, at } };
  const there = linked(rowWith(dueWith('f1', email), written), { companyId: 'c2', at }) as FolderRow;
  const back = takenOff(there, { at }) as FolderRow;

  it('writes the company that it had before, and makes no second one', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([back]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'update', companyId: 'c1', fields: email }]]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c1' });
  });

  it('gets its own where that company is gone by now, once it is tried again', () => {
    const parked = rowWith(back, {
      status: 'parked',
      companyId: 'c1',
      failure: { kind: 'deleted', message: 'gone', firstAt: 1, lastAt: 1 },
    });
    const again = changed(parked, { rowId: 'f1', record: email, at, lane: 'live', again: true });
    expect([again?.status, again?.companyId, again?.decision?.companyId]).toEqual([
      'due',
      undefined,
      undefined,
    ]);
  });
});

describe('two folders that a person said are one customer, although nothing but the company is the same', () => {
  const [one, other] = [
    { name: 'Dupont', address: '1 rue du Bourg', postalCode: '79000' },
    { name: 'Durand', address: '8 rue Haute', postalCode: '17000' },
  ];
  const decided = (row: FolderRow) => linked(row, { companyId: 'c1', at }) as FolderRow;
  const written = { status: 'delivered', companyId: 'c1', applied: { version: 1, record: one, at } };
  const writer = decided(rowWith(dueWith('f1', one, start - 9_000), written));

  it('share it, and the newer one writes it', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([writer, decided(dueWith('f2', other))]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(sent.map(({ writes }) => writes)).toEqual([[{ kind: 'update', companyId: 'c1', fields: other }]]);
    expect(store.all.get('f1')).toMatchObject({ status: 'secondary', secondaryTo: { companyId: 'c1' } });
  });

  it('share it still after an edit of the one that does not write it', async () => {
    const { run, sent, store, moovago } = scriptedDelivery([writer, decided(dueWith('f2', other))]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    const edited = changed(store.all.get('f1'), {
      rowId: 'f1',
      record: { ...one, city: 'Nice' },
      at: start,
      lane: 'live',
    });
    store.all.set('f1', edited as FolderRow);
    await run(['f1']);
    expect(sent.flatMap(({ writes }) => writes.map(({ kind }) => kind))).toEqual(['update', 'update']);
    expect(store.all.get('f1')).toMatchObject({ companyId: 'c1', status: 'delivered' });
    expect(store.all.get('f2')).toMatchObject({ status: 'secondary' });
  });
});

it('What a person decides while a worker has already read the row is not overtaken by that worker', async () => {
  const given = rowWith(dueWith('f1', email), { companyId: 'c9', applied: { version: 0, record: {}, at } });
  const { run, sent, store, moovago } = scriptedDelivery([given]);
  moovago.claims.set(companyKey('c9'), { folderId: 'f1', token: 't0' });
  const read = store.read;
  store.read = async (ids) => {
    const found = await read(ids);
    // Right after the worker has read it.
    const row = store.all.get('f1');
    if (row?.companyId === 'c9')
      store.all.set('f1', { ...(takenOff(row, { at }) as FolderRow), revision: 9 });
    return found;
  };
  await run();
  expect(sent).toEqual([]);
  expect(store.all.get('f1')).toMatchObject({ status: 'due', decision: { not: ['c9'] } });
});

describe('a folder that is left out', () => {
  const written = { status: 'delivered', companyId: 'c1', applied: { version: 1, record: email, at } };
  const leftOut = ignored(rowWith(dueWith('f1', email), written), { at }) as FolderRow;

  it('sends nothing, whatever changes in Clavus, and sends the newest state once it is taken in again', async () => {
    const city = { ...email, city: 'Nice' };
    const newer = changed(leftOut, { rowId: 'f1', record: city, at, lane: 'live' }) as FolderRow;
    const { run, sent, store } = scriptedDelivery([newer]);
    await run();
    expect(sent).toEqual([]);
    store.all.set('f1', unignored(newer, { at }) as FolderRow);
    await run();
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c1', fields: { city: 'Nice' } }]);
  });

  it('stays so when an operator sends it again, or the whole table', () => {
    const again = changed(leftOut, { rowId: 'f1', record: email, at, lane: 'live', again: true });
    expect(again).toMatchObject({ status: 'ignored', companyId: 'c1', dueLane: 'ignored' });
  });

  it('leaves a company that it shares to the other folder', async () => {
    const other = { ...email, city: 'Nice' };
    const { run, sent, store, moovago } = scriptedDelivery(
      [leftOut, dueWith('f2', other, start - 5000)],
      undefined,
      {
        primary: 'first',
      },
    );
    moovago.index.set(keyOf(email), [bearer('c1')]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(sent[0]?.writes).toEqual([{ kind: 'update', companyId: 'c1', fields: other }]);
    expect(store.all.get('f1')).toMatchObject({ status: 'ignored', secondaryTo: { folderId: 'f2' } });
  });
});
