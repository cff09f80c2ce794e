import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { MappedChild } from '../../../../lib/mapping/map-children.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../../lib/state/folder-rows.ts';
import { writeMapped } from '../../../../lib/sync/detect/write-mapped.ts';
import { childGone } from '../../../../lib/sync/rows/child-transitions.ts';
import { memoryRows } from '../../../support/memory-rows.ts';
import { rowWith } from '../../../support/row-with.ts';
import { stateTable } from '../../../support/state-table.ts';

const at = Date.parse('2026-11-24T20:00:00+01:00');
const contactOf = (lastName: string): MappedChild => ({
  child: 'contact',
  kind: 'mapped',
  record: { lastName },
});
const blank: MappedChild = { child: 'contact', kind: 'blank' };

function folder(initial: readonly FolderRow[] = []) {
  const rows = memoryRows(initial);
  const see = async (children: readonly MappedChild[], more: { name?: string; again?: boolean } = {}) => {
    const { name = 'Client', again = false } = more;
    const { changed } = await writeMapped(
      { folderId: 'f1', mapped: { kind: 'mapped', record: { name }, children } },
      { at, observedAt: at, lane: 'live', again: again ? 'named' : undefined, rows: rows.all },
      rows.change,
    );
    return changed.map(({ folderId }) => folderId);
  };
  const put = (row: Partial<FolderRow>) => {
    const known = rows.all.get('contact~f1') as FolderRow;
    rows.all.set('contact~f1', rowWith(known, { ...row }));
  };
  /** As a delivery leaves it. */
  const deliver = () =>
    put({
      status: 'delivered',
      companyId: 'k1',
      parentId: 'c1',
      applied: { version: 1, record: { lastName: 'Rey' }, at },
      dueLane: undefined,
      dueAt: undefined,
    });
  return { see, put, deliver, contact: () => rows.all.get('contact~f1'), rows };
}

describe('what a folder maps to, with a contact', () => {
  it('is two rows, each written when it changes', async () => {
    const { see } = folder();
    expect(await see([contactOf('Rey')])).toEqual(['f1', 'contact~f1']);
    expect(await see([contactOf('Rey')])).toEqual([]);
    expect(await see([contactOf('Martin')])).toEqual(['contact~f1']);
    expect(await see([contactOf('Martin')], { name: 'Autre' })).toEqual(['f1']);
  });

  it('is one row where the tenant wants no contacts', async () => {
    expect(await folder().see([])).toEqual(['f1']);
  });

  it('leaves the contact alone where the folder itself cannot be mapped', async () => {
    const { see, rows } = folder();
    await see([contactOf('Rey')]);
    const before = rows.all.get('contact~f1');
    const mapped = { kind: 'unmappable', field: 'company.name', reason: 'nom is empty' } as const;
    const finding = { at, observedAt: at, lane: 'live', rows: rows.all } as const;
    await writeMapped({ folderId: 'f1', mapped }, finding, rows.change);
    expect(rows.all.get('contact~f1')).toEqual(before);
    expect(rows.all.get('f1')?.status).toBe('refused');
  });

  it('makes no row for a contact that Clavus does not have', async () => {
    const { see, contact } = folder();
    expect(await see([blank])).toEqual(['f1']);
    expect(contact()).toBe(undefined);
  });

  it('takes the wish for a contact back before it is sent, and leaves one that is there', async () => {
    const unsent = folder();
    await unsent.see([contactOf('Rey')]);
    await unsent.see([blank]);
    expect(unsent.contact()).toMatchObject({ status: 'removed' });
    expect(unsent.contact()?.dueLane).toBe(undefined);

    const sent = folder();
    await sent.see([contactOf('Rey')]);
    sent.deliver();
    const before = sent.contact();
    expect(await sent.see([blank])).toEqual([]);
    expect(sent.contact()).toEqual(before);
  });

  it('has a contact that came back sent again', async () => {
    const { see, contact } = folder();
    await see([contactOf('Rey')]);
    await see([blank]);
    await see([contactOf('Rey')]);
    expect(contact()).toMatchObject({ status: 'due', dueLane: 'live' });
  });

  it('keeps the reason why a contact cannot be mapped, until it can, or is not there', async () => {
    const { see, contact } = folder();
    const broken: MappedChild = {
      child: 'contact',
      kind: 'unmappable',
      field: 'contacts.lastName',
      reason: 'the function failed',
    };
    await see([broken]);
    expect(contact()).toMatchObject({
      status: 'refused',
      dueLane: 'failed',
      failure: { kind: 'mapping', field: 'contacts.lastName' },
    });
    await see([blank]);
    expect(contact()?.failure).toBe(undefined);
  });

  it('wakes a contact that rests, wanted as it is', async () => {
    const { see, put, contact } = folder();
    await see([contactOf('Rey')]);
    put({ dueLane: undefined, dueAt: undefined });
    expect(await see([contactOf('Rey')])).toEqual(['contact~f1']);
    expect(contact()).toMatchObject({ dueLane: 'live', dueAt: at });
  });

  it('doubts the contact when somebody asks for it again, and sends it when an open request has settled', async () => {
    const { see, deliver, put, contact } = folder();
    await see([contactOf('Rey')]);
    deliver();
    await see([contactOf('Rey')], { again: true });
    expect(contact()).toMatchObject({
      status: 'due',
      dueLane: 'live',
      companyId: 'k1',
      applied: { isDoubted: true },
    });

    deliver();
    put({ intent: { id: 'i1', at, kind: 'update', version: 2 }, waitUntil: at + 9 });
    await see([contactOf('Rey')], { again: true });
    expect(contact()).toMatchObject({ companyId: 'k1', intent: { id: 'i1' }, dueAt: at + 9 });
  });
});

describe('a look that took long', () => {
  const mapped = (name: string) => ({ kind: 'mapped', record: { name } }) as const;
  const nameless = { kind: 'unmappable', field: 'company.name', reason: 'nom is empty' } as const;

  it('leaves what a later one wrote down, and says so', async () => {
    const rows = memoryRows();
    const look = async (one: ReturnType<typeof mapped> | typeof nameless, observedAt: number) => {
      const finding = { at, observedAt, lane: 'live', rows: rows.all } as const;
      const { changed, isOlder } = await writeMapped({ folderId: 'f1', mapped: one }, finding, rows.change);
      return [changed.length, isOlder];
    };
    expect(await look(mapped('new'), at)).toEqual([1, false]);
    expect(await look(mapped('old'), at - 1)).toEqual([0, true]);
    expect(await look(nameless, at - 1)).toEqual([0, true]);
    expect(rows.all.get('f1')).toMatchObject({ status: 'due', desired: { record: { name: 'new' } } });
    expect(await look(nameless, at + 1)).toEqual([1, false]);
    expect(await look(mapped('old'), at)).toEqual([0, true]);
    expect(rows.all.get('f1')).toMatchObject({ status: 'refused' });
    expect(await look(mapped('newest'), at + 1)).toEqual([1, false]);
  });
});

describe('a reading by id', () => {
  const look = (rows: ReturnType<typeof memoryRows>) => async (name: string, byId: boolean, now: number) => {
    const finding = { at: now, observedAt: now, lane: 'live', rows: rows.all } as const;
    const mapped = { kind: 'mapped', record: { name } } as const;
    const { isOlder } = await writeMapped({ folderId: 'f1', mapped, byId }, finding, rows.change);
    return [rows.all.get('f1')?.desired?.record.name, isOlder];
  };

  it('wins over a list for two minutes: a list may lag behind', async () => {
    const see = look(memoryRows());
    expect(await see('new', true, at)).toEqual(['new', false]);
    expect(await see('lagging', false, at + 119_999)).toEqual(['new', true]);
    expect(await see('newer', true, at + 60_000)).toEqual(['newer', false]);
    expect(await see('listed', false, at + 180_000)).toEqual(['listed', false]);
    expect(await see('listed again', false, at + 180_001)).toEqual(['listed again', false]);
  });

  it("of a clock that was hours ahead stands in no later one's way", async () => {
    const see = look(memoryRows());
    const hours = 3_600_000;
    expect(await see('of the future', true, at + 3 * hours)).toEqual(['of the future', false]);
    expect(await see('of now', false, at)).toEqual(['of now', false]);
    expect(await see('a little ahead', true, at + 60_000)).toEqual(['a little ahead', false]);
    expect(await see('before', false, at + 1)).toEqual(['a little ahead', true]);
  });
});

describe('the contact of a folder that is gone', () => {
  it('rests, with what is known of it', async () => {
    const { see, deliver, contact } = folder();
    await see([contactOf('Rey')]);
    deliver();
    expect(childGone(contact())).toMatchObject({ status: 'removed', companyId: 'k1' });
    expect(childGone(childGone(contact()))).toBe(undefined);
    expect(childGone(undefined)).toBe(undefined);
  });
});

describe('a row of newer code', () => {
  it('stays as it is, and its folder is compared again by the next poll', async () => {
    const table = await stateTable();
    const rows = createFolderRows(table, () => 'w');
    const Item = { pk: 'FOLDER#f1', sk: 'ROW', folderId: 'f1', revision: 3, status: 'quarantined' };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
    const found = { folderId: 'f1', mapped: { kind: 'mapped', record: { name: 'Client' } } } as const;
    for (const known of [await rows.read(['f1']), new Map()])
      expect(
        await writeMapped(found, { at, observedAt: at, lane: 'live', rows: known }, rows.change),
      ).toEqual({ changed: [], isOlder: true });
  });
});
