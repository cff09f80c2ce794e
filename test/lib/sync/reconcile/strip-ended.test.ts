import { describe, expect, it } from 'vitest';
import { companyKey, matchKeys } from '../../../../lib/mapping/match-keys.ts';
import { witnessOf } from '../../../../lib/mapping/witness.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { bearerText } from '../../../../lib/state/match-index.ts';
import { childRowId } from '../../../../lib/state/row-id.ts';
import { brokenInvariants } from '../../../../lib/sync/rows/invariants.ts';
import { creationKeptMs, stripped } from '../../../../lib/sync/rows/removal-transitions.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { company, day, minute, night, nights, row, yesterday } from '../../../support/reconcile-nights.ts';
import { match, ownership, scriptedDelivery, start } from '../../../support/scripted-delivery.ts';

const gone = (folderId: string, changes: object = {}) => row(folderId, { status: 'removed', ...changes });
const at = night;

/** What a row says of its customer. */
const namesIn = (found: FolderRow | undefined) => JSON.stringify(found).match(/Dupont|07 68|Meunier/g) ?? [];

describe('the row of a folder that is gone from Clavus', () => {
  it('keeps ids and versions at night, and drops what says who the customer is', async () => {
    const forms = { phone: { own: '0123456789ab' } };
    const { store, run, telemetry } = nights([gone('f1', { forms })], [company('f1')]);
    await run();
    const left = store.all.get('f1');
    expect(left).toEqual({
      folderId: 'f1',
      revision: 5,
      writeId: 'w4',
      status: 'removed',
      companyId: 'c-f1',
      applied: { version: 1, record: {}, at: yesterday, isDoubted: true },
      attempts: 0,
    });
    expect(brokenInvariants({ ...left })).toEqual([]);
    expect(telemetry.lines).toContainEqual({ level: 'info', event: 'rows-stripped', rows: 1 });
    await run(night + day);
    expect(store.all.get('f1')?.revision).toBe(5);
  });

  it('is stripped too where it was left out, and what belonged to its company', async () => {
    const contact = childRowId('contact', 'f1');
    const record = { lastName: 'Meunier', phone: '07 68 45 46 74' };
    const { store, run } = nights(
      [
        gone('f1', { status: 'ignored', desired: undefined, dueLane: 'ignored', dueAt: 1 }),
        gone(contact, { applied: { version: 1, record, at: yesterday }, companyId: 'k1', parentId: 'c-f1' }),
      ],
      [company('f1')],
    );
    await run();
    expect([...store.all.values()].flatMap(namesIn)).toEqual([]);
    expect(store.all.get(contact)).toMatchObject({ companyId: 'k1', parentId: 'c-f1' });
    expect(store.all.get('f1')).toMatchObject({ status: 'ignored', companyId: 'c-f1' });
  });

  it.each<[string, FolderRow, boolean]>([
    ['is in Clavus', row('f1'), true],
    ['is left out', row('f1', { status: 'ignored', dueLane: 'ignored', dueAt: 1 }), true],
    [
      'may have made a company just now',
      gone('f1', { applied: { ...row('f1').applied, at: night - 14 * minute } }),
      true,
    ],
    ['has a company that a list which may be cut does not show', gone('f1', { companyId: 'c9' }), false],
  ])('stays whole where its folder %s', async (_, before, isWhole) => {
    const { store, run } = nights([before], [company('f1')]);
    await run(night, { isWhole });
    expect(namesIn(store.all.get('f1')).length).toBeGreaterThan(0);
  });

  it('keeps for 30 days what a creation of unknown outcome sent', () => {
    const intent = {
      id: 'i',
      at: yesterday,
      kind: 'create',
      version: 1,
      fields: { name: 'Dupont' },
    } as const;
    const open = gone('f1', { applied: undefined, companyId: undefined, intent });
    const kept = stripped(open, { ownership, at });
    expect(kept).toMatchObject({ status: 'removed', intent });
    expect(kept?.desired).toBeUndefined();
    const later = stripped(open, { ownership, at: yesterday + creationKeptMs });
    expect([later?.intent, namesIn(later)]).toEqual([undefined, []]);
    expect(creationKeptMs).toBe(2_592_000_000);
  });

  it('never counts as one that has written its company where it has not', () => {
    const found = gone('f1', { applied: { version: 0, record: { phone: '07 68' }, at: yesterday } });
    expect(stripped(found, { ownership, at })?.applied).toMatchObject({ version: 0, record: {} });
  });
});

describe('a folder that comes back after that', () => {
  const record = { name: 'Dupont', phone: '07 68 45 46 74', email: 'dupont@exemple.fr' };
  const policies = { ...ownership, email: 'fill-empty' as const, city: 'fill-empty' as const };

  it('is sent whole to the company that it had, and what a rep filled in stays', async () => {
    const applied = { version: 3, record: { ...record, email: 'rep@exemple.fr', city: '' }, at: yesterday };
    const before = gone('f1', { applied, companyId: 'c1' });
    const left = stripped(before, { ownership: policies, at }) ?? before;
    expect(JSON.stringify(left)).not.toMatch(/rep@|Dupont/);
    const back = changed(left, {
      rowId: 'f1',
      record: { ...record, city: 'Niort' },
      at: start,
      lane: 'live',
    });
    expect(back?.desired?.version).toBe(4);
    const { run, sent, store } = scriptedDelivery(
      back ? [back] : [],
      () => [{ kind: 'written', companyId: 'c1' }],
      { policies },
    );
    await run();
    expect(sent.map(({ writes }) => writes)).toEqual([
      [
        {
          kind: 'update',
          companyId: 'c1',
          child: undefined,
          fields: { name: 'Dupont', phone: '07 68 45 46 74', city: 'Niort' },
        },
      ],
    ]);
    expect(store.all.get('f1')).toMatchObject({ status: 'delivered', companyId: 'c1' });
  });

  it('under another id takes the company over: no second one is made', async () => {
    const matching = { match, matchIgnore: [], stage: 'test' };
    const before = gone('f1', { desired: { version: 1, record, at: 1, lane: 'live' }, companyId: 'c1' });
    const left = stripped(before, { ownership, at }) ?? before;
    const again = changed(undefined, { rowId: 'f2', record, at: start - 1_000, lane: 'live' });
    const { run, sent, store, moovago } = scriptedDelivery(again ? [left, again] : [left]);
    for (const { key } of matchKeys(record, matching))
      moovago.index.set(key, [bearerText({ companyId: 'c1', witness: witnessOf(record, matching) })]);
    moovago.claims.set(companyKey('c1'), { folderId: 'f1', token: 't0' });
    await run(['f2']);
    expect(sent.flatMap(({ writes }) => writes.map(({ kind }) => kind))).toEqual(['update']);
    expect(store.all.get('f2')).toMatchObject({ companyId: 'c1' });
  });
});
