import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../../lib/mapping/marker.ts';
import { companyKey } from '../../../../lib/mapping/match-keys.ts';
import type { Company } from '../../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { bearerText } from '../../../../lib/state/match-index.ts';
import { keyOf, lemoine, petit, rowOf, withNew, witnessFor } from '../../../support/prospect-companies.ts';
import { prospecting } from '../../../support/prospecting.ts';
import { rowWith } from '../../../support/row-with.ts';

describe('a company that a rep makes', () => {
  it('is sent once it has rested, and its edits after that, each field once', async () => {
    const world = await withNew([lemoine]);
    expect(await world.turn()).toEqual({ state: 'done', created: 0, updated: 0, held: 0 });
    expect(world.sent).toEqual([]);
    await world.hours(1);
    expect(world.sent).toEqual([
      {
        lastName: 'Boulangerie Lemoine',
        address: '4 rue Haute',
        postalCode: '06200',
        phone: '06 12 34 56 01',
        commercialNote: 'Toit plat',
        type: 'MORAL',
      },
    ]);
    world.companies = [{ ...lemoine, note: '', address: '6 rue Haute', city: 'Nice' }];
    await world.hours(3);
    expect(world.sent.slice(1)).toEqual([{ id: 'p1', address: '6 rue Haute' }]);
    expect(world.telemetry.counts).toMatchObject({ ProspectsCreated: 1, ProspectsUpdated: 1 });
  });

  it('stays out of Clavus when it was there before prospects were switched on, until somebody names it', async () => {
    const world = prospecting();
    world.companies = [lemoine];
    expect(await world.turn()).toMatchObject({ state: 'opened' });
    await world.hours(2);
    expect(world.sent).toEqual([]);
    expect(await world.turn(['c1'])).toMatchObject({ created: 1 });
  });

  it('stays out of Clavus when Moovago did not show it the day that prospects were switched on', async () => {
    const world = prospecting();
    world.hasAllIds = false;
    expect(await world.turn()).toMatchObject({ state: 'waits' });
    world.companies = [lemoine];
    world.hasAllIds = true;
    await world.hours(3);
    expect([world.sent, world.links.size]).toEqual([[], 0]);
  });

  it('waits while Moovago does not show all that it says', async () => {
    const world = await withNew([{ ...lemoine, unread: ['note'] }]);
    await world.hours(2);
    expect(world.links.get('c1')).toMatchObject({ status: 'new', waits: 'cannot be read in full: note' });
    world.companies = [lemoine];
    await world.hours(1);
    expect(world.sent).toHaveLength(1);
  });

  it('is none where it bears a marker, of whatever stage', async () => {
    const note = markerFor('another', 'f1');
    const world = await withNew([{ ...lemoine, note }]);
    await world.hours(2);
    expect([world.sent, world.links.size]).toEqual([[], 0]);
  });

  it('is none where a folder has it, or the connector made it, or a folder is about to link it', async () => {
    const linked = await withNew([lemoine]);
    linked.rows.all.set('f1', rowOf('f1', lemoine, 'c1'));
    await linked.hours(2);
    expect(linked.sent).toEqual([]);

    const made = await withNew([lemoine]);
    made.owners.set(companyKey('c1'), { folderId: 'f1', madeAt: 5 });
    await made.hours(2);
    expect(made.sent).toEqual([]);

    const claimed = await withNew([lemoine]);
    claimed.owners.set(companyKey('c1'), { folderId: 'f1', madeAt: undefined });
    claimed.rows.all.set('f1', rowOf('f1', petit));
    await claimed.hours(2);
    expect(claimed.sent).toEqual([]);
  });

  it('is looked at once, and in a few reads, where the connector makes thousands without a marker', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => ({ id: `m${index}`, name: `Client ${index}` }));
    const world = await withNew(many);
    for (const { id } of many) {
      world.owners.set(companyKey(id), { folderId: `f${id}`, madeAt: 1 });
      world.rows.all.set(`f${id}`, rowOf(`f${id}`, { id, name: 'x' }, id));
    }
    let looks = 0;
    world.rows.linkedTo = async () => {
      looks++;
      return [];
    };
    await world.hours(2);
    expect([looks, world.links.size]).toEqual([0, 0]);
  });

  it('waits, with the reason, while it may be the customer of a folder', async () => {
    const claimed = await withNew([lemoine]);
    claimed.owners.set(keyOf(lemoine), { folderId: 'f1', madeAt: undefined });
    claimed.rows.all.set('f1', rowOf('f1', { ...lemoine, id: 'c9' }, 'c9'));
    await claimed.hours(2);
    expect(claimed.links.get('c1')).toMatchObject({ status: 'new', waits: "is a folder's customer" });
    // The folder has another telephone by now.
    claimed.rows.all.set('f1', rowOf('f1', petit, 'c9'));
    await claimed.hours(1);
    expect(claimed.status('c1')).toBe('sent');

    // A folder that left Clavus before it had a company keeps nobody waiting.
    const gone = await withNew([lemoine]);
    gone.owners.set(keyOf(lemoine), { folderId: 'f1', madeAt: undefined });
    gone.rows.all.set('f1', rowWith(rowOf('f1', lemoine), { status: 'removed' }));
    await gone.hours(2);
    expect(gone.status('c1')).toBe('sent');

    const waiting = await withNew([lemoine]);
    waiting.waiting = [rowOf('f2', lemoine)];
    await waiting.hours(2);
    expect(waiting.sent).toEqual([]);
    waiting.waiting = undefined;
    await waiting.hours(1);
    expect(waiting.sent).toEqual([]);

    const unclear = await withNew([lemoine]);
    const before = rowOf('f3', petit);
    unclear.waiting = [
      { ...before, intent: { id: 'i', at: 1, kind: 'create', version: 1, fields: { phone: lemoine.phone } } },
    ];
    await unclear.hours(2);
    expect(unclear.sent).toEqual([]);

    const twin = await withNew([lemoine]);
    twin.found.set(keyOf(lemoine), ['c1', 'c9']);
    twin.rows.all.set('f1', rowOf('f1', petit, 'c9'));
    await twin.hours(2);
    expect(twin.links.get('c1')?.waits).toBe("is the customer of a folder's company, c9");
  });

  it('waits for no folder that is gone from Clavus, and whose company is gone from Moovago', async () => {
    const failure = { kind: 'rejected', message: 'no such company', firstAt: 1, lastAt: 1 } as const;
    const { id: _, ...fields } = lemoine;
    const sent = { id: 'i', at: 1, kind: 'create', version: 1 } as const;
    const gone: Partial<FolderRow>[] = [
      { status: 'refused', removal: 'flag', companyId: 'c9', failure },
      { status: 'removed', companyId: 'c9' },
      { status: 'removed', intent: { ...sent, fields: { ...fields, address: '9 rue Basse' } } },
    ];
    for (const changes of gone) {
      const row = rowWith(rowOf('f1', lemoine), { dueLane: 'failed', dueAt: 1, ...changes });
      const settled = async (companies: Company[]) => {
        const world = await withNew(companies);
        world.owners.set(keyOf(lemoine), { folderId: 'f1', madeAt: undefined });
        world.rows.all.set('f1', row);
        world.waiting = row.status === 'refused' ? [row] : [];
        await world.hours(2);
        return world.status('c1');
      };
      expect(await settled([lemoine])).toBe('sent');
      // Where it is there still, it is that customer's.
      if (row.companyId !== undefined) expect(await settled([lemoine, { ...petit, id: 'c9' }])).toBe('new');
    }
    // Moovago refused to make it, and may have made it all the same: without a marker, what it holds is all there is.
    const made = await withNew([lemoine]);
    made.owners.set(keyOf(lemoine), { folderId: 'f1', madeAt: undefined });
    made.rows.all.set(
      'f1',
      rowWith(rowOf('f1', lemoine), {
        status: 'removed',
        intent: { ...sent, fields: { ...fields, mandatorIds: ['m1'] } },
      }),
    );
    await made.hours(2);
    expect(made.links.get('c1')?.waits).toBe('may have been made for a folder that is gone');
  });

  it('waits while nothing of it would tell its folder', async () => {
    const world = await withNew([
      { id: 'c3', name: 'Only a name' },
      { id: 'c4', phone: '0612345604' },
    ]);
    await world.hours(2);
    expect([...world.links.values()].map(({ waits }) => waits)).toEqual([
      'has nothing by which its folder could be told later: no e-mail, no telephone',
      'has no name',
    ]);
  });

  it("is sent although another customer has its telephone, a landlord's: of a folder, of its company, or of a new company", async () => {
    const other = { ...lemoine, name: 'Durand Paul', address: '9 rue Basse', postalCode: '44000' };
    const claimed = await withNew([lemoine]);
    claimed.owners.set(keyOf(lemoine), { folderId: 'f1', madeAt: undefined });
    claimed.rows.all.set('f1', rowOf('f1', { ...other, id: 'c9' }, 'c9'));
    claimed.found.set(keyOf(lemoine), ['c1', bearerText({ companyId: 'c9', witness: witnessFor(other) })]);
    claimed.waiting = [rowOf('f2', other)];
    await claimed.hours(2);
    expect(claimed.status('c1')).toBe('sent');

    const both = await withNew([lemoine, { ...other, id: 'c5' }]);
    await both.hours(3);
    expect(both.sent.map(({ lastName }) => lastName)).toEqual(['Boulangerie Lemoine', 'Durand Paul']);
  });

  it('is one prospect with another one of the same customer', async () => {
    const world = await withNew([lemoine, { ...lemoine, id: 'c5' }]);
    world.found.set(keyOf(lemoine), ['c1', 'c5']);
    await world.hours(3);
    expect(world.sent).toHaveLength(1);
    expect(world.links.get('c5')?.waits).toBe('is the same customer as company c1');
  });

  it('is held when so many came at once that somebody must have imported them, but for one that is named', async () => {
    const many = [lemoine, petit, { ...petit, id: 'c3', email: 'other@example.fr' }].map(
      (company, index) => ({ ...company, phone: `061234560${index}` }),
    );
    const world = await withNew(many, { prospects: { limit: 1 } });
    await world.hours(2);
    expect(await world.turn()).toEqual({ state: 'done', created: 0, updated: 0, held: 3 });
    expect(world.telemetry.counts.ProspectsFailed).toBeGreaterThan(0);
    expect(await world.turn(['c2'])).toMatchObject({ created: 1, held: 2 });
    expect(world.sent).toMatchObject([{ lastName: 'Garage Petit', phone: '06 12 34 56 01' }]);
  });
});

describe('a folder', () => {
  it('ends a prospect by taking its company: what it writes there is no edit of a rep', async () => {
    const world = await withNew([lemoine]);
    await world.hours(2);
    world.rows.all.set('f1', rowOf('f1', lemoine, 'c1'));
    world.companies = [{ ...lemoine, name: 'Lemoine SARL' }];
    await world.hours(2);
    expect(world.links.get('c1')).toMatchObject({ status: 'owned', folderId: 'f1', prospectId: 'p1' });
    expect(world.sent).toHaveLength(1);
    await world.turn(['c1']);
    expect(world.sent).toHaveLength(1);
    expect(world.telemetry.lines).toContainEqual({
      level: 'warn',
      event: 'prospect-not-asked',
      companyId: 'c1',
    });
  });

  it('that an older table does not know of is told by its marker: what it wrote is no edit of a rep', async () => {
    const world = await withNew([lemoine, petit]);
    await world.turn();
    world.companies = [lemoine, { ...petit, note: markerFor('test', 'f2') }];
    await world.hours(1);
    world.companies = [{ ...lemoine, name: 'Lemoine SARL', note: markerFor('test', 'f1') }];
    await world.hours(2);
    expect(world.sent).toHaveLength(1);
    expect(world.links.get('c2')?.waits).toBe("bears a folder's marker");
  });

  it('that takes a company at the last moment is asked about right before the request leaves', async () => {
    const world = await withNew([lemoine, petit]);
    world.answer = async () => {
      world.rows.all.set('f1', rowOf('f1', petit, 'c2'));
      return { id: 'p1' };
    };
    await world.hours(2);
    expect(world.sent.map(({ lastName }) => lastName)).toEqual(['Boulangerie Lemoine']);
    expect(world.links.get('c2')).toMatchObject({ status: 'new' });
    expect(world.links.get('c2')?.intent).toBeUndefined();
  });
});

describe('prospects', () => {
  it('are refused as a whole where Moovago gives back names only', async () => {
    const world = await withNew([lemoine]);
    world.readBack = 'documented';
    expect(await world.turn()).toMatchObject({ state: 'impossible' });
    await world.hours(2);
    expect(world.telemetry.lines.at(-1)).toEqual({
      level: 'error',
      event: 'prospects-impossible',
      reason: 'Moovago gives back no more than names of companies',
    });
    expect(world.links.size).toBe(0);
  });

  it('that an older table does not know of are not made again', async () => {
    const world = await withNew([lemoine]);
    await world.turn();
    expect(world.status('c1')).toBe('new');
    await world.isReopened();
    await world.hours(3);
    expect([world.status('c1'), world.sent]).toEqual(['known', []]);
  });

  it('that an older table does know of are sent whole, as they may have been edited since', async () => {
    const world = await withNew([lemoine]);
    await world.turn();
    await world.hours(1);
    expect(world.sent).toHaveLength(1);
    await world.isReopened();
    await world.hours(3);
    expect(world.sent.slice(1)).toEqual([
      {
        id: 'p1',
        lastName: 'Boulangerie Lemoine',
        address: '4 rue Haute',
        postalCode: '06200',
        phone: '06 12 34 56 01',
        commercialNote: 'Toit plat',
      },
    ]);
  });
});
