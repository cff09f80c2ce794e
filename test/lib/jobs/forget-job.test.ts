import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { forgetJob } from '../../../lib/jobs/forget-job.ts';
import { companyKey } from '../../../lib/mapping/match-keys.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../lib/mapping/sync-config.ts';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createHints } from '../../../lib/state/hints.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { createPilotStore } from '../../../lib/state/pilot.ts';
import { createProspectLinks } from '../../../lib/state/prospect-links.ts';
import { createRemovalsStore } from '../../../lib/state/removals.ts';
import { childRowId } from '../../../lib/state/row-id.ts';
import { owned, saved, seen } from '../../../lib/sync/prospects/prospect-transitions.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { rowWith } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

const now = Date.parse('2026-11-24T20:00:00+01:00');
const minute = 60_000;
const hour = 60 * minute;
const emailKey = 'abcdefabcdefabcdefab';
/** What must be nowhere: of the customer, and the ids that name it. */
const canary = /Zqx|zqx-1/;

const row = (folderId: string, changes: object = {}): FolderRow =>
  rowWith(
    {
      ...{ folderId, revision: 0, writeId: '', attempts: 0, status: 'removed', companyId: 'c1' },
      desired: { version: 2, record: { name: `house of ${folderId}` }, at: now - 9 * hour, lane: 'bulk' },
      applied: { version: 2, record: { name: `house of ${folderId}` }, at: now - 8 * hour },
    },
    changes,
  );

async function world(rows: readonly FolderRow[] = [row('zqx-1')], settings: Partial<SyncConfigInput> = {}) {
  const table = await stateTable();
  const clock = fakeClock(now);
  const newId = () => crypto.randomUUID();
  const config = parseSyncConfig(
    { company: { name: 'nom', phone: 'tel' }, prospects: {}, ...settings },
    'test',
  );
  const app = {
    clock,
    config,
    newId,
    table,
    cursor: createCursorStore(table),
    directory: createDirectoryStore(table),
    fingerprints: createFingerprints(table),
    hints: createHints(table),
    matchIndex: createMatchIndex(table),
    pilot: createPilotStore(table),
    prospectLinks: createProspectLinks(table, newId),
    removals: createRemovalsStore(table),
    rows: createFolderRows(table, newId),
  };
  for (const one of rows) await app.rows.change(one.folderId, () => one, undefined);
  const dump = async () => {
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    return Items.map((item) =>
      JSON.stringify(item, (_, value) => (value instanceof Set ? [...value] : value)),
    ).filter((text) => !text.includes('"LEASE"'));
  };
  return { app, clock, dump, forget: (id = 'zqx-1') => forgetJob(id, app, false) };
}

describe('forget', () => {
  it('erases every item that names the folder, and leaves those of others', async () => {
    const contact = row(childRowId('contact', 'zqx-1'), { companyId: 'k1', parentId: 'c1' });
    const { app, dump, forget } = await world([row('zqx-1'), contact, row('f2', { companyId: 'c2' })]);
    const print = { fingerprint: new Uint8Array(8) };
    await app.fingerprints.save([
      { folderId: 'zqx-1', ...print },
      { folderId: 'f2', ...print },
    ]);
    await app.matchIndex.claim(emailKey, { folderId: 'zqx-1', token: 't' });
    await app.matchIndex.claim(companyKey('c1'), { folderId: 'zqx-1', token: 't', madeAt: 5 });
    await app.matchIndex.claim(companyKey('c2'), { folderId: 'f2', token: 't', madeAt: 5 });
    await app.matchIndex.share(companyKey('c2'), 'zqx-1');
    await app.hints.add(['zqx-1', 'f2'], now);
    await app.removals.saveMissing(['zqx-1', 'f2']);
    await app.cursor.saveUnsettled(['zqx-1', 'f2']);
    await app.cursor.save({
      lastPollStartedAt: 1,
      lastPollAt: 2,
      unreadable: [{ id: 'zqx-1' }, { id: 'f2' }],
    });
    await app.directory.saveUnmatched([
      { person: 'A', folders: 3, folderId: 'zqx-1' },
      { person: 'B', folders: 1, folderId: 'f2' },
    ]);
    const fields = [{ field: 'name', sent: 'Zqxmaison', found: 'ZQX' }];
    await app.pilot.save({
      ...{ passed: ['zqx-1', 'f2'], current: 'zqx-1', skipped: false },
      stopped: { folderId: 'zqx-1', companyId: 'c1', at: 1, fields },
    });
    const link = await app.prospectLinks.save(undefined, seen('c1', 1));
    await app.prospectLinks.save(link, owned(saved(link ?? seen('c1', 1), 'p1'), 'zqx-1'));

    expect(await forget()).toEqual({
      rows: 2,
      keys: 3,
      prospects: 1,
      companies: [{ companyId: 'c1', isListed: false, sharedWith: [] }],
      prospectIds: ['p1'],
    });
    expect((await dump()).filter((text) => canary.test(text))).toEqual([]);
    expect((await dump()).filter((text) => text.includes('"c1"'))).toEqual([]);
    expect([...(await app.rows.read(['f2'])).keys()]).toEqual(['f2']);
    expect((await app.fingerprints.load()).has('f2')).toBe(true);
    expect((await app.hints.read()).map(({ folderId }) => folderId)).toEqual(['f2']);
    expect((await app.removals.read()).missing).toEqual({ folderIds: ['f2'] });
    expect(await app.cursor.readUnsettled()).toEqual(['f2']);
    expect((await app.cursor.read())?.unreadable).toEqual([{ id: 'f2' }]);
    expect((await app.directory.readUnmatched()).map(({ person }) => person)).toEqual(['B']);
    expect(await app.pilot.read()).toMatchObject({ passed: ['f2'], over: false });
    expect((await app.matchIndex.owners([companyKey('c2')])).get(companyKey('c2'))?.folderId).toBe('f2');
    expect(await forget()).toEqual({ refused: 'unknown' });
  });

  it('keeps what Moovago says of a company that is still there, and never takes it for a new one of a rep', async () => {
    const { app, forget } = await world();
    await app.prospectLinks.open(1);
    await app.matchIndex.update(new Map([[emailKey, ['c1 witness']]]), new Map());
    await app.matchIndex.claim(emailKey, { folderId: 'zqx-1', token: 't' });
    expect(await forget()).toMatchObject({ companies: [{ companyId: 'c1', isListed: true }] });
    expect((await app.matchIndex.find([emailKey])).get(emailKey)).toEqual([
      { companyId: 'c1', witness: 'witness' },
    ]);
    expect((await app.matchIndex.owners([emailKey])).get(emailKey)?.folderId).toBeUndefined();
    expect((await app.prospectLinks.readKnown())?.has('c1')).toBe(true);
  });

  it('leaves a company to the other folder that has it, with its link to a prospect', async () => {
    const writer = row('f2', { status: 'delivered' });
    const { app, forget } = await world([row('zqx-1'), writer]);
    await app.prospectLinks.save(undefined, owned(seen('c1', 1), 'zqx-1'));
    expect(await forget()).toMatchObject({ companies: [{ companyId: 'c1', sharedWith: ['f2'] }] });
    expect(await app.prospectLinks.read('c1')).toMatchObject({ status: 'owned', folderId: 'f2' });
    expect((await app.rows.read(['f2'])).get('f2')).toMatchObject({ companyId: 'c1' });
  });

  it('erases a company of a rep by its own id, but not one that a folder has', async () => {
    const { app, forget, dump } = await world([row('f2', { status: 'delivered', companyId: 'c2' })]);
    const link = await app.prospectLinks.save(undefined, seen('c1', 1));
    const intent = { id: 'i', at: now - hour, record: { lastName: 'Zqxmaison' } };
    await app.prospectLinks.save(link, saved({ ...(link ?? seen('c1', 1)), intent }, 'p1'));
    await app.prospectLinks.save(undefined, owned(seen('c2', 1), 'f2'));
    expect(await forget('c2')).toEqual({ refused: 'owned', by: 'f2' });
    expect(await forget('c1')).toMatchObject({ rows: 0, prospects: 1, prospectIds: ['p1'] });
    expect((await dump()).filter((text) => text.includes('"c1"'))).toEqual([]);
  });

  const failure = { kind: 'rejected', message: 'no', firstAt: 1, lastAt: 1 };
  const due = { status: 'due', dueLane: 'bulk', dueAt: 1 };
  it.each([
    ['Clavus still shows it', { status: 'delivered' }, 'shown'],
    [
      'it is left out, and Clavus still shows it',
      { status: 'ignored', dueLane: 'ignored', dueAt: 1 },
      'shown',
    ],
    ['its removal has not reached Moovago', { ...due, removal: 'flag' }, 'removing'],
    [
      'a newer version wrote its row',
      { status: 'parked', failure: { ...failure, kind: 'internal' } },
      'newer',
    ],
  ])('refuses while %s', async (_, changes, refused) => {
    const { forget, app } = await world([row('zqx-1', changes)]);
    expect(await forget()).toEqual({ refused });
    expect((await app.rows.read(['zqx-1'])).size).toBe(1);
  });

  it.each([
    ['is left out and gone', { status: 'ignored', desired: undefined, dueLane: 'ignored', dueAt: 1 }],
    ['has a removal that Moovago refused', { status: 'refused', removal: 'delete', failure }],
  ])('erases a folder that %s', async (_, changes) => {
    const { forget, dump } = await world([row('zqx-1', changes)]);
    expect(await forget()).toMatchObject({ rows: 1 });
    expect((await dump()).filter((text) => canary.test(text))).toEqual([]);
  });

  it('waits for a request that is open, and for a poll that is running', async () => {
    const intent = { id: 'i', at: now - minute, kind: 'create', version: 1, fields: { name: 'Zqxmaison' } };
    const open = row('zqx-1', { companyId: undefined, applied: undefined, intent });
    const { app, clock, forget } = await world([open]);
    expect(await forget()).toEqual({ refused: 'under-way', until: now + 14 * minute });
    clock.set(now + 14 * minute);
    await takeLease(app, 'poll-clavus', 90_000);
    expect(await forget()).toEqual({ refused: 'polling', until: now + 15.5 * minute });
    clock.set(now + 16 * minute);
    expect(await forget()).toMatchObject({ rows: 1 });
  });
});
