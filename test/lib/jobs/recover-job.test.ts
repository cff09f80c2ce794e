import { describe, expect, it } from 'vitest';
import { recoverJob } from '../../../lib/jobs/recover-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { createCursorStore } from '../../../lib/state/cursor.ts';
import { createDirectoryStore, matchingOf } from '../../../lib/state/directory.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createProspectLinks } from '../../../lib/state/prospect-links.ts';
import { createRemovalsStore } from '../../../lib/state/removals.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { stateTable } from '../../support/state-table.ts';

const now = 1_000_000;
const settled = now + 900_000;
const config = parseSyncConfig({ company: { name: 'nom' } }, 'test');

async function restoredTable() {
  const table = await stateTable();
  const clock = fakeClock(now);
  let ids = 0;
  return {
    clock,
    config,
    cursor: createCursorStore(table),
    directory: createDirectoryStore(table),
    newId: () => `id${++ids}`,
    removals: createRemovalsStore(table),
    prospectLinks: createProspectLinks(table, () => 'w'),
    table,
  };
}

describe('a table that was taken back to an older point', () => {
  it('lets nothing be created before a pass over Moovago that began when every request had settled', async () => {
    const app = await restoredTable();
    const { directory } = app;
    const pass = { at: 500_000, companies: 3, readBack: 'all', matching: matchingOf(config) } as const;
    expect((await directory.creationsWaitFor(config))?.from).toBe(0);
    await directory.savePass(pass);
    expect(await directory.creationsWaitFor(config)).toBeUndefined();

    expect(await recoverJob(app, false)).toEqual({ creationsFrom: settled });
    expect((await directory.creationsWaitFor(config))?.from).toBe(settled);
    // Under way before, and done after.
    await directory.savePass({ ...pass, at: settled + 5000, begunAt: settled - 1 });
    expect((await directory.creationsWaitFor(config))?.from).toBe(settled);
    await directory.savePass({ ...pass, at: settled + 9000, begunAt: settled });
    expect(await directory.creationsWaitFor(config)).toBeUndefined();
  });

  it('has everything sent again by the next polls, and forgets what somebody approved then', async () => {
    const app = await restoredTable();
    const { cursor, removals } = app;
    await cursor.save({
      lastPollStartedAt: 1,
      lastPollAt: 2,
      folders: 40,
      scan: { id: 'old', kind: 'modified', startedAt: 1 },
    });
    await removals.save('approved', { folders: 30 });
    await removals.save('held', { folders: 30, at: 5 });
    await recoverJob(app, false);
    expect(await cursor.read()).toMatchObject({
      lastPollAt: 2,
      folders: 40,
      scan: { id: 'id2', kind: 'full', startedAt: now, again: true },
    });
    expect(await removals.read()).toEqual({ held: { folders: 30, at: 5 } });
  });

  it("takes no company that is there now for a rep's new one", async () => {
    const app = await restoredTable();
    await app.prospectLinks.open(1);
    await recoverJob(app, false);
    expect(await app.prospectLinks.readKnown()).toBeUndefined();
  });

  it('waits for a poll that is at work, unless that is known to be dead', async () => {
    const app = await restoredTable();
    const poll = await takeLease({ ...app, newId: () => 'poll' }, 'poll-clavus', 90_000);
    expect(await recoverJob(app, false)).toEqual({ heldUntil: now + 90_000 });
    expect(await app.cursor.read()).toBeUndefined();
    // All the same: from here on nothing is created.
    expect((await app.directory.creationsWaitFor(config))?.from).toBe(settled);
    expect(poll).toHaveProperty('lease');
    expect(await recoverJob(app, true)).toEqual({ creationsFrom: settled });
    expect((await app.cursor.read())?.scan?.again).toBe(true);
  });
});
