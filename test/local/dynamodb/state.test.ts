import { readdirSync } from 'node:fs';
import { Server } from 'node:net';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPaceItem } from '../../../lib/pace/pace-item.ts';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { createFingerprints } from '../../../lib/state/fingerprints.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createHints } from '../../../lib/state/hints.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex, type LeaseOwner } from '../../../lib/state/match-index.ts';
import { createPilotStore } from '../../../lib/state/pilot.ts';
import { createRemovalsStore } from '../../../lib/state/removals.ts';
import { createScanProgressStore } from '../../../lib/state/scan-progress.ts';
import { documentClient, type Table } from '../../../lib/state/table.ts';
import { adopted, changed, parked } from '../../../lib/sync/rows/row-transitions.ts';
import type { Database } from '../../../local/dynamodb/database.ts';
import { dynamodbClient, embeddedDynamodbClient } from '../../../local/dynamodb/embedded-dynamodb.ts';
import { copyLocalState, openLocalState } from '../../../local/dynamodb/local-state.ts';
import { openDynalite } from '../../../local/emulators.ts';
import { provisionTables } from '../../../local/provision-tables.ts';
import { readStack } from '../../../local/template.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { everything } from '../../support/everything.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { stateTable } from '../../support/state-table.ts';

const name = 'clavus-moovago-test';
const { tables } = readStack(process.cwd(), { stage: 'test', environment: {} });

/** The table of serverless.yml in a database, made where it is missing. */
async function tableIn(database: Database): Promise<Table> {
  const client = embeddedDynamodbClient(database, 'eu-west-3');
  await provisionTables(client, tables);
  return { client: documentClient(client), name };
}

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
      await rows.change(
        folderId,
        (row) => changed(row, { rowId: folderId, record, at, lane: 'bulk' }),
        undefined,
      ),
    );
  }
  const known = (await rows.read(['f1'])).get('f1');
  said.push(await rows.change('f1', (row) => row && adopted(row, { recordId: 'c1', at: 2000 }), known));
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
  said.push([...(await index.find(['0a', '1b', '2c']))], await everything(index.entries()));

  const claim = (folderId: string, from?: LeaseOwner) =>
    index.claim('0a', { folderId, token: `token of ${folderId}`, ...(from === undefined ? {} : { from }) });
  said.push(
    await claim('f1'),
    await claim('f2'),
    await claim('f2', { folderId: 'f1', token: 'token of f1' }),
    await claim('f3'),
  );
  await index.release('0a', 'token of f1');
  await index.release('0a', 'token of f2', 'f1');
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
  await removals.saveMissing(['f1']);
  await removals.save('held', { folders: 7, at: 1 });
  await removals.forget('missing');
  const progress = createScanProgressStore(table, newId);
  for (const page of [2, 1])
    await progress.savePage(
      's',
      { pass: 1, page, slice: { isSorted: false }, folderIds: ['f1'], buffered: [], changed: 1 },
      10 - page,
    );
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

describe('the embedded table', () => {
  it.each(['embedded', 'sdk'] as const)(
    'says what another DynamoDB says, whatever the connector does (%s)',
    async (engine) => {
      expect(await useAll(await stateTable(engine))).toEqual(await useAll(await stateTable('dynalite')));
    },
  );

  it('is copied with all that is in it, and stays as it is', async () => {
    const dataDir = await temporaryFolder();
    const state = await openLocalState(dataDir, tables);
    const table = await tableIn(state);
    await useAll(table);
    const all = async (from: Table) =>
      (await from.client.send(new ScanCommand({ TableName: from.name }))).Items ?? [];
    const items = await all(table);
    await state.close();

    const copied = await copyLocalState(dataDir, tables);
    const copy = await tableIn(copied);
    expect(await all(copy)).toEqual(items);
    expect(await createFolderRows(copy, () => 'w').linkedTo('c1')).toEqual(['f1']);
    await createMatchIndex(copy).update(new Map([['0a', ['c9']]]), new Map());
    await createRemovalsStore(copy).forget('held');
    await copied.close();

    const again = await openLocalState(dataDir, tables);
    expect(await all(await tableIn(again))).toEqual(items);
    await again.close();
  });

  it('takes over the state of version 0.1.0, with nothing lost, and puts it aside', async () => {
    const dataDir = await temporaryFolder();
    const listen = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => listen.mockRestore());
    const old = openDynalite(dataDir);
    const client = dynamodbClient(old.service, 'eu-west-3');
    await provisionTables(client, tables);
    const before = { client: documentClient(client), name };
    await useAll(before);
    const all = async (from: Table) =>
      ((await from.client.send(new ScanCommand({ TableName: from.name }))).Items ?? []).sort((one, other) =>
        `${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1,
      );
    const items = await all(before);
    client.destroy();
    await old.close();

    const copied = await copyLocalState(dataDir, tables);
    expect(await all(await tableIn(copied))).toEqual(items);
    await copied.close();
    expect(readdirSync(dataDir).sort()).toEqual(['dynamodb', 'lock']);

    const state = await openLocalState(dataDir, tables);
    expect(items).toHaveLength(15);
    expect(await all(await tableIn(state))).toEqual(items);
    expect(await createFolderRows(await tableIn(state), () => 'w').linkedTo('c1')).toEqual(['f1']);
    await state.close();
    expect(readdirSync(dataDir).sort()).toEqual(['dynamodb.imported', 'lock', 'state.sqlite']);
    // Through a port of dynalite any page of a browser could have read and deleted it meanwhile.
    expect(listen).not.toHaveBeenCalled();
  });
});
