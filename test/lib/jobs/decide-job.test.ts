import { describe, expect, it } from 'vitest';
import { ignoreJob, linkJob, unlinkJob } from '../../../lib/jobs/decide-job.ts';
import { companyKey } from '../../../lib/mapping/match-keys.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../lib/mapping/sync-config.ts';
import type { MoovagoClient } from '../../../lib/moovago/client.ts';
import type { Company } from '../../../lib/moovago/company.ts';
import { createPace } from '../../../lib/pace/pace.ts';
import { createPaceItem } from '../../../lib/pace/pace-item.ts';
import { paceRules } from '../../../lib/pace/pace-rules.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createHints } from '../../../lib/state/hints.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { brokenInvariants } from '../../../lib/sync/rows/invariants.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { rowWith } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

const now = Date.parse('2026-11-24T20:00:00+01:00');

const row = (folderId: string, changes: object): FolderRow =>
  rowWith(
    {
      folderId,
      revision: 0,
      writeId: '',
      attempts: 0,
      status: 'delivered',
      desired: { version: 2, record: { name: `name of ${folderId}` }, at: now - 9_000, lane: 'bulk' },
    },
    changes,
  );
const applied = { version: 2, record: { name: 'as sent' }, at: now - 8_000 };
const writing = (folderId: string, companyId: string) => row(folderId, { companyId, applied });
const sharing = (folderId: string, companyId: string, of: string) =>
  row(folderId, { status: 'secondary', secondaryTo: { companyId, folderId: of } });
const undecided = (folderId: string, candidates: string[]) =>
  row(folderId, {
    status: 'ambiguous',
    failure: { kind: 'match', message: 'several', candidates, firstAt: 1, lastAt: 1 },
  });

/** A table with these rows, each in possession of the company that it writes, and a Moovago with these companies. */
async function decisions(
  given: readonly FolderRow[],
  companies: readonly Company[] = [],
  settings: Partial<SyncConfigInput> = {},
) {
  const table = await stateTable();
  const clock = fakeClock(now);
  const config = parseSyncConfig({ company: { name: 'nom', phone: 'tel' }, ...settings }, 'test');
  const rows = createFolderRows(table, () => crypto.randomUUID());
  const matchIndex = createMatchIndex(table);
  for (const one of given) {
    await rows.change(one.folderId, () => one, undefined);
    if (one.companyId)
      await matchIndex.claim(companyKey(one.companyId), { folderId: one.folderId, token: 't' });
    if (one.secondaryTo) await matchIndex.share(companyKey(one.secondaryTo.companyId), one.folderId);
  }
  let requests = 0;
  const moovago = {
    team: async () => ({ id: 't1', name: '', members: [] }),
    companyList: async () => {
      requests++;
      return Object.assign([...companies], { at: (place: number) => companies[place] });
    },
  } as unknown as MoovagoClient;
  const pace = createPace(paceRules(config, true), { item: createPaceItem(table), clock, onReset: () => {} });
  const app = { clock, config, rows, matchIndex, moovago, pace, hints: createHints(table) };
  const rowOf = async (folderId: string) => {
    const found = (await rows.read([folderId])).get(folderId);
    expect(brokenInvariants({ ...found })).toEqual([]);
    return found;
  };
  return {
    app,
    clock,
    rowOf,
    requests: () => requests,
    link: (folderId: string, companyId: string, share = false) =>
      linkJob({ folderId, companyId, share }, app),
    unlink: (folderId: string) => unlinkJob(folderId, app),
    ignore: (folderId: string, undo = false) => ignoreJob({ folderId, undo }, app),
  };
}

describe('link', () => {
  it('decides what was left to a person: the folder is due in the live lane, and the others are none of its own', async () => {
    const { link, rowOf } = await decisions([undecided('f1', ['c1', 'c2'])], [{ id: 'c2', name: 'Dupont' }]);
    expect(await link('f1', 'c2')).toMatchObject({ company: { id: 'c2', name: 'Dupont' }, heirs: [] });
    expect(await rowOf('f1')).toMatchObject({
      status: 'due',
      companyId: 'c2',
      desired: { lane: 'live' },
      dueLane: 'live',
      dueAt: expect.any(Number),
      decision: { companyId: 'c2', not: ['c1'] },
    });
  });

  it('corrects, and the company that the folder had goes back to the folder that shared it', async () => {
    const rows = [writing('f1', 'c1'), sharing('f2', 'c1', 'f1')];
    const { link, rowOf } = await decisions(rows, [{ id: 'c1' }, { id: 'c2' }]);
    expect(await link('f1', 'c2')).toMatchObject({ from: 'c1', heirs: ['f2'] });
    expect(await rowOf('f1')).toMatchObject({ companyId: 'c2', decision: { from: 'c1', not: ['c1'] } });
    expect(await rowOf('f1')).not.toHaveProperty('applied');
    expect(await rowOf('f2')).toMatchObject({ status: 'due', companyId: 'c1', dueLane: 'live' });
  });

  it('leaves alone what a rep filled in, where that is for who comes first', async () => {
    const { link, rowOf } = await decisions(
      [undecided('f1', ['c1', 'c2'])],
      [{ id: 'c1', name: 'Dupont', phone: '01' }],
      { ownership: { phone: 'fill-empty' } },
    );
    await link('f1', 'c1');
    expect(await rowOf('f1')).toMatchObject({ applied: { version: 0, record: { phone: '01' } } });
  });

  it('undoes unlink', async () => {
    const { link, unlink, rowOf } = await decisions([writing('f1', 'c1')], [{ id: 'c1' }]);
    await unlink('f1');
    await link('f1', 'c1');
    expect(await rowOf('f1')).toMatchObject({ companyId: 'c1', decision: { companyId: 'c1', not: [] } });
  });

  it('refuses a folder that no poll has seen, or that is gone, without asking Moovago', async () => {
    const { link, requests } = await decisions([row('f1', { status: 'removed' })], [{ id: 'c1' }]);
    expect(await link('f9', 'c1')).toEqual({ refused: 'unknown' });
    expect(await link('contact~f1', 'c1')).toEqual({ refused: 'unknown' });
    expect(await link('f1', 'c1')).toEqual({ refused: 'gone' });
    expect(requests()).toBe(0);
  });

  it('refuses a company that Moovago does not list', async () => {
    const { link, rowOf } = await decisions([undecided('f1', ['c1', 'c2'])], [{ id: 'c1' }]);
    expect(await link('f1', 'c9')).toEqual({ refused: 'not-listed', companyId: 'c9' });
    expect(await rowOf('f1')).toMatchObject({ status: 'ambiguous' });
  });

  it('refuses a company that another folder writes, unless they are meant to share it', async () => {
    const rows = [undecided('f1', ['c1', 'c2']), writing('f2', 'c1')];
    const { link, rowOf } = await decisions(rows, [{ id: 'c1' }]);
    expect(await link('f1', 'c1')).toEqual({ refused: 'taken', companyId: 'c1', by: 'f2' });
    expect(await link('f1', 'c1', true)).toMatchObject({ company: { id: 'c1' } });
    expect(await rowOf('f1')).toMatchObject({ status: 'due', companyId: 'c1' });
    expect(await rowOf('f2')).toMatchObject({ status: 'delivered', companyId: 'c1' });
  });

  it('waits for a request whose outcome is not known yet', async () => {
    const intent = { id: 'i', at: now, kind: 'create', version: 2 };
    const open = row('f1', { status: 'due', dueLane: 'live', dueAt: now, intent, waitUntil: now + 900_000 });
    const { link, unlink, clock } = await decisions([open], [{ id: 'c1' }]);
    expect(await link('f1', 'c1')).toEqual({ refused: 'under-way', until: now + 900_000 });
    expect(await unlink('f1')).toEqual({ refused: 'without-company' });
    clock.set(now + 900_000);
    expect(await link('f1', 'c1')).toMatchObject({ row: { companyId: 'c1' } });
  });
});

describe('unlink', () => {
  it('undoes link: the folder has the company of before again, and is taken off that one only if it is said once more', async () => {
    const { link, unlink, rowOf } = await decisions([writing('f1', 'c1')], [{ id: 'c1' }, { id: 'c2' }]);
    await link('f1', 'c2');
    expect(await unlink('f1')).toMatchObject({ from: 'c2' });
    const back = await rowOf('f1');
    expect(back).toMatchObject({ status: 'due', decision: { companyId: 'c1', from: 'c2', not: ['c2'] } });
    expect(back?.companyId).toBeUndefined();
    expect(await unlink('f1')).toMatchObject({ from: 'c1' });
    const free = await rowOf('f1');
    expect([free?.decision?.companyId, free?.decision?.not.toSorted()]).toEqual([undefined, ['c1', 'c2']]);
  });

  it('takes the folder off, never to be put there again, and gives the company back to its own folder', async () => {
    const rows = [writing('f1', 'c1'), sharing('f2', 'c1', 'f1')];
    const { unlink, rowOf } = await decisions(rows);
    expect(await unlink('f1')).toMatchObject({ from: 'c1', heirs: ['f2'] });
    const free = await rowOf('f1');
    expect(free).toMatchObject({ status: 'due', dueLane: 'live', decision: { from: 'c1', not: ['c1'] } });
    expect([free?.companyId, free?.applied]).toEqual([undefined, undefined]);
    const back = await rowOf('f2');
    expect(back).toMatchObject({
      status: 'due',
      companyId: 'c1',
      desired: { record: { name: 'name of f2' } },
    });
    expect([back?.secondaryTo, back?.applied?.record]).toEqual([undefined, {}]);
  });

  it('has the folder that writes the company send it whole, where the other one only shared it', async () => {
    const { unlink, rowOf } = await decisions([writing('f1', 'c1'), sharing('f2', 'c1', 'f1')]);
    expect(await unlink('f2')).toMatchObject({ from: 'c1', heirs: ['f1'] });
    expect(await rowOf('f2')).toMatchObject({ status: 'due', decision: { not: ['c1'] } });
    expect(await rowOf('f1')).toMatchObject({
      status: 'due',
      companyId: 'c1',
      applied: { isDoubted: true },
      desired: { version: 3, lane: 'live' },
    });
  });

  it('leaves to the company what a rep filled in, but not what the folder filled in', async () => {
    const record = { name: 'as sent', phone: '01', city: 'Nice' };
    const rows = [
      row('f1', {
        companyId: 'c1',
        applied: { version: 2, record, at: 1 },
        desired: { version: 2, record: { name: 'a', phone: '02', city: 'Nice' }, at: 1, lane: 'live' },
      }),
      sharing('f2', 'c1', 'f1'),
    ];
    const ownership = { phone: 'fill-empty', city: 'fill-empty' } as const;
    const { unlink, rowOf } = await decisions(rows, [], { ownership });
    await unlink('f1');
    expect((await rowOf('f2'))?.applied).toMatchObject({ version: 0, record: { phone: '01' } });
    expect((await rowOf('f2'))?.applied?.record).toEqual({ phone: '01' });
  });

  it('leaves the company as it is where no other folder has it, and names it', async () => {
    const { unlink, rowOf } = await decisions([writing('f1', 'c1')]);
    expect(await unlink('f1')).toMatchObject({ from: 'c1', heirs: [] });
    expect(await rowOf('f1')).toMatchObject({ status: 'due', decision: { from: 'c1', not: ['c1'] } });
  });

  it("says of all candidates that they are not the folder's", async () => {
    const { unlink, rowOf } = await decisions([undecided('f1', ['c1', 'c2'])]);
    expect(await unlink('f1')).toMatchObject({ heirs: [] });
    expect(await rowOf('f1')).toMatchObject({ status: 'due', decision: { not: ['c1', 'c2'] } });
  });

  it('refuses a company that was made for the folder, and that no other folder ever had', async () => {
    const { unlink, app, rowOf } = await decisions([writing('f1', 'c1')]);
    const key = companyKey('c1');
    await app.matchIndex.claim(key, { folderId: 'f1', token: 't', madeAt: now });
    expect(await unlink('f1')).toEqual({ refused: 'own', companyId: 'c1' });
    expect(await rowOf('f1')).toMatchObject({ status: 'delivered' });
    // Another folder had it once: it may have been made for that one.
    await app.matchIndex.share(key, 'f2');
    expect(await unlink('f1')).toMatchObject({ from: 'c1' });
  });

  it('of a folder that is gone from Clavus cancels what was to become of the company', async () => {
    const going = row('f1', {
      companyId: 'c1',
      applied,
      status: 'due',
      removal: 'delete',
      dueLane: 'bulk',
      dueAt: 1,
    });
    const { unlink, rowOf } = await decisions([going]);
    await unlink('f1');
    expect(await rowOf('f1')).toMatchObject({ status: 'removed' });
    expect((await rowOf('f1'))?.companyId).toBeUndefined();
  });

  it('that was interrupted is finished by the next one', async () => {
    const { unlink, app, rowOf } = await decisions([writing('f1', 'c1'), sharing('f2', 'c1', 'f1')]);
    const failing = {
      ...app,
      matchIndex: { ...app.matchIndex, sharers: async () => Promise.reject(new Error('x')) },
    };
    await expect(unlinkJob('f1', failing)).rejects.toThrow('x');
    expect(await unlink('f1')).toMatchObject({ from: 'c1', heirs: ['f2'] });
    expect(await rowOf('f2')).toMatchObject({ status: 'due', companyId: 'c1' });
  });

  it('refuses a folder without a company, and waits for a request that is under way', async () => {
    const intent = { id: 'i', at: now, kind: 'update', version: 2 };
    const { unlink } = await decisions([
      row('f1', { status: 'due', dueLane: 'live', dueAt: 1 }),
      row('f2', { status: 'due', dueLane: 'live', dueAt: 1, companyId: 'c2', intent, waitUntil: now + 1 }),
    ]);
    expect(await unlink('f1')).toEqual({ refused: 'without-company' });
    expect(await unlink('f2')).toEqual({ refused: 'under-way', until: now + 1 });
  });
});

describe('ignore', () => {
  it('keeps the link, takes the folder out of what is due or failed, and counts it as left out', async () => {
    const refused = row('f1', { status: 'refused', companyId: 'c1', applied });
    const { ignore, app, rowOf } = await decisions([refused]);
    expect(await ignore('f1')).toMatchObject({ row: { status: 'ignored' } });
    expect(await rowOf('f1')).toMatchObject({ status: 'ignored', companyId: 'c1', applied });
    const counts = (['live', 'bulk', 'failed', 'ignored'] as const).map((lane) =>
      app.rows.countDue(lane, Number.MAX_SAFE_INTEGER),
    );
    expect(await Promise.all(counts)).toEqual([0, 0, 0, 1]);
    // Said twice, it is as said once.
    expect(await ignore('f1')).toMatchObject({ row: { status: 'ignored' } });
  });

  it('--undo has the newest state sent, and the next poll compare the folder', async () => {
    const { ignore, app, rowOf } = await decisions([writing('f1', 'c1')]);
    expect(await ignore('f1', true)).toEqual({ refused: 'not-left-out' });
    await ignore('f1');
    await ignore('f1', true);
    expect(await rowOf('f1')).toMatchObject({ status: 'due', companyId: 'c1', dueLane: 'live' });
    expect(await app.hints.read()).toEqual([{ folderId: 'f1', at: now }]);
  });

  it('keeps what cannot be mapped from being sent as it was before, also once it is taken in again', async () => {
    const failure = {
      kind: 'mapping',
      message: 'nom is empty',
      field: 'company.name',
      firstAt: 1,
      lastAt: 1,
    };
    const { ignore, rowOf } = await decisions([
      row('f1', { status: 'refused', companyId: 'c1', applied, failure }),
    ]);
    await ignore('f1');
    expect(await rowOf('f1')).toMatchObject({ status: 'ignored', failure: { message: 'nom is empty' } });
    await ignore('f1', true);
    expect(await rowOf('f1')).toMatchObject({ status: 'refused', failure: { message: 'nom is empty' } });
  });

  it('refuses what is gone from Clavus', async () => {
    const { ignore } = await decisions([row('f1', { status: 'removed' })]);
    expect(await ignore('f1')).toEqual({ refused: 'gone' });
  });
});
