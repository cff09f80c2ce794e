import { describe, expect, it } from 'vitest';
import { childRowId } from '../../../../lib/state/row-id.ts';
import { brokenInvariants } from '../../../../lib/sync/rows/invariants.ts';

const base = { folderId: 'f1', revision: 1, writeId: 'w', attempts: 0 };
const desired = { version: 1, record: { name: 'Dupont' }, at: 100, lane: 'live' } as const;
const applied = { version: 1, record: { name: 'Dupont' }, at: 150 };
const failure = { kind: 'mapping', message: 'nom is empty', firstAt: 100, lastAt: 100 } as const;
const intent = { id: 'i', at: 100, kind: 'update', version: 1 } as const;
const secondaryTo = { companyId: 'c1', folderId: 'f2' };
const contact = childRowId('contact', 'f1');
const due = { status: 'due', desired, dueLane: 'live', dueAt: 100 };
const delivered = { status: 'delivered', desired, applied, companyId: 'c1' };
const refused = { status: 'refused', failure, dueLane: 'failed', dueAt: 100 };
const secondary = { status: 'secondary', desired, secondaryTo };
const decision = { at: 100, not: ['c1'] };
const ignored = { status: 'ignored', desired, applied, companyId: 'c1', dueLane: 'ignored', dueAt: 100 };
const removed = { status: 'removed', desired, applied, companyId: 'c1' };

describe('the invariants of a row', () => {
  it.each([
    due,
    { ...due, folderId: contact, dueLane: undefined, dueAt: undefined },
    { ...due, failure: { ...failure, kind: 'service' } },
    { ...due, applied, companyId: 'c1', removal: 'flag', dueLane: 'bulk' },
    delivered,
    refused,
    { ...refused, status: 'parked' },
    { ...refused, status: 'ambiguous' },
    secondary,
    removed,
    { status: 'removed', intent: { ...intent, kind: 'create' } },
    ignored,
    { ...ignored, desired: undefined, intent, waitUntil: 200 },
    { ...ignored, failure },
    { ...delivered, decision: { at: 100, companyId: 'c1', not: ['c2'] } },
    { ...due, decision },
  ])('hold for a sound row: $status', (row) => {
    expect(brokenInvariants({ ...base, ...row })).toEqual([]);
  });

  it.each([
    { nr: 1, row: { ...due, desired: undefined } },
    { nr: 1, row: { ...due, failure } },
    { nr: 1, row: { ...due, status: 'unheard-of' } },
    { nr: 1, row: { ...delivered, companyId: undefined } },
    { nr: 1, row: { ...delivered, failure } },
    { nr: 1, row: { ...delivered, dueLane: 'live', dueAt: 1 } },
    { nr: 1, row: { ...refused, failure: undefined } },
    { nr: 1, row: { ...refused, dueLane: 'live' } },
    { nr: 1, row: { ...refused, status: 'ambiguous', dueLane: undefined } },
    { nr: 1, row: { ...secondary, secondaryTo: undefined } },
    { nr: 1, row: { ...secondary, dueLane: 'failed', dueAt: 1 } },
    { nr: 1, row: { ...removed, failure } },
    { nr: 1, row: { ...removed, removal: 'delete' } },
    { nr: 2, row: { ...delivered, intent } },
    { nr: 2, row: { ...delivered, waitUntil: 100 } },
    { nr: 3, row: { ...due, dueLane: undefined, dueAt: undefined } },
    { nr: 4, row: { ...due, folderId: contact, dueLane: undefined } },
    { nr: 5, row: { ...removed, companyId: undefined } },
    { nr: 6, row: { ...secondary, companyId: 'c1' } },
    { nr: 6, row: { ...secondary, intent } },
    { nr: 7, row: { ...removed, intent } },
    { nr: 8, row: { ...refused, companyId: 'c1', removal: 'delete' } },
    { nr: 8, row: { ...refused, failure: { ...failure, kind: 'rejected' }, removal: 'delete' } },
    { nr: 1, row: { ...ignored, failure: { ...failure, kind: 'rejected' } } },
    { nr: 1, row: { ...ignored, dueLane: 'failed' } },
    { nr: 10, row: { ...delivered, decision } },
    { nr: 10, row: { ...secondary, decision } },
    { nr: 11, row: { ...ignored, folderId: contact } },
  ])('$nr is broken by $row', ({ nr, row }) => {
    const numbers = brokenInvariants({ ...base, ...row }).map((name) => Number(name.split(':')[0]));
    expect([...new Set(numbers)]).toEqual([nr]);
  });
});
