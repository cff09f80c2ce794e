import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../lib/mapping/marker.ts';
import { operationsHash, optInOperations } from '../../../lib/mapping/opt-ins.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { createPaceItem } from '../../../lib/pace/pace-item.ts';
import { createFolderRows, type Transition } from '../../../lib/state/folder-rows.ts';
import { createPilotStore } from '../../../lib/state/pilot.ts';
import type { Table } from '../../../lib/state/table.ts';
import { createVerifiedOperations } from '../../../lib/state/verified-operations.ts';
import { changed, delivered, intended } from '../../../lib/sync/rows/row-transitions.ts';
import { planOn } from '../../support/planned-systems.ts';
import { dueRow } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

const night = '2026-11-23T21:00:00.000+01:00';
const morning = '2026-11-23T10:00:00.000+01:00';

const manyFolders = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, { nom: `Name ${index}` }]));

/** The items that a table holds after some changes. */
async function itemsAfter(change: (table: Table) => Promise<unknown>) {
  const table = await stateTable();
  await change(table);
  return (await table.client.send(new ScanCommand({ TableName: table.name }))).Items ?? [];
}

async function changeRow(table: Table, folderId: string, ...transitions: Transition[]): Promise<void> {
  const rows = createFolderRows(table, () => 'w');
  for (const transition of transitions)
    await rows.change(folderId, transition, (await rows.read([folderId])).get(folderId));
}

describe('what belongs to companies', () => {
  it('is rehearsed where it is proved, and a plan tells of companies only', async () => {
    const contacts = { lastName: 'nom' };
    const company = { name: 'nom', city: 'ville', phone: { from: 'telephone', as: 'phone' } };
    const operations = optInOperations(parseSyncConfig({ company, contacts }, 'test'));
    const hash = operationsHash(operations.get('contacts') ?? []);
    const items = await itemsAfter((table) =>
      createVerifiedOperations(table).save('proved', { contacts: hash }),
    );
    const folders = manyFolders(2);
    const { plan } = await planOn({ folders, at: night, config: { contacts }, items });
    expect(plan.creates.map(({ folderId }) => folderId)).toEqual(['f0', 'f1']);
    expect(plan).toMatchObject({
      totals: { creates: 2, updates: 0, adopts: 0, waiting: 0, standing: 0 },
      // A document of companies, and one of their contacts.
      requests: { documents: 2 },
    });
    const { plan: refused } = await planOn({ folders, at: night, config: { contacts } });
    expect(refused).toMatchObject({ totals: { creates: 2 }, requests: { documents: 1 } });
  });
});

describe('when it would end', () => {
  it('is after business hours for a mass: five documents, 212 ms apart', async () => {
    const { plan } = await planOn({ folders: manyFolders(101), at: morning });
    expect(plan).toMatchObject({
      totals: { creates: 101, waiting: 0 },
      requests: { reading: 2, documents: 5, readBacks: 0, total: 7 },
      // Intents are written 300 ms before the first slot.
      endsAt: '2026-11-23T17:30:00.948Z',
    });
    expect(plan.creates[0]?.lane).toBe('bulk');
  });

  it('is at once for a few, at the pace of business hours: two documents, 1060 ms apart', async () => {
    const { plan } = await planOn({ folders: manyFolders(26), at: morning });
    expect(plan.requests).toMatchObject({ documents: 2 });
    expect(plan.creates[0]?.lane).toBe('live');
    // The team and the companies took the first two slots, the first of them 100 ms ahead.
    expect([plan.startsAt, plan.endsAt]).toEqual(['2026-11-23T09:00:01.160Z', '2026-11-23T09:00:03.280Z']);
  });

  it('goes on the next night with what one cannot hold', async () => {
    const businessHours = { days: 'Mon-Sun', from: '00:00', to: '23:50' };
    const { plan } = await planOn({
      folders: manyFolders(500),
      at: '2026-11-23T23:50:00.000+01:00',
      config: {
        pace: { businessHours, otherwise: { requestsPerSecond: 1 }, recordsPerRequest: 1, bulkAbove: 0 },
      },
    });
    expect(plan).toMatchObject({ totals: { creates: 500, waiting: 0 }, requests: { documents: 500 } });
    // From 23:50 to 23:58:30 there are 472 slots, 1060 ms apart. The other 28 take half a minute.
    expect(plan.endsAt).toMatch(/^2026-11-24T22:50:[23]/);
  });

  it('counts the pilot one by one, each with its read-back', async () => {
    const { plan } = await planOn({ folders: manyFolders(30), at: night, config: { pilot: 3 } });
    // Three of one record, then 27 in two.
    expect(plan.requests).toEqual({ reading: 2, documents: 5, readBacks: 3, total: 10 });
  });
});

describe('what it would do', () => {
  it('makes one company of two folders of one customer', async () => {
    const phone = { telephone: '04 93 12 34 56' };
    const { plan } = await planOn({
      folders: { f1: { nom: 'Un', ...phone }, f2: { nom: 'Un encore', ...phone } },
      at: night,
    });
    expect(plan.creates).toMatchObject([
      { folderId: 'f2', fields: { name: 'Un encore', phone: '04 93 12 34 56' } },
    ]);
    expect(plan.secondary).toEqual([
      {
        ...{ folderId: 'f1', name: 'Un', primary: 'f2', primaryName: 'Un encore', by: 'phone' },
        because: 'the same telephone, and the same name',
        differ: [],
      },
    ]);
    expect(plan.requests.documents).toBe(1);
  });

  it('knows nothing of fields that Moovago does not give back', async () => {
    const { plan } = await planOn({
      folders: { f1: { nom: 'DURAND', ville: 'Nice' } },
      companies: [{ id: 'c1', name: 'Durand', city: 'Antibes' }],
      config: { match: ['name'], marker: 'none' },
      at: night,
      documentedOnly: true,
    });
    // A name is no witness for itself.
    expect(plan.ambiguous).toEqual([
      {
        folderId: 'f1',
        name: 'DURAND',
        by: 'name',
        because: 'the same name',
        candidates: [{ companyId: 'c1', name: 'Durand' }],
      },
    ]);
    expect(plan.requests.reading).toBe(3);
  });

  it('adopts the company of a creation whose outcome nobody knew, once it has settled', async () => {
    const record = { name: 'Durand', note: markerFor('test', 'f1') };
    const items = await itemsAfter((table) =>
      changeRow(
        table,
        'f1',
        (row) => changed(row, { rowId: 'f1', record, at: 1, lane: 'live' }),
        (row) =>
          intended(
            dueRow(row),
            { id: 'i', at: 1, kind: 'create', version: 1, fields: record },
            Date.parse(night) + 600_000,
          ),
      ),
    );
    const { plan } = await planOn({
      folders: { f1: { nom: 'Durand' } },
      companies: [{ id: 'c1', ...record }],
      at: night,
      items,
    });
    expect(plan.creates).toEqual([]);
    expect(plan.adopts).toMatchObject([{ folderId: 'f1', companyId: 'c1', by: 'marker' }]);
    expect(Date.parse(plan.endsAt ?? '')).toBeGreaterThan(Date.parse(night) + 600_000);
  });

  it('sends what was due before, and shows what was delivered as the old value, whatever Moovago shows', async () => {
    const marked = { note: markerFor('test', 'f1') };
    const items = await itemsAfter((table) =>
      changeRow(
        table,
        'f1',
        (row) => changed(row, { rowId: 'f1', record: { name: 'Un', ...marked }, at: 1, lane: 'live' }),
        (row) =>
          row && delivered(row, { recordId: 'c1', version: 1, record: { name: 'Un', ...marked }, at: 2 }),
        (row) =>
          changed(row, {
            rowId: 'f1',
            record: { name: 'Deux', city: 'Nice', ...marked },
            at: 3,
            lane: 'live',
          }),
      ),
    );
    const { plan } = await planOn({
      folders: { f1: { nom: 'Deux', ville: 'Nice' } },
      companies: [{ id: 'c1', name: 'Typed by a rep', city: 'Antibes', ...marked }],
      at: night,
      items,
    });
    expect(plan.updates).toEqual([
      {
        folderId: 'f1',
        companyId: 'c1',
        lane: 'live',
        changes: [
          { field: 'name', old: 'Un', new: 'Deux' },
          { field: 'city', old: 'Antibes', new: 'Nice' },
        ],
      },
    ]);
  });

  it('does nothing while the pilot has stopped the import', async () => {
    const desired = { version: 1, record: { name: 'Autre' }, at: 1, lane: 'live' } as const;
    const sent = { folderId: 'other', revision: 1, writeId: 'w', attempts: 0, companyId: 'c9', desired };
    const items = await itemsAfter(async (table) => {
      const rows = createFolderRows(table, () => 'w');
      await rows.change('other', () => ({ ...sent, status: 'delivered' }), undefined);
      await createPilotStore(table).save({
        passed: [],
        skipped: false,
        stopped: { folderId: 'other', companyId: 'c9', at: 1, fields: [] },
      });
    });
    const { plan } = await planOn({ folders: manyFolders(4), at: night, items, config: { pilot: 3 } });
    expect(plan).toMatchObject({ creates: [], totals: { waiting: 4 }, endsAt: null });
    expect(plan.waitsFor).toEqual({ why: 'pilot' });
  });
});

describe('how it reads', () => {
  it('keeps a second between requests beside a stage that may send, and waits for what the stage was told', async () => {
    const items = await itemsAfter(async (table) => {
      const item = createPaceItem(table);
      const seen = await item.read();
      // And slots are reserved for the next minute, which the stage uses itself.
      await item.change(seen, {
        ...seen,
        heldUntil: Date.parse(night) + 4000,
        nextAt: Date.parse(night) + 60_000,
      });
    });
    const { asked } = await planOn({ folders: {}, at: night, items, isShared: true });
    expect(asked).toEqual([Date.parse(night) + 4000, Date.parse(night) + 5060]);
  });

  it('takes the pace of the configuration where nobody else can send', async () => {
    const { asked } = await planOn({ folders: {}, at: night });
    expect(asked).toEqual([Date.parse(night) + 100, Date.parse(night) + 312]);
  });
});
