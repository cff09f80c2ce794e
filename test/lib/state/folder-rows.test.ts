import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { rowWith } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

async function folderRows() {
  const table = await stateTable();
  let ids = 0;
  return { table, rows: createFolderRows(table, () => `write-${++ids}`) };
}

const due = (folderId: string, dueAt: number): FolderRow => ({
  folderId,
  revision: 0,
  writeId: '',
  status: 'due',
  desired: { version: 1, record: { name: 'Dupont', ownerIds: ['m1'] }, at: dueAt, lane: 'live' },
  attempts: 0,
  dueLane: 'live',
  dueAt,
});

describe('folder rows', () => {
  it('are saved and read back whole, with a revision and a write id', async () => {
    const { rows } = await folderRows();
    await rows.change('f1', () => due('f1', 100), undefined);
    expect(await rows.read(['f1', 'f2', 'f1'])).toEqual(
      new Map([['f1', { ...due('f1', 100), pk: 'FOLDER#f1', sk: 'ROW', revision: 1, writeId: 'write-1' }]]),
    );
  });

  it('are read by the hundreds', async () => {
    const { rows } = await folderRows();
    const ids = Array.from({ length: 230 }, (_, index) => `f${index}`);
    for (const id of ids) await rows.change(id, () => due(id, 1), undefined);
    expect([...(await rows.read(ids)).keys()].sort()).toEqual([...ids].sort());
  });

  it('are not written when there is nothing to write', async () => {
    const { rows } = await folderRows();
    expect(await rows.change('f1', () => undefined, undefined)).toBeUndefined();
    expect(await rows.read(['f1'])).toEqual(new Map());
  });

  it('are changed from their newest state when somebody else was faster', async () => {
    const { rows } = await folderRows();
    const first = await rows.change('f1', () => due('f1', 100), undefined);
    await rows.change('f1', (row) => row && { ...row, attempts: row.attempts + 1 }, first);
    const seen: (number | undefined)[] = [];
    const saved = await rows.change(
      'f1',
      (row) => {
        seen.push(row?.attempts);
        return row && { ...row, attempts: row.attempts + 1 };
      },
      first,
    );
    expect(seen).toEqual([0, 1]);
    expect(saved).toMatchObject({ revision: 3, attempts: 2 });
  });

  it('that two create at the same time are both written, one after the other', async () => {
    const { rows } = await folderRows();
    const add = (row: FolderRow | undefined) => ({
      ...(row ?? due('f1', 1)),
      attempts: (row?.attempts ?? 0) + 1,
    });
    await Promise.all(Array.from({ length: 5 }, () => rows.change('f1', add, undefined)));
    expect((await rows.read(['f1'])).get('f1')).toMatchObject({ revision: 5, attempts: 5 });
  });

  it('recognise their own write when its answer was lost and the retry fails', async () => {
    const { table } = await folderRows();
    const rows = createFolderRows(table, () => 'the-same-write');
    const row = await rows.change('f1', () => due('f1', 100), undefined);
    // The retry of the write that made revision 1: same write id, same condition, already applied.
    let tried = 0;
    const again = await rows.change(
      'f1',
      () => {
        tried++;
        return due('f1', 100);
      },
      undefined,
    );
    expect(tried).toBe(1);
    expect(again).toEqual({ ...row, pk: 'FOLDER#f1', sk: 'ROW' });
  });

  it('keep what a newer version of the connector wrote', async () => {
    const { rows } = await folderRows();
    const newer = { ...due('f1', 100), fromTheFuture: { deep: true } };
    const saved = await rows.change('f1', () => newer, undefined);
    await rows.change('f1', (row) => row && { ...row, attempts: 1 }, saved);
    expect((await rows.read(['f1'])).get('f1')).toMatchObject({ attempts: 1, fromTheFuture: { deep: true } });
  });

  it('are found by lane and time when they are due, and not when they are at rest', async () => {
    const { rows } = await folderRows();
    for (const [id, at] of [
      ['f1', 300],
      ['f2', 100],
      ['f3', 200],
    ] as const)
      await rows.change(id, () => due(id, at), undefined);
    await rows.change(
      'f4',
      () => rowWith(due('f4', 50), { dueLane: undefined, dueAt: undefined }),
      undefined,
    );
    await rows.change('f5', () => rowWith(due('f5', 50), { status: 'parked' }), undefined);
    expect(await rows.due('live', 200, 10)).toEqual([
      { rowId: 'f2', dueAt: 100 },
      { rowId: 'f3', dueAt: 200 },
    ]);
    expect(await rows.due('live', 999, 1)).toEqual([{ rowId: 'f2', dueAt: 100 }]);
    expect(await rows.countDue('live', 999)).toBe(3);
    expect(await rows.countDue('bulk', 999)).toBe(0);
    expect(await rows.countDue('failed', 999)).toBe(1);
  });

  it('move in the index without a new revision, and only from where they were seen', async () => {
    const { rows } = await folderRows();
    const saved = await rows.change('f1', () => due('f1', 100), undefined);
    expect(await rows.postpone('f1', 100, 500)).toBe(true);
    expect(await rows.postpone('f1', 100, 900)).toBe(false);
    expect((await rows.read(['f1'])).get('f1')).toMatchObject({ revision: saved?.revision, dueAt: 500 });
  });

  it('with a company are counted', async () => {
    const { rows } = await folderRows();
    await rows.change('f1', () => ({ ...due('f1', 1), companyId: 'c1' }), undefined);
    await rows.change('f2', () => due('f2', 1), undefined);
    expect(await rows.countLinked()).toBe(1);
  });

  it('of what belongs to a company stand beside its own, and are none of it', async () => {
    const { rows } = await folderRows();
    const linked = (folderId: string, companyId: string) => ({ ...due(folderId, 1), companyId });
    await rows.change('f1', () => linked('f1', 'id1'), undefined);
    await rows.change('contact~f1', () => linked('contact~f1', 'id1'), undefined);
    await rows.change('turnover~f1', () => linked('turnover~f1', 'id2'), undefined);
    expect((await rows.read(['contact~f1'])).get('contact~f1')).toMatchObject({
      pk: 'FOLDER#f1',
      sk: 'ROW#contact',
      folderId: 'contact~f1',
    });
    const found = (await rows.due('live', 1, 10)).map(({ rowId }) => rowId).sort();
    expect(found).toEqual(['contact~f1', 'f1', 'turnover~f1']);
    expect(await rows.postpone('contact~f1', 1, 9)).toBe(true);
    expect((await rows.read(['f1'])).get('f1')?.dueAt).toBe(1);
    // Whether Moovago's ids are unique across entities, nobody knows.
    expect(await rows.linkedTo('id1')).toEqual(['f1']);
    expect(await rows.linkedTo('id1', 'contact')).toEqual(['contact~f1']);
    expect(await rows.countLinked()).toBe(1);
    const pages: FolderRow[][] = [];
    for await (const page of rows.pages()) pages.push(page);
    expect(pages.flat().map(({ folderId }) => folderId)).toEqual(['f1']);
  });

  it('are read all of them, page by page, and nothing else of the table', async () => {
    const { table, rows } = await folderRows();
    const ids = Array.from({ length: 30 }, (_, index) => `f${index}`);
    const name = 'x'.repeat(50_000);
    for (const id of ids)
      await rows.change(
        id,
        () => ({ ...due(id, 1), desired: { version: 1, record: { name }, at: 1, lane: 'live' } }),
        undefined,
      );
    await table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'F#0', sk: 'f1', h: 'x' } }));
    const pages: FolderRow[][] = [];
    for await (const page of rows.pages()) pages.push(page);
    expect(pages.length).toBeGreaterThan(1);
    expect(
      pages
        .flat()
        .map(({ folderId }) => folderId)
        .sort(),
    ).toEqual([...ids].sort());
  });
});

describe('a row of newer code', () => {
  const put = (table: Awaited<ReturnType<typeof folderRows>>['table'], item: object) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: { sk: 'ROW', ...item } }));

  it.each([
    ['a status that is not known', { status: 'quarantined' }],
    ['a shape that is not known', { status: 'delivered', desired: 'elsewhere' }],
  ])('with %s is left aside, and all others are read', async (_, newer) => {
    const { table } = await folderRows();
    const seen: string[][] = [];
    const rows = createFolderRows(
      table,
      () => 'w',
      (ids) => seen.push([...ids]),
    );
    await rows.change('f1', () => due('f1', 100), undefined);
    const item = { pk: 'FOLDER#f2', folderId: 'f2', revision: 7, companyId: 'c2', ...newer };
    await put(table, item);
    const found = await rows.read(['f1', 'f2']);
    expect(found.get('f1')?.status).toBe('due');
    expect(found.get('f2')).toMatchObject({
      status: 'parked',
      companyId: 'c2',
      failure: { kind: 'internal' },
    });
    expect(seen).toEqual([['f2']]);
    for (const known of [found.get('f2'), undefined])
      expect(await rows.change('f2', () => due('f2', 1), known)).toBeUndefined();
    const stored = await table.client.send(
      new GetCommand({ TableName: table.name, Key: { pk: 'FOLDER#f2', sk: 'ROW' } }),
    );
    expect(stored.Item).toEqual({ sk: 'ROW', ...item });
    const pages: string[] = [];
    for await (const page of rows.pages()) pages.push(...page.map(({ folderId }) => folderId));
    expect(pages.sort()).toEqual(['f1', 'f2']);
  });
});
