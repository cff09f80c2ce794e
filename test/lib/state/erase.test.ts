import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { createProspectLinks } from '../../../lib/state/prospect-links.ts';
import { childRowId } from '../../../lib/state/row-id.ts';
import { putItem } from '../../../lib/state/table.ts';
import { seen } from '../../../lib/sync/prospects/prospect-transitions.ts';
import { everything } from '../../support/everything.ts';
import { rowWith } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

const removed = (folderId: string) =>
  rowWith({ folderId, revision: 0, writeId: '', attempts: 0 }, { status: 'removed' });

describe('what is erased', () => {
  it('is a row as it was read, and no other row of the folder', async () => {
    const rows = createFolderRows(await stateTable(), () => crypto.randomUUID());
    const contact = childRowId('contact', 'f1');
    const first = await rows.change('f1', () => removed('f1'), undefined);
    await rows.change(contact, () => removed(contact), undefined);
    const second = await rows.change('f1', (row) => row && { ...row, attempts: 1 }, first);
    expect(first && (await rows.erase(first))).toBe(false);
    expect([...(await rows.read(['f1', contact])).keys()].sort()).toEqual([contact, 'f1'].sort());
    expect(second && (await rows.erase(second))).toBe(true);
    // The retry of a deletion whose answer was lost.
    expect(second && (await rows.erase(second))).toBe(true);
    expect([...(await rows.read(['f1', contact])).keys()]).toEqual([contact]);
  });

  it('is never a row of newer code', async () => {
    const table = await stateTable();
    const rows = createFolderRows(table, () => crypto.randomUUID());
    const key = { pk: 'FOLDER#f1', sk: 'ROW' };
    await putItem(table, {
      ...key,
      folderId: 'f1',
      revision: 3,
      writeId: 'w',
      attempts: 0,
      status: 'of-2030',
    });
    const row = (await rows.read(['f1'])).get('f1');
    expect(row && (await rows.erase(row))).toBe(false);
    expect((await rows.read(['f1'])).size).toBe(1);
  });

  it('is looked for among the rows of folders that are gone or left out, and what belonged to them', async () => {
    const rows = createFolderRows(await stateTable(), () => crypto.randomUUID());
    const desired = { version: 1, record: { name: 'Dupont' }, at: 1, lane: 'live' } as const;
    const ids = ['f1', childRowId('contact', 'f2')];
    for (const id of ids) await rows.change(id, () => removed(id), undefined);
    const left = rowWith(removed('f3'), { status: 'ignored', dueLane: 'ignored', dueAt: 1 });
    await rows.change('f3', () => left, undefined);
    const due = rowWith(removed('f4'), { status: 'due', desired, dueLane: 'live', dueAt: 1 });
    await rows.change('f4', () => due, undefined);
    const found = (await everything(rows.ended())).flat().map(({ folderId }) => folderId);
    expect(found.sort()).toEqual([...ids, 'f3'].sort());
  });

  it('is a link to a prospect as it was read', async () => {
    const links = createProspectLinks(await stateTable(), () => crypto.randomUUID());
    const first = await links.save(undefined, seen('c1', 1));
    const second = await links.save(first, { ...seen('c1', 1), attempts: 2 });
    expect(first && (await links.erase(first))).toBe(false);
    expect(await links.read('c1')).toMatchObject({ attempts: 2 });
    expect(second && (await links.erase(second))).toBe(true);
    expect(await links.read('c1')).toBeUndefined();
  });

  it('is in the index of match keys what says that the folder had a key; companies and other folders stay', async () => {
    const table = await stateTable();
    const index = createMatchIndex(table);
    const [alone, listed, others, made, old] = ['a1', 'b2', 'c3', 'd4', 'e5'].map((key) => key.repeat(10));
    const claim = (key = '', folderId = 'f1', madeAt = 0) =>
      index.claim(key, { folderId, token: 't', ...(madeAt > 0 ? { madeAt } : {}) });
    await claim(alone);
    await claim(listed);
    await index.update(new Map([[listed ?? '', ['c1 w']]]), new Map());
    await claim(others, 'f2');
    await index.share(others ?? '', 'f1');
    await index.share(others ?? '', 'f12');
    await claim(made, 'f1', 5);
    const sharing = { ':all': new Set(['f1', 'f2']) };
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: 'M#e', sk: old },
        UpdateExpression: 'ADD s :all',
        ExpressionAttributeValues: sharing,
      }),
    );
    expect(await index.erase('f1')).toEqual({ keys: 5, companyIds: new Set(['c1']) });
    const keys = [alone, listed, others, made].flatMap((key) => key ?? []);
    expect(await index.owners(keys)).toEqual(
      new Map([
        [listed, { folderId: undefined, madeAt: undefined }],
        [others, { folderId: 'f2', madeAt: undefined }],
        [made, { folderId: undefined, madeAt: 5 }],
      ]),
    );
    expect((await index.find([listed ?? ''])).size).toBe(1);
    expect(await index.sharers(others ?? '')).toEqual(['f12']);
    expect(await index.sharers(old ?? '')).toEqual(['f2']);
    expect((await index.erase('f1')).keys).toBe(0);
  });
});
