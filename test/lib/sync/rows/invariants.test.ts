import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { childRowId } from '../../../../lib/state/row-id.ts';
import { brokenInvariants } from '../../../../lib/sync/rows/invariants.ts';

const base: FolderRow = { folderId: 'f1', revision: 1, writeId: 'w', status: 'due', attempts: 0 };
const desired = { version: 1, record: { name: 'Dupont' }, at: 100, lane: 'live' } as const;
const applied = { version: 1, record: { name: 'Dupont' }, at: 150 };
const failure = { kind: 'mapping', message: 'nom is empty', firstAt: 100, lastAt: 100 } as const;
const intent = { id: 'i', at: 100, kind: 'update', version: 1 } as const;
const secondaryTo = { companyId: 'c1', folderId: 'f2' };

const sound: FolderRow[] = [
  { ...base, desired, dueLane: 'live', dueAt: 100 },
  { ...base, folderId: childRowId('contact', 'f1'), desired },
  { ...base, status: 'delivered', desired, applied, companyId: 'c1' },
  { ...base, status: 'refused', failure, dueLane: 'failed', dueAt: 100 },
  { ...base, status: 'secondary', desired, secondaryTo },
  { ...base, status: 'removed', desired, applied, companyId: 'c1' },
  { ...base, desired, applied, companyId: 'c1', removal: 'flag', dueLane: 'bulk', dueAt: 100 },
];

describe('the invariants of a row', () => {
  it('hold for a sound row of each status', () => {
    for (const row of sound) expect([row.status, brokenInvariants(row)]).toEqual([row.status, []]);
  });

  it.each([
    { nr: 1, row: { status: 'delivered', desired, applied } },
    { nr: 1, row: { status: 'delivered', desired, applied, companyId: 'c1', intent } },
    { nr: 1, row: { status: 'delivered', desired, applied, companyId: 'c1', failure } },
    { nr: 1, row: { status: 'delivered', desired, applied, companyId: 'c1', dueLane: 'live', dueAt: 1 } },
    { nr: 2, row: { dueLane: 'live', dueAt: 100 } },
    { nr: 2, row: { desired } },
    { nr: 3, row: { folderId: childRowId('contact', 'f1') } },
    { nr: 4, row: { status: 'parked', dueLane: 'failed', dueAt: 100 } },
    { nr: 4, row: { status: 'ambiguous', failure } },
    { nr: 5, row: { status: 'secondary', secondaryTo, dueLane: 'failed', dueAt: 1 } },
    { nr: 6, row: { status: 'removed', applied } },
    { nr: 7, row: { status: 'secondary', secondaryTo, companyId: 'c1' } },
    { nr: 7, row: { status: 'secondary' } },
    { nr: 8, row: { status: 'removed', failure } },
    { nr: 8, row: { status: 'removed', companyId: 'c1', removal: 'delete' } },
    { nr: 10, row: { desired, dueLane: 'live', dueAt: 100, failure } },
    { nr: 9, row: { status: 'refused', failure, dueLane: 'failed', dueAt: 1, removal: 'delete' } },
  ] as { nr: number; row: Partial<FolderRow> }[])('$nr is broken by $row', ({ nr, row }) => {
    const numbers = brokenInvariants({ ...base, ...row }).map((name) => Number(name.split(':')[0]));
    expect(numbers).toContain(nr);
  });
});
