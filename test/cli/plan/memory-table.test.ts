import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../../cli/plan/memory-table.ts';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createHints } from '../../../lib/state/hints.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex, type Holder } from '../../../lib/state/match-index.ts';
import { createPaceItem } from '../../../lib/state/pace-item.ts';
import { createPilotStore } from '../../../lib/state/pilot.ts';
import { createRemovalsStore } from '../../../lib/state/removals.ts';
import { createScanProgressStore } from '../../../lib/state/scan-progress.ts';
import type { Table } from '../../../lib/state/table.ts';
import { adopted, parked, wanted } from '../../../lib/sync/row-transitions.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { stateTable } from '../../support/state-table.ts';

const print = (last: number) => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, last);

/** Everything that the connector does to its table, with what each store then says. */
async function useAll(table: Table): Promise<unknown[]> {
  let ids = 0;
  const newId = () => `id${++ids}`;
  const said: unknown[] = [];

  const rows = createFolderRows(table, newId);
  for (const [index, folderId] of ['f3', 'f1', 'f2'].entries()) {
    const record = { name: folderId, city: undefined };
    const at = 1000 - index;
    said.push(
      await rows.change(folderId, (row) => wanted(row, { folderId, record, at, lane: 'bulk' }), undefined),
    );
  }
  const known = (await rows.read(['f1'])).get('f1');
  said.push(await rows.change('f1', (row) => row && adopted(row, { companyId: 'c1', at: 2000 }), known));
  // From what was read before: the write fails, and is decided again.
  said.push(
    await rows.change('f1', (row) => row && parked(row, { kind: 'service', message: 'm', at: 3000 }), known),
  );
  said.push(
    await rows.due('bulk', 1000, 10),
    await rows.due('failed', 5000, 10),
    await rows.due('live', 5000, 1),
  );
  said.push(await rows.countDue('bulk', 999), await rows.linkedTo('c1'), await rows.linkedTo('c2'));
  said.push(await rows.postpone('f2', 998, 4000), await rows.postpone('f2', 998, 5000));
  said.push([...(await rows.read(['f1', 'f2', 'f3', 'f4'])).entries()].sort());

  const fingerprints = createFingerprints(table);
  await fingerprints.save(
    ['f1', 'f2', 'f3'].map((folderId, index) => ({ folderId, fingerprint: print(index) })),
  );
  await fingerprints.remove(['f2']);
  said.push((await fingerprints.load()).size, (await fingerprints.folderIds(() => true)).sort());

  const index = createMatchIndex(table);
  await index.update(
    new Map([
      ['0a', ['c1', 'c2']],
      ['1b', ['c1']],
    ]),
    new Map(),
  );
  await index.update(
    new Map([['0a', ['c3']]]),
    new Map([
      ['0a', ['c1']],
      ['1b', ['c1']],
    ]),
  );
  said.push([...(await index.find(['0a', '1b', '2c']))], [...(await index.load())]);

  const claim = (folderId: string, from?: Holder) =>
    index.claim('0a', { folderId, turn: `turn of ${folderId}`, ...(from === undefined ? {} : { from }) });
  said.push(
    await claim('f1'),
    await claim('f2'),
    await claim('f2', { folderId: 'f1', turn: 'turn of f1' }),
    await claim('f3'),
  );
  await index.release('0a', 'turn of f1');
  await index.release('0a', 'turn of f2', 'f1');
  said.push(await claim('f3'), await index.madeAt('0a'), await index.madeAt('9z'));

  const pace = createPaceItem(table);
  const seen = await pace.read();
  said.push(await pace.change(seen, { ...seen, nextAt: 1216, left0: 1040 }));
  said.push(await pace.change(seen, { ...seen, nextAt: 1432, left1: 1256 }));
  said.push(await pace.extend('left0', { left: 1040, stops: 0 }, 1160));
  said.push(await pace.extend('left0', { left: 1040, stops: 0 }, 1160));
  said.push(
    await pace.change(seen, { ...seen, failures: 2 }),
    await pace.change(seen, { ...seen, failures: 3 }),
  );
  said.push(await pace.read());

  const lease = { table, clock: fakeClock(1000), newId };
  const mine = await takeLease(lease, 'poll', 500);
  said.push(await takeLease(lease, 'poll', 500), 'lease' in mine && (await mine.lease.renew()));
  said.push(
    'lease' in (await takeLease(lease, 'poll', 500, true)),
    'lease' in mine && (await mine.lease.renew()),
  );

  const removals = createRemovalsStore(table);
  await removals.save('missing', { folderIds: ['f1'] });
  await removals.save('held', { folders: 7, at: 1 });
  await removals.forget('missing');
  const progress = createScanProgressStore(table, newId);
  for (const page of [2, 1])
    await progress.savePage('s', { pass: 1, page, folderIds: ['f1'], held: [], changed: 1 }, 10 - page);
  const cursor = createCursorStore(table);
  await cursor.saveUnsettled(['f1']);
  const pilot = createPilotStore(table);
  await pilot.save({ passed: ['f1'], current: undefined, skipped: false });
  const directory = createDirectoryStore(table);
  await directory.saveUnmatched([{ person: 'p', folders: 1, folderId: 'f1' }]);
  said.push(await removals.read(), (await progress.read('s')).last, await cursor.readUnsettled());
  said.push(await cursor.read(), await pilot.read(), await directory.readUnmatched(), await directory.read());
  said.push(await createHints(table).read());
  for await (const page of rows.pages()) said.push(page.map(({ folderId }) => folderId).sort());
  return said;
}

describe('a table in memory', () => {
  it('says what DynamoDB says, whatever the connector does', async () => {
    const real = await useAll(await stateTable());
    expect(await useAll(createMemoryTable('memory', []))).toEqual(real);
  });

  it('goes on from the items of another table, and leaves that one as it is', async () => {
    const table = await stateTable();
    await useAll(table);
    const all = async () => (await table.client.send(new ScanCommand({ TableName: table.name }))).Items ?? [];
    const items = await all();
    const copy = createMemoryTable('memory', items);
    const rows = createFolderRows(copy, () => 'w');
    expect(await rows.due('bulk', 9000, 10)).toEqual(
      await createFolderRows(table, () => '').due('bulk', 9000, 10),
    );
    expect(await rows.linkedTo('c1')).toEqual(['f1']);
    await createMatchIndex(copy).update(new Map([['0a', ['c9']]]), new Map());
    await createRemovalsStore(copy).forget('held');
    expect(await all()).toEqual(items);
  });

  it('knows no other command', async () => {
    const { client } = createMemoryTable('memory', []);
    await expect(
      client.send(Object.create({ constructor: { name: 'TransactWriteCommand' } })),
    ).rejects.toThrow('A table in memory does not know this command: TransactWriteCommand');
  });
});
