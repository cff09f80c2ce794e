import { describe, expect, it } from 'vitest';
import { TryLater } from '../../../../lib/framework/errors.ts';
import type { Child, EntityRecord } from '../../../../lib/moovago/entities/record.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { changedChild } from '../../../../lib/sync/rows/child-transitions.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { rowWith } from '../../../support/row-with.ts';
import {
  type Answer,
  due,
  ownership,
  scriptedDelivery,
  settleAfterMs,
  start,
} from '../../../support/scripted-delivery.ts';

const minute = 60_000;
const jeanne = { firstName: 'Jeanne', lastName: 'Rey' };

const contact = (folderId: string, record: EntityRecord = jeanne, more: Partial<FolderRow> = {}): FolderRow =>
  rowWith(
    changed(undefined, {
      rowId: `contact~${folderId}`,
      record,
      at: start - 1000,
      lane: 'live',
    }) as FolderRow,
    { ...more },
  );

/** A folder whose company is in Moovago, as it should be. */
const delivered = (folderId: string, companyId: string, more: Partial<FolderRow> = {}): FolderRow =>
  rowWith(due(folderId, `Client ${folderId}`), {
    status: 'delivered',
    companyId,
    applied: { version: 1, record: { name: `Client ${folderId}` }, at: start },
    dueLane: undefined,
    dueAt: undefined,
    ...more,
  });

/** The contact of f1 as it was delivered, to the company c1. */
const linked = (at: number) =>
  contact('f1', jeanne, {
    status: 'delivered',
    companyId: 'contact-7',
    parentId: 'c1',
    applied: { version: 1, record: jeanne, at },
    dueLane: undefined,
    dueAt: undefined,
  });

/** Companies and contacts have ids of their own. */
const madeInTurn = (): Answer => {
  let made = 0;
  return (writes) =>
    writes.map((write) => ({ kind: 'written', companyId: `${write.child ?? 'company'}-${++made}` }));
};

const shown = ({ sent }: ReturnType<typeof scriptedDelivery>) =>
  sent.map(({ writes }) =>
    writes.map(
      (write) =>
        `${write.kind} ${write.child ?? 'company'}${'parentId' in write ? ` in ${write.parentId}` : ''}`,
    ),
  );

/** A folder whose company the other one writes. */
const sharer = delivered('f1', 'c1', {
  status: 'secondary',
  companyId: undefined,
  secondaryTo: { companyId: 'c1', folderId: 'f2' },
});

describe('what belongs to a company', () => {
  it('shares a document with companies, where its own company is there', async () => {
    const delivery = scriptedDelivery(
      [delivered('f1', 'c1'), contact('f1'), due('f2', 'Autre')],
      madeInTurn(),
    );
    await delivery.run();
    expect(shown(delivery)).toEqual([['create company', 'create contact in c1']]);
  });

  it('follows its company in the next document, once that is made, and is not looked for in it', async () => {
    const delivery = scriptedDelivery([due('f1', 'Client'), contact('f1')], madeInTurn());
    await delivery.run();
    expect(shown(delivery)).toEqual([['create company'], ['create contact in company-1']]);
    expect(delivery.moovago.childPasses).toEqual([]);
  });

  it('waits without a failed attempt while its company is about to be made', async () => {
    const refuse: Answer = () => {
      throw new TryLater('too many', { system: 'Moovago', applied: 'no', status: 429, retryAfterMs: 9000 });
    };
    const delivery = scriptedDelivery([due('f1', 'Client'), contact('f1')], refuse);
    await delivery.run();
    expect(shown(delivery)).toEqual([['create company']]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'due',
      attempts: 0,
      dueLane: 'live',
      dueAt: delivery.clock.now() + minute,
    });
  });

  it.each<[string, FolderRow | undefined]>([
    ['was refused', rowWith(due('f1', 'Client'), { status: 'refused', dueLane: 'failed' })],
    ['failed, though it is there', delivered('f1', 'c1', { status: 'refused' })],
    ['is another folder’s', sharer],
    [
      'was deleted by hand',
      delivered('f1', 'c1', {
        status: 'parked',
        failure: { kind: 'deleted', message: 'its company was deleted', firstAt: start, lastAt: start },
      }),
    ],
    ['is gone from Clavus', delivered('f1', 'c1', { status: 'removed' })],
    ['was never seen', undefined],
  ])('rests where its company %s', async (_, parent) => {
    const delivery = scriptedDelivery([...(parent ? [parent] : []), contact('f1')], madeInTurn());
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
    const row = delivery.store.all.get('contact~f1');
    expect(row).toMatchObject({ status: 'due', attempts: 0 });
    expect([row?.dueLane, row?.dueAt]).toEqual([undefined, undefined]);
  });

  it('waits for the evening with its company', async () => {
    const mass = due('f1', 'Client', 'bulk');
    const delivery = scriptedDelivery([mass, contact('f1')], madeInTurn());
    delivery.limitSlots(0);
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      dueLane: 'bulk',
      desired: { lane: 'bulk' },
    });
  });

  it('is woken by the first delivery of its company', async () => {
    const resting = contact('f1', jeanne, { dueLane: undefined, dueAt: undefined });
    const delivery = scriptedDelivery([due('f1', 'Client'), resting], madeInTurn());
    await delivery.run(['f1']);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({ dueLane: 'live', dueAt: start });
    await delivery.run(['contact~f1']);
    expect(shown(delivery)).toEqual([['create company'], ['create contact in company-1']]);
  });

  it('is woken by the next delivery of a company that failed', async () => {
    const corrected = rowWith(delivered('f1', 'c1'), { ...due('f1', 'Corrected'), companyId: 'c1' });
    const resting = contact('f1', jeanne, { dueLane: undefined, dueAt: undefined });
    const delivery = scriptedDelivery([corrected, resting], madeInTurn());
    await delivery.run(['f1']);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({ dueLane: 'live', dueAt: start });
  });

  it('is made in the company that its folder has now, where that is another one than before', async () => {
    const moved = rowWith(delivered('f1', 'c2'), { ...due('f1', 'Client'), companyId: 'c2' });
    const delivery = scriptedDelivery([moved, linked(start)], madeInTurn());
    delivery.moovago.children = [{ id: 'contact-7', parentId: 'c1', ...jeanne }];
    await delivery.run(['f1']);
    expect(shown(delivery)).toEqual([['update company']]);
    await delivery.run(['contact~f1']);
    expect(shown(delivery).slice(1)).toEqual([['create contact in c2']]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'delivered',
      companyId: 'contact-2',
      parentId: 'c2',
    });
  });

  it('is linked, not doubled, where a rep has made it in the same company', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], madeInTurn());
    delivery.moovago.children = [
      { id: 'k1', parentId: 'c2', ...jeanne },
      // However the rep has spread the name over the fields.
      { id: 'k2', parentId: 'c1', lastName: 'REY Jeanne', email: 'j@example.fr' },
    ];
    await delivery.run();
    expect(delivery.sent.map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', child: 'contact', companyId: 'k2', fields: jeanne }],
    ]);
  });

  it('is left to a person where it is there twice', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], madeInTurn());
    delivery.moovago.children = ['k1', 'k2'].map((id) => ({ id, parentId: 'c1', ...jeanne }));
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'ambiguous',
      failure: { kind: 'match', candidates: ['k1', 'k2'] },
    });
  });

  it('is not made while Moovago cannot say whether it is there', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], madeInTurn());
    delivery.moovago.children = undefined;
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'due',
      dueLane: 'live',
      attempts: 0,
    });
  });

  it('is not made before Moovago has been read since the table was restored', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], madeInTurn());
    delivery.directory.waitFor.now = start + minute;
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({ status: 'due', dueLane: 'live' });
  });

  it('goes over to the folder that writes the company now, and comes back with it', async () => {
    const before = contact('f1', jeanne, {
      status: 'delivered',
      companyId: 'k1',
      parentId: 'c1',
      applied: { version: 1, record: jeanne, at: start },
      dueLane: undefined,
      dueAt: undefined,
    });
    const delivery = scriptedDelivery([sharer, before, delivered('f2', 'c1'), contact('f2')], madeInTurn());
    delivery.moovago.children = [{ id: 'k1', parentId: 'c1', ...jeanne }];
    await delivery.run(['contact~f2']);
    expect(shown(delivery)).toEqual([['update contact']]);
    expect(delivery.store.all.get('contact~f2')).toMatchObject({ status: 'delivered', companyId: 'k1' });
    const given = delivery.store.all.get('contact~f1');
    expect(given).toMatchObject({ status: 'due' });
    expect([given?.companyId, given?.dueLane]).toEqual([undefined, undefined]);
  });

  it('goes over also from a folder that cannot be mapped any more, which keeps its reason', async () => {
    const failure = {
      kind: 'mapping',
      message: 'empty',
      field: 'contact.lastName',
      firstAt: 1,
      lastAt: 1,
    } as const;
    const before = { ...linked(start), status: 'refused', failure, dueLane: 'failed', dueAt: 1 } as const;
    const delivery = scriptedDelivery([sharer, before, delivered('f2', 'c1'), contact('f2')], madeInTurn());
    delivery.moovago.children = [{ id: 'contact-7', parentId: 'c1', ...jeanne }];
    await delivery.run(['contact~f2']);
    expect(delivery.store.all.get('contact~f2')).toMatchObject({ companyId: 'contact-7' });
    const { companyId: _, applied: __, ...left } = before;
    expect(delivery.store.all.get('contact~f1')).toEqual({ ...left, revision: before.revision + 1 });
  });

  it('is made anew under another company, and what is in the first one stays', async () => {
    const row = contact('f1', jeanne, {
      companyId: 'k1',
      parentId: 'c1',
      applied: { version: 0, record: {}, at: start },
    });
    const delivery = scriptedDelivery([delivered('f1', 'c2'), row], madeInTurn());
    await delivery.run();
    expect(shown(delivery)).toEqual([['create contact in c2']]);
  });

  it('is not touched by who read it before somebody else sent it', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], madeInTurn());
    delivery.store.changedMeanwhile.add('contact~f1');
    await delivery.run();
    expect(shown(delivery)).toEqual([]);
  });

  describe('when somebody has everything sent again', () => {
    const renamed = { firstName: 'Jeanne', lastName: 'Durand' };
    /** What Clavus says now, sent again; Moovago lists these. */
    async function again(row: FolderRow, children: Child[] | undefined, answer = madeInTurn()) {
      const delivery = scriptedDelivery([delivered('f1', 'c1'), row], answer);
      delivery.moovago.children = children;
      await sendAgain(delivery);
      return delivery;
    }
    async function sendAgain({ clock, run, store }: ReturnType<typeof scriptedDelivery>) {
      const mapped = { kind: 'mapped', child: 'contact', record: renamed } as const;
      const found = { rowId: 'contact~f1', mapped, at: clock.now(), lane: 'live', again: true } as const;
      await store.change('contact~f1', (row) => changedChild(row, found), undefined);
      await run(['contact~f1']);
    }
    const whole = { kind: 'update', child: 'contact', companyId: 'contact-7', fields: renamed };
    const anew = { kind: 'create', child: 'contact', parentId: 'c1', fields: renamed };
    const writes = ({ sent }: ReturnType<typeof scriptedDelivery>) => sent.map((document) => document.writes);

    it('stays what it is, though its name changed meanwhile', async () => {
      const there = { id: 'contact-7', parentId: 'c1', ...jeanne };
      const delivery = await again(linked(start - settleAfterMs), [there]);
      expect(writes(delivery)).toEqual([[whole]]);
      expect(delivery.moovago.childPasses).toEqual(['contact']);
    });

    it('is made anew where somebody deleted it', async () => {
      const delivery = await again(linked(start - settleAfterMs), []);
      expect(writes(delivery)).toEqual([[anew]]);
      expect(delivery.store.all.get('contact~f1')).toMatchObject({
        status: 'delivered',
        companyId: 'contact-1',
        applied: { version: 2, record: renamed },
      });
    });

    it('is not taken for deleted while Moovago may not list it yet', async () => {
      const delivery = await again(linked(start - settleAfterMs + 1), []);
      expect(writes(delivery)).toEqual([[whole]]);
    });

    it('is not taken for deleted by a list that could not be read', async () => {
      const delivery = await again(linked(start - settleAfterMs), undefined);
      expect(writes(delivery)).toEqual([]);
      expect(delivery.store.all.get('contact~f1')).toMatchObject({ status: 'due', companyId: 'contact-7' });
    });

    it('is looked for even where it was adopted and refused, once that has settled', async () => {
      const refused: Answer = () => [{ kind: 'rejected', reason: 'no such contact' }];
      const adopted = rowWith(linked(start), { applied: undefined, status: 'refused' });
      const delivery = await again(adopted, [], refused);
      await delivery.clock.wait(settleAfterMs);
      await sendAgain(delivery);
      expect(writes(delivery)).toEqual([[whole], [anew]]);
    });
  });

  it('waits for its own company in the pilot, and for none that was delivered before', async () => {
    const folders = ['f1', 'f2', 'f3'];
    const rows = folders.flatMap((id) => [delivered(id, `company of ${id}`), contact(id)]);
    const delivery = scriptedDelivery(rows, madeInTurn(), { pilot: 3 });
    delivery.pilot.now = { passed: ['f2'], skipped: false, current: 'f1' };
    delivery.moovago.companies = undefined;
    await delivery.run();
    expect(shown(delivery)).toEqual([['create contact in company of f2', 'create contact in company of f3']]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({ dueAt: delivery.clock.now() + minute });
  });

  it('rests where the tenant does not want it any more, and waits where it is not proved yet', async () => {
    const rows = [delivered('f1', 'c1'), contact('f1')];
    const unwanted = scriptedDelivery(rows, madeInTurn(), { children: [] });
    await unwanted.run();
    expect(unwanted.store.all.get('contact~f1')?.dueLane).toBe(undefined);
    const unverified = scriptedDelivery(rows, madeInTurn(), { children: [], unverified: ['contact'] });
    await unverified.run();
    expect(unverified.store.all.get('contact~f1')?.dueLane).toBe('live');
    expect([...shown(unwanted), ...shown(unverified)]).toEqual([]);
  });

  it('is sent again where a look finds nothing, once its outcome has settled', async () => {
    const answers: Answer[] = [() => [{ kind: 'unknown', reason: 'no id' }], madeInTurn()];
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], (writes, slot) =>
      (answers.shift() ?? madeInTurn())(writes, slot),
    );
    await delivery.run();
    await delivery.clock.wait(settleAfterMs + minute);
    await delivery.run();
    expect(shown(delivery)).toEqual([['create contact in c1'], ['create contact in c1']]);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'delivered',
      companyId: 'contact-1',
    });
  });

  it('is left to a person where a look after an answer that never came finds two', async () => {
    const delivery = scriptedDelivery([delivered('f1', 'c1'), contact('f1')], () => [
      { kind: 'unknown', reason: 'no id' },
    ]);
    await delivery.run();
    delivery.moovago.children = ['k1', 'k2'].map((id) => ({ id, parentId: 'c1', ...jeanne }));
    await delivery.clock.wait(settleAfterMs + minute);
    await delivery.run();
    expect(delivery.sent).toHaveLength(1);
    expect(delivery.store.all.get('contact~f1')).toMatchObject({
      status: 'ambiguous',
      failure: { candidates: ['k1', 'k2'] },
    });
  });

  it('is Clavus’ in all of its fields, whatever a company’s fields of the same name are', async () => {
    const sent = { ...jeanne, email: 'old@example.fr' };
    const row = contact(
      'f1',
      { ...jeanne, email: 'new@example.fr' },
      {
        companyId: 'k1',
        parentId: 'c1',
        applied: { version: 0, record: sent, at: start },
      },
    );
    const policies = { ...ownership, email: 'create-only' as const };
    const delivery = scriptedDelivery([delivered('f1', 'c1'), row], madeInTurn(), { policies });
    await delivery.run();
    expect(delivery.sent.map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', child: 'contact', companyId: 'k1', fields: { email: 'new@example.fr' } }],
    ]);
  });
});
