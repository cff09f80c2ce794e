import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { deleted, gone } from '../../../../lib/sync/rows/removal-transitions.ts';
import { isDue } from '../../../../lib/sync/rows/row-status.ts';
import {
  changed,
  delivered,
  intended,
  refused,
  released,
  unmappable,
} from '../../../../lib/sync/rows/row-transitions.ts';
import { isSharer, left, secondary } from '../../../../lib/sync/rows/sharing-transitions.ts';
import { dueRow } from '../../../support/row-with.ts';

const dupont = { name: 'Dupont', city: 'Nice' };
const durand = { name: 'Durand', city: 'Nice' };

const deliveredRow: FolderRow = {
  folderId: 'f1',
  revision: 4,
  writeId: 'w4',
  status: 'delivered',
  desired: { version: 1, record: dupont, at: 100, lane: 'bulk' },
  applied: { version: 1, record: dupont, at: 150 },
  companyId: 'c1',
  attempts: 0,
};
const change = { rowId: 'f1', record: durand, at: 200, lane: 'live' } as const;

/** As the table keeps it: without what is undefined. */
const stored = (row: FolderRow | undefined) => JSON.parse(JSON.stringify(row ?? null));

describe('a folder that is wanted otherwise', () => {
  it('becomes due the first time it is seen', () => {
    expect(stored(changed(undefined, { ...change, lane: 'bulk' }))).toEqual({
      folderId: 'f1',
      revision: 0,
      writeId: '',
      status: 'due',
      desired: { version: 1, record: durand, at: 200, lane: 'bulk' },
      attempts: 0,
      dueLane: 'bulk',
      dueAt: 200,
    });
  });

  it('becomes due with a newer version when it was delivered', () => {
    expect(stored(changed(deliveredRow, change))).toEqual({
      ...deliveredRow,
      status: 'due',
      desired: { version: 2, record: durand, at: 200, lane: 'live' },
      dueLane: 'live',
      dueAt: 200,
    });
  });

  it('is left alone when it is wanted just so already', () => {
    expect(changed(deliveredRow, { ...change, record: dupont })).toBeUndefined();
  });

  it('keeps the lane that somebody waits in when a mass change follows', () => {
    const waiting = changed(deliveredRow, change);
    const next = changed(waiting, { rowId: 'f1', record: { name: 'Petit' }, at: 300, lane: 'bulk' });
    expect(next).toMatchObject({ dueLane: 'live', desired: { version: 3, lane: 'live' } });
  });

  it('overtakes the mass that it was a part of', () => {
    const inMass = changed(deliveredRow, { ...change, lane: 'bulk' });
    const next = changed(inMass, { rowId: 'f1', record: { name: 'Petit' }, at: 300, lane: 'live' });
    expect(next).toMatchObject({ dueLane: 'live', desired: { version: 3, lane: 'live' } });
  });

  it('waits until a request of unknown outcome has settled', () => {
    const inFlight = intended(
      dueRow(changed(deliveredRow, change)),
      { id: 'i1', at: 150, kind: 'update', version: 1 },
      1150,
    );
    expect(changed(inFlight, { ...change, record: dupont })).toMatchObject({
      dueAt: 1150,
      waitUntil: 1150,
      intent: { id: 'i1' },
    });
  });

  it('counts its versions on when the last one was never delivered', () => {
    const twice = changed(changed(deliveredRow, change), { ...change, record: dupont, at: 300 });
    expect(twice).toMatchObject({ status: 'due', desired: { version: 3, record: dupont } });
  });
});

describe('a folder that cannot be mapped', () => {
  const problem = { rowId: 'f1', field: 'company.name', reason: 'nom is empty', at: 200 };

  it('rests with the reason, and keeps what Moovago holds', () => {
    expect(stored(unmappable(deliveredRow, problem))).toEqual({
      ...deliveredRow,
      status: 'refused',
      failure: { kind: 'mapping', message: 'nom is empty', field: 'company.name', firstAt: 200, lastAt: 200 },
      dueLane: 'failed',
      dueAt: 200,
    });
  });

  it('is written down once', () => {
    expect(unmappable(unmappable(deliveredRow, problem), { ...problem, at: 300 })).toBeUndefined();
  });

  it('becomes due again when it can be mapped, be it as before', () => {
    const again = changed(unmappable(deliveredRow, problem), { ...change, record: dupont });
    expect(again).toMatchObject({ status: 'due', desired: { version: 2, record: dupont } });
  });
});

describe('a delivery', () => {
  const due = dueRow(changed(deliveredRow, change));
  const inFlight = intended(due, { id: 'i1', at: 250, kind: 'update', version: 2 }, 1250);
  const result = { recordId: 'c1', version: 2, record: durand, at: 300 };

  it('may not be looked at again before its outcome has settled', () => {
    expect(stored(inFlight)).toEqual({
      ...due,
      intent: { id: 'i1', at: 250, kind: 'update', version: 2 },
      waitUntil: 1250,
      dueAt: 1250,
    });
  });

  it('that is confirmed leaves the folder at rest', () => {
    expect(stored(delivered(inFlight, result))).toEqual({
      ...deliveredRow,
      desired: { version: 2, record: durand, at: 200, lane: 'live' },
      applied: { version: 2, record: durand, at: 300 },
    });
  });

  it('that is confirmed leaves the folder due when Clavus has moved on meanwhile', () => {
    const moved = changed(inFlight, { ...change, record: { name: 'Petit' }, at: 280 }) ?? inFlight;
    const row = delivered(moved, result);
    expect(row).toMatchObject({
      status: 'due',
      dueAt: 300,
      applied: { version: 2 },
      desired: { version: 3 },
    });
    expect(isDue(row)).toBe(true);
    expect(row.intent).toBeUndefined();
  });

  it('never takes the applied version back', () => {
    const late = delivered({ ...inFlight, applied: { version: 5, record: dupont, at: 1 } }, result);
    expect(late.applied).toEqual({ version: 5, record: dupont, at: 1 });
  });

  it('that is refused rests with the reason and keeps its intent', () => {
    expect(stored(refused(inFlight, { version: 2, message: 'Invalid phone', at: 300 }))).toEqual({
      ...deliveredRow,
      status: 'refused',
      desired: due.desired,
      intent: { id: 'i1', at: 250, kind: 'update', version: 2 },
      waitUntil: 1250,
      attempts: 1,
      failure: { kind: 'rejected', message: 'Invalid phone', firstAt: 300, lastAt: 300 },
      dueLane: 'failed',
      dueAt: 300,
    });
  });

  it('that certainly had no effect is free to be tried again', () => {
    expect(stored(released(inFlight, { at: 500 }))).toEqual({ ...due, waitUntil: 500, dueAt: 500 });
  });

  it('counts as an attempt only when something failed', () => {
    const failure = { kind: 'service', message: 'no answer', firstAt: 1, lastAt: 1 } as const;
    expect(released(inFlight, { at: 500 }).attempts).toBe(0);
    expect(released(inFlight, { at: 500, failure })).toMatchObject({ attempts: 1, failure });
  });

  it('that is refused does not bury the newer change that came meanwhile', () => {
    const moved = changed(inFlight, { ...change, record: { name: 'Petit' }, at: 280 }) ?? inFlight;
    expect(refused(moved, { version: 2, message: 'Invalid phone', at: 300 })).toMatchObject({
      status: 'due',
      desired: { version: 3 },
      dueLane: 'live',
      dueAt: 1250,
      waitUntil: 1250,
      intent: { id: 'i1' },
    });
  });

  /** Clavus made it unmappable while its request was under way. */
  const unmapped = unmappable(inFlight, {
    rowId: 'f1',
    field: 'company.name',
    reason: 'nom is empty',
    at: 280,
  });

  it('that is refused leaves the reason of a folder that cannot be mapped any more', () => {
    expect(unmapped).toMatchObject({ waitUntil: 1250 });
    expect(refused(unmapped ?? due, { version: 2, message: 'Invalid phone', at: 300 })).toMatchObject({
      status: 'refused',
      failure: { kind: 'mapping' },
    });
  });

  it('that never left leaves that reason, too: with another one the folder would stay refused for ever', () => {
    const failure = { kind: 'service', message: 'ECONNREFUSED', firstAt: 300, lastAt: 300 } as const;
    const after = released(unmapped ?? due, { at: 300, failure });
    expect(stored(after)).toEqual(stored({ ...unmapped, intent: undefined, waitUntil: 300 } as FolderRow));
    expect(changed(after, { ...change, at: 400 })).toMatchObject({ status: 'due', dueLane: 'live' });
  });

  it('that is refused with an id was made: the company is known', () => {
    const made = refused(inFlight, { version: 2, message: 'Invalid phone', recordId: 'c5', at: 300 });
    expect(made).toMatchObject({ status: 'refused', companyId: 'c5' });
    expect(made.intent).toBeUndefined();
  });

  it('that had no effect does not make an earlier one of unknown outcome known', () => {
    const before = { id: 'i0', at: 50, kind: 'update', version: 1 } as const;
    expect(released(inFlight, { at: 500, before })).toMatchObject({
      intent: before,
      waitUntil: 500,
      dueAt: 500,
    });
  });

  it('gives back only what was counted: a request that came too early was not', () => {
    const counted = { id: 'i0', at: 50, kind: 'update', version: 1 } as const;
    const before = { ...counted, isSlowed: true };
    expect(released({ ...inFlight, unclear: 2 }, { at: 500, before: counted }).unclear).toBe(1);
    expect(released({ ...inFlight, unclear: 2 }, { at: 500, before }).unclear).toBe(2);
    expect(released(inFlight, { at: 500, before }).unclear).toBeUndefined();
  });

  it('keeps the time of the first failure of a kind', () => {
    const failure = { kind: 'service', message: 'no answer', firstAt: 10, lastAt: 10 } as const;
    const first = released(inFlight, { at: 500, failure });
    const next = intended(dueRow(first), { id: 'i2', at: 550, kind: 'update', version: 2 }, 1550);
    const second = released(next, { at: 900, failure: { ...failure, firstAt: 600, lastAt: 600 } });
    expect(second.failure).toEqual({ kind: 'service', message: 'no answer', firstAt: 10, lastAt: 600 });
  });
});

describe('a folder that cannot be mapped', () => {
  const reason = { rowId: 'f1', field: 'company.name', reason: 'nom is empty', at: 300 };
  const failure = {
    kind: 'mapping',
    message: 'nom is empty',
    field: 'company.name',
    firstAt: 300,
    lastAt: 300,
  };
  const refusedRow = unmappable(deliveredRow, reason) ?? deliveredRow;

  it('keeps its reason when it came back while its company was deleted', () => {
    const going = gone(deliveredRow, { policy: 'delete', at: 200, observedAt: 200 }) ?? deliveredRow;
    expect(going).toMatchObject({ status: 'due', removal: 'delete', desired: { version: 2 } });
    const back = unmappable(going, reason) ?? going;
    expect(stored(deleted(back, { version: 2, at: 400 }))).toEqual({
      folderId: 'f1',
      revision: 4,
      writeId: 'w4',
      status: 'refused',
      desired: { version: 2, record: dupont, at: 200, lane: 'bulk' },
      attempts: 0,
      failure,
      dueLane: 'failed',
      dueAt: 300,
    });
  });

  it('keeps its reason when another folder takes its company over, and is not sent when that one is gone', () => {
    const shared = secondary(refusedRow, { companyId: 'c1', folderId: 'f2' });
    expect(shared).toMatchObject({
      status: 'refused',
      failure,
      secondaryTo: { companyId: 'c1', folderId: 'f2' },
    });
    expect(shared.companyId).toBeUndefined();
    // It shares the company until it can be mapped.
    expect(left(shared, { at: 500 })).toBeUndefined();
    expect(isSharer(shared, 'c1')).toBe(true);
    const back = changed(shared, { ...change, at: 600 });
    expect(back).toMatchObject({ status: 'due', secondaryTo: { companyId: 'c1' } });
    expect(back && isSharer(back, 'c1')).toBe(true);
  });

  it('shares no company any more once it has one of its own', () => {
    const shared = secondary(deliveredRow, { companyId: 'c1', folderId: 'f2' });
    const due = changed(shared, { ...change, at: 600 }) ?? shared;
    const own = delivered(due, { recordId: 'c9', version: 2, record: durand, at: 700 });
    expect(own).toMatchObject({ status: 'delivered', companyId: 'c9' });
    expect(own.secondaryTo).toBeUndefined();
    expect(isSharer(unmappable(own, reason) ?? own, 'c1')).toBe(false);
  });
});
