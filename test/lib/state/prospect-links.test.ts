import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { createProspectLinks, type ProspectLink } from '../../../lib/state/prospect-links.ts';
import { stateTable } from '../../support/state-table.ts';

const link: ProspectLink = {
  sk: 'c1',
  revision: 0,
  writeId: '',
  status: 'new',
  seenAt: 5,
  attempts: 0,
};

it("Links are kept, found again, and only whoever read the newest may write; no folder's link is among them", async () => {
  let ids = 0;
  const table = await stateTable();
  const store = createProspectLinks(table, () => `w${++ids}`);
  const saved = await store.save(undefined, { ...link, ofNewerCode: true });
  expect(saved).toMatchObject({ sk: 'c1', revision: 1, writeId: 'w1' });
  expect(await store.save(undefined, link)).toBeUndefined();
  const sent = await store.save(saved, { ...link, status: 'sent', prospectId: 'p1', ofNewerCode: true });
  expect(await store.save(saved, link)).toBeUndefined();
  expect([...(await store.all()).keys()]).toEqual(['c1']);
  expect(await store.read('c1')).toMatchObject({
    revision: sent?.revision,
    prospectId: 'p1',
    ofNewerCode: true,
  });
  expect(await store.read('c2')).toBeUndefined();
  expect(await createFolderRows(table, () => '').linkedTo('c1')).toEqual([]);
});

it('What is known is not new, from when prospects are switched on', async () => {
  let ids = 0;
  const table = await stateTable();
  const store = createProspectLinks(table, () => `w${++ids}`);
  const many = Array.from({ length: 20_001 }, (_, index) => `c${index}`);
  await store.addKnown(many);
  expect(await store.readKnown()).toBeUndefined();
  await store.open(7);
  await store.addKnown(['later']);
  const known = await store.readKnown();
  expect([known?.size, known?.has('c20000'), known?.has('later'), known?.has('new')]).toEqual([
    20_002,
    true,
    true,
    false,
  ]);
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
  expect(Items).toHaveLength(4);
});

it('Who took a key, and when the connector made a company, is told for many keys at once', async () => {
  const index = createMatchIndex(await stateTable());
  await index.claim('aa', { folderId: 'f1', token: 't1' });
  await index.claim('bb', { folderId: 'f2', token: 't2', madeAt: 9 });
  await index.update(new Map([['cc', ['c1']]]), new Map());
  expect(await index.owners(['aa', 'bb', 'cc', 'dd'])).toEqual(
    new Map([
      ['aa', { folderId: 'f1', madeAt: undefined }],
      ['bb', { folderId: 'f2', madeAt: 9 }],
      ['cc', { folderId: undefined, madeAt: undefined }],
    ]),
  );
});
