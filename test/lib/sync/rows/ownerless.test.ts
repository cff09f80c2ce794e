import { describe, expect, it } from 'vitest';
import { type FolderRow, folderRow } from '../../../../lib/state/folder-row.ts';
import { deleted } from '../../../../lib/sync/rows/removal-transitions.ts';
import {
  adopted,
  changed,
  delivered,
  intended,
  ownerless,
  unmappable,
} from '../../../../lib/sync/rows/row-transitions.ts';
import { dueRow } from '../../../support/row-with.ts';
import { scriptedDelivery, start } from '../../../support/scripted-delivery.ts';

const before = { name: 'Dupont', phone: '01 11 11 11 11', ownerIds: ['m1'] };
const now = { name: 'Dupont', phone: '02 22 22 22 22' };
const reason = 'no one member of the Moovago team is this person';
const leaving = { rowId: 'f1', record: now, at: start - 1000, lane: 'live', lacksOwner: reason } as const;
const failure = {
  kind: 'mapping',
  field: 'company.ownerIds',
  message: reason,
  firstAt: start - 1000,
  lastAt: start - 1000,
};

const inMoovago: FolderRow = {
  folderId: 'f1',
  revision: 4,
  writeId: 'w4',
  status: 'delivered',
  desired: { version: 1, record: before, at: 100, lane: 'live' },
  applied: { version: 1, record: before, at: 150 },
  companyId: 'c1',
  attempts: 0,
};

const stored = (row: FolderRow | undefined) => folderRow.parse(JSON.parse(JSON.stringify(row)));

describe('a folder whose owner has left', () => {
  it('keeps its owner in Moovago, and gets everything else', async () => {
    const delivery = scriptedDelivery([stored(ownerless(inMoovago, leaving))], () => [
      { kind: 'written', companyId: 'c1' },
    ]);
    await delivery.run();
    expect(delivery.sent.map(({ writes }) => writes)).toEqual([
      [{ kind: 'update', companyId: 'c1', child: undefined, fields: { phone: '02 22 22 22 22' } }],
    ]);
    expect(delivery.store.all.get('f1')).toMatchObject({
      status: 'delivered',
      applied: { record: { ...now, ownerIds: ['m1'] } },
    });
  });

  it('is not sent at all where nothing else has changed', async () => {
    const same = { name: 'Dupont', phone: '01 11 11 11 11' };
    const delivery = scriptedDelivery([stored(ownerless(inMoovago, { ...leaving, record: same }))]);
    await delivery.run();
    expect(delivery.sent).toEqual([]);
    expect(delivery.store.all.get('f1')?.status).toBe('delivered');
  });

  it('thaws when it was refused as a whole', () => {
    const frozen = unmappable(inMoovago, { rowId: 'f1', field: 'company.ownerIds', reason, at: 200 });
    expect(ownerless(frozen, leaving)).toMatchObject({ status: 'due', desired: { record: now } });
  });

  it('gets no company', () => {
    const refused = ownerless(undefined, leaving);
    expect(stored(refused)).toMatchObject({ status: 'refused', failure, desired: { record: now } });
    expect(ownerless(refused, leaving)).toBeUndefined();
    const waiting = changed(undefined, { ...leaving, record: before, lacksOwner: undefined });
    expect(ownerless(waiting, leaving)).toMatchObject({ status: 'refused', failure });
    expect(changed(refused, { ...leaving, record: before, lacksOwner: undefined })).toMatchObject({
      status: 'due',
      desired: { record: before },
    });
  });

  it('gets none either when the one that it had was just deleted', async () => {
    const removing = dueRow({ ...inMoovago, status: 'due', dueLane: 'live', dueAt: 1, removal: 'delete' });
    const asked = intended(removing, { id: 'i', at: 160, kind: 'delete', version: 1 }, 900);
    const back = ownerless(asked, leaving);
    expect(back).toMatchObject({ status: 'due', companyId: 'c1' });
    const delivery = scriptedDelivery([stored(deleted(dueRow(back), { version: 1, at: start - 500 }))]);
    await delivery.run();
    expect(delivery.sent).toEqual([]);
    expect(delivery.store.all.get('f1')).toMatchObject({ status: 'refused', failure: { message: reason } });
  });

  it('gets the rest once it has a company: an earlier creation is confirmed, or one is found', () => {
    const refused = stored(ownerless(undefined, leaving));
    const made = { recordId: 'c1', version: 1, record: before, at: start };
    expect(delivered(refused, made)).toMatchObject({
      status: 'due',
      companyId: 'c1',
      desired: { record: now },
    });
    expect(adopted(refused, { recordId: 'c1', at: start })).toMatchObject({ status: 'due', companyId: 'c1' });
    const nameless = unmappable(refused, { rowId: 'f1', field: 'company.name', reason: 'empty', at: start });
    expect(delivered(stored(nameless), made).status).toBe('refused');
  });
});
