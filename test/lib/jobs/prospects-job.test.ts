import { expect, it } from 'vitest';
import type { App } from '../../../lib/jobs/app.ts';
import { prospectsJob } from '../../../lib/jobs/prospects-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { takeLease } from '../../../lib/state/lease.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { createProspectLinks } from '../../../lib/state/prospect-links.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { memoryRows } from '../../support/memory-rows.ts';
import { stateTable } from '../../support/state-table.ts';

const minuteMs = 60_000;
const company = { id: 'c1', name: 'Lemoine', phone: '0612345601' };

async function jobOf(settings: object) {
  let ids = 0;
  const newId = () => `i${++ids}`;
  const table = await stateTable();
  const clock = fakeClock('2026-11-24T10:00:00+01:00');
  const rows = memoryRows();
  let sent = 0;
  const app = {
    table,
    clock,
    newId,
    rows,
    config: parseSyncConfig({ company: { name: 'nom', phone: 'tel' }, ...settings }, 'sync.config.ts'),
    stage: 'test',
    telemetry: fakeTelemetry(),
    matchIndex: createMatchIndex(table),
    prospectLinks: createProspectLinks(table, newId),
    clavus: { upsertProspect: async () => ({ id: `p${++sent}` }) },
  };
  const run = (companies = [company]) =>
    prospectsJob(
      { companies, readBack: 'all', isWhole: true, hasAllIds: true },
      [],
      clock.now() + 5 * minuteMs,
      app as unknown as App,
    );
  return { run, clock, rows, lease: () => takeLease({ table, clock, newId }, 'prospects', minuteMs) };
}

it('does nothing where nobody wants prospects', async () => {
  const { run } = await jobOf({});
  expect(await run()).toEqual({ state: 'off' });
});

it('leaves it to whoever is at it, and frees the way when it is done', async () => {
  const { run, clock, lease } = await jobOf({ prospects: {} });
  const other = await lease();
  expect(await run([])).toEqual({ state: 'skipped' });
  if ('lease' in other) await other.lease.release();
  expect(await run([])).toMatchObject({ state: 'opened' });
  expect(await run()).toMatchObject({ state: 'done', created: 0 });
  clock.set(clock.now() + 16 * minuteMs);
  expect(await run()).toEqual({ state: 'done', created: 1, updated: 0, held: 0 });
  expect(await run()).toEqual({ state: 'done', created: 0, updated: 0, held: 0 });
});

it('waits while so many folders wait that nobody can tell whose a company is', async () => {
  const { run, clock, rows } = await jobOf({ prospects: {} });
  await run([]);
  await run();
  clock.set(clock.now() + 16 * minuteMs);
  rows.due = async () => Array.from({ length: 700 }, (_, index) => ({ rowId: `f${index}`, dueAt: 0 }));
  expect(await run()).toMatchObject({ created: 0 });
  rows.due = async () => [];
  expect(await run()).toMatchObject({ created: 1 });
});
