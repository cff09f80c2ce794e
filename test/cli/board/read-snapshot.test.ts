import { describe, expect, it } from 'vitest';
import { createActivity } from '../../../cli/board/activity.ts';
import { createSnapshotReader } from '../../../cli/board/read-snapshot.ts';
import { systemsFromRows } from '../../../cli/board/systems-from-rows.ts';
import { systemClock } from '../../../lib/framework/clock.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { installation } from '../../support/installation.ts';

const row = { revision: 0, writeId: '', attempts: 0 };
const company: FolderRow = {
  ...row,
  folderId: 'f1',
  status: 'due',
  desired: {
    version: 2,
    record: { name: 'Martin', city: 'Nice', postalCode: '06200' },
    at: 2_000,
    lane: 'live',
  },
  applied: { version: 1, record: { name: 'Martin', city: 'Lyon', phone: '04 00' }, at: 1_000 },
  companyId: 'c1',
  dueLane: 'live',
  dueAt: 2_000,
};
const contact: FolderRow = {
  ...row,
  folderId: 'contact~f1',
  status: 'refused',
  failure: { kind: 'rejected', message: 'Prénom manquant', firstAt: 3_000, lastAt: 3_000 },
  dueLane: 'failed',
  dueAt: 3_000,
};

describe('what the page shows of real systems', () => {
  it('is each company with its folder, and what belongs to it only where it failed', async () => {
    const { session } = await installation({ folders: 1 });
    await using opened = await session();
    for (const one of [company, contact]) await opened.rows.change(one.folderId, () => one, undefined);
    const activity = createActivity(systemClock.now);
    activity.take({ level: 'WARN', message: 'record-refused', folderId: 'contact~f1' });
    const systems = await systemsFromRows(opened, activity);
    const { read } = createSnapshotReader(opened, activity, systems);

    const { clavus, moovago, waiting, failed, editing } = await read('');
    expect(clavus.folders).toMatchObject([
      { id: 'f1', name: 'Martin', place: '06200 Nice', status: 'due', changedAt: 2_000, values: null },
    ]);
    const fields = clavus.folders[0]?.fields.filter(({ field }) =>
      ['city', 'postalCode', 'phone'].includes(field),
    );
    expect(fields).toEqual([
      { field: 'city', clavus: 'Nice', moovago: 'Lyon', differs: true },
      { field: 'postalCode', clavus: '06200', moovago: '', differs: true },
      { field: 'phone', clavus: '', moovago: '04 00', differs: false },
    ]);
    expect(moovago).toEqual({
      total: 1,
      companies: [{ id: 'c1', name: 'Martin', place: 'Lyon', phone: '04 00', owners: '', writtenAt: 1_000 }],
    });
    expect(waiting).toMatchObject({ live: 1, bulk: 0, queue: 0, deadLetters: 0 });
    expect(failed).toEqual({
      total: 1,
      failures: [
        {
          id: 'contact~f1',
          folderId: 'f1',
          entity: 'contact',
          name: 'Martin',
          kind: 'rejected',
          field: null,
          message: 'Prénom manquant',
          since: 3_000,
        },
      ],
    });
    expect(editing).toBeNull();

    expect((await read('c1')).clavus.folders.map(({ id }) => id)).toEqual(['f1']);
    expect((await read('nice')).clavus.folders.map(({ id }) => id)).toEqual(['f1']);
    expect((await read('Brest')).clavus.folders).toEqual([]);
  });
});
