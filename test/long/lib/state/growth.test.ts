import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../../lib/framework/in-parallel.ts';
import { createCursorStore } from '../../../../lib/state/cursor.ts';
import { createDirectoryStore } from '../../../../lib/state/directory.ts';
import { createFolderRows } from '../../../../lib/state/folder-rows.ts';
import { createHints } from '../../../../lib/state/hints.ts';
import { createLargeItem } from '../../../../lib/state/large-item.ts';
import { createMatchIndex } from '../../../../lib/state/match-index.ts';
import { createPilotStore } from '../../../../lib/state/pilot.ts';
import { itemsOf, putItem } from '../../../../lib/state/table.ts';
import { ambiguous, changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { everything } from '../../../support/everything.ts';
import { stateTable } from '../../../support/state-table.ts';

const many = 100_000;
/** As long as an id can be. */
const idOf = (n: number) => `${n}`.padStart(64, '0123456789abcdef');
const ids = Array.from({ length: many }, (_, n) => idOf(n));

it('an item that DynamoDB would refuse is refused here, too', async () => {
  const table = await stateTable();
  await expect(putItem(table, { pk: 'CURSOR', sk: 'large', ids })).rejects.toThrow('Item size has exceeded');
});

describe('100,000 of', () => {
  it('folders that are not settled', async () => {
    const cursor = createCursorStore(await stateTable());
    await cursor.saveUnsettled(ids);
    expect(await cursor.readUnsettled()).toEqual(ids);
    await cursor.saveUnsettled([]);
    expect(await cursor.readUnsettled()).toEqual([]);
  });

  it('people, columns and mandators', async () => {
    const directory = createDirectoryStore(await stateTable());
    const names = { firstName: 'Zoé', lastName: 'Martin', email: 'zoe@example.com' };
    const content = {
      columns: ids.map((id) => ({ id, names: ['Adresse'] })),
      users: ids.map((id) => ({ id, ...names })),
      team: {
        id: 't1',
        name: 'Sud',
        members: ids.map((id) => ({ id, alias: 'Zoé' })),
        mandators: ids.map((id) => ({ id, name: 'Panneaux SA' })),
      },
    };
    await directory.save(content);
    expect(await directory.read()).toEqual(content);
    const unmatched = ids.map((folderId) => ({ person: folderId, folders: 1, folderId }));
    await directory.saveUnmatched(unmatched);
    expect(await directory.readUnmatched()).toEqual(unmatched);
  });

  it('folders that share a company', async () => {
    const index = createMatchIndex(await stateTable());
    await inParallel(ids, (id) => index.share('0a', id), 100);
    await index.share('0a', idOf(7));
    await index.share('0ab', 'f1');
    expect((await index.sharers('0a')).sort()).toEqual([...ids].sort());
    expect(await everything(index.entries())).toEqual([]);
  });

  it('companies at a key: fifty of them say that it is not the key of one customer', async () => {
    const index = createMatchIndex(await stateTable());
    const companiesAt = async () => (await index.find(['0a'])).get('0a')?.length;
    await index.update(new Map([['0a', ids.slice(0, 49)]]), new Map());
    await index.update(new Map([['0a', ids.slice(49)]]), new Map());
    expect(await companiesAt()).toBe(99);
    await index.update(new Map([['0a', ids]]), new Map());
    expect(await companiesAt()).toBe(99);
    // The company of its previous owner has no room either, and the key is claimed all the same.
    const claim = { folderId: 'f1', token: 't1', its: { companyId: 'c1', witness: 'w' } };
    expect(await index.claim('0a', claim)).toEqual({ folderId: 'f1', token: 't1' });
    expect(await index.claim('0b', claim)).toEqual({ folderId: 'f1', token: 't1' });
    expect(await index.find(['0b'])).toEqual(new Map([['0b', [{ companyId: 'c1', witness: 'w' }]]]));
    await index.update(new Map(), new Map([['0a', ids.slice(0, 60)]]));
    await index.update(new Map([['0a', ['c2']]]), new Map());
    expect(await companiesAt()).toBe(40);
  });

  it('companies that may be a folder’s: a hundred of them are kept', async () => {
    const rows = createFolderRows(await stateTable(), () => 'w1');
    const row = changed(undefined, { rowId: 'f1', record: { name: 'Rey' }, at: 1, lane: 'live' });
    if (row === undefined) throw new Error('no row');
    const saved = await rows.change('f1', () => ambiguous(row, { candidates: ids, at: 2 }), undefined);
    expect(saved?.failure?.candidates).toEqual(ids.slice(0, 100));
    expect(saved?.failure?.message).toContain('100000 companies');
  });

  it('hints: those that found no room are refused', async () => {
    const hints = createHints(await stateTable());
    const added: (number | undefined)[] = [];
    for (let from = 0; from < 4_200; from += 100)
      added.push(await hints.add(ids.slice(from, from + 100), 1_700_000_000_000));
    expect(added.slice(39)).toEqual([4_000, undefined, undefined]);
    expect((await hints.read()).length).toBe(4_000);
  });

  it('characters of a text that stops the pilot', async () => {
    const pilot = createPilotStore(await stateTable());
    const text = 'é'.repeat(many);
    const fields = ['name', 'note', 'city'].map((field) => ({ field, sent: text, found: text }));
    const stopped = { folderId: 'f1', companyId: 'c1', at: 1, fields };
    await pilot.save({ passed: ids.slice(0, 1_000), skipped: false, stopped });
    expect((await pilot.read()).stopped?.fields[2]?.found).toBe('é'.repeat(2_000));
  });
});

describe('content that grows and shrinks', () => {
  const key = { pk: 'CURSOR', sk: 'unsettled' };
  const content = (count: number) => ids.slice(0, count);

  it('is what was saved last, whatever its size, and leaves nothing behind', async () => {
    const sizes = fc.array(fc.oneof(fc.nat(10), fc.constantFrom(2_900, 3_100, 30_000, many)), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (counts) => {
        const table = await stateTable();
        await putItem(table, { pk: 'CURSOR', sk: 'folders', lastPollAt: 1 });
        for (const count of counts) {
          // Each by another process.
          await createLargeItem(table, key).save(content(count));
          expect((await createLargeItem(table, key).read())?.content).toEqual(content(count));
        }
        await createLargeItem(table, key).save('small');
        const left = await everything(itemsOf(table, 'CURSOR'));
        expect(left.map(({ sk }) => sk)).toEqual(['folders', 'unsettled']);
      }),
      { numRuns: 8 },
    );
  });

  it('is what it was before where a write was cut off', async () => {
    const table = await stateTable();
    const item = createLargeItem(table, key);
    await item.save(content(many));
    await putItem(table, { ...key, sk: 'unsettled#0123456789abcdef#0000', packed: Uint8Array.of(1) });
    expect((await item.read())?.content).toEqual(content(many));
    await item.save(content(5_000));
    expect((await everything(itemsOf(table, 'CURSOR'))).length).toBe(2);
    await item.forget();
    expect(await item.read()).toBeUndefined();
    expect(await everything(itemsOf(table, 'CURSOR'))).toEqual([]);
  });
});
