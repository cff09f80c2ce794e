import { expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { measureBacklog } from '../../../../lib/sync/deliver/measure-backlog.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';

const now = Date.parse('2026-11-24T19:00:00+01:00');
const evening = Date.parse('2026-11-24T18:30:00+01:00');
const ago = (minutes: number) => now - minutes * 60_000;

const waiting = (folderId: string, lane: 'live' | 'bulk', at: number, dueAt = at): FolderRow => ({
  folderId,
  revision: 1,
  writeId: 'w',
  status: 'due',
  attempts: 0,
  desired: { version: 1, record: { name: 'n' }, at, lane },
  dueLane: lane,
  dueAt,
});
const failed = (folderId: string): FolderRow => ({
  folderId,
  revision: 1,
  writeId: 'w',
  status: 'parked',
  failure: { kind: 'service', message: 'no clear answer', firstAt: 1, lastAt: 1 },
  attempts: 0,
  dueLane: 'failed',
  dueAt: ago(500),
});

/** In the evening, unless told that business hours last until a moment. */
async function measured(rows: FolderRow[], { bulkFrom = evening, freeFrom = 0 } = {}) {
  const telemetry = fakeTelemetry();
  await measureBacklog({
    clock: fakeClock(now),
    telemetry,
    rows: memoryRows(rows),
    pace: { freeFrom: async () => freeFrom },
    bulkTimeFrom: (at) => Math.max(at, bulkFrom),
  });
  return telemetry.counts;
}

it('where nothing waits, all gauges are zero', async () => {
  expect(await measured([])).toEqual({ OldestChangeSeconds: 0, DeliveriesHeldSeconds: 0, FoldersFailed: 0 });
});

it('a change is as old as the moment when it was found, also after it was announced', async () => {
  const rows = [waiting('f1', 'live', ago(20)), waiting('f2', 'live', ago(70), now + 60_000)];
  expect(await measured(rows)).toMatchObject({ OldestChangeSeconds: 4200 });
});

it('a mass that was found in the morning is as old as the evening', async () => {
  expect(await measured([waiting('f1', 'bulk', ago(500))])).toMatchObject({ OldestChangeSeconds: 1800 });
});

it('a mass that has to wait for the evening is not late', async () => {
  const rows = [waiting('f1', 'bulk', ago(500)), waiting('f2', 'live', ago(1))];
  expect(await measured(rows, { bulkFrom: now + 1 })).toMatchObject({ OldestChangeSeconds: 60 });
});

it('folders that wait for a person are counted, and are no change that is late', async () => {
  expect(await measured([failed('f1'), failed('f2')])).toMatchObject({
    OldestChangeSeconds: 0,
    FoldersFailed: 2,
  });
});

it('tells how long nothing will be sent', async () => {
  expect(await measured([], { freeFrom: now + 30_000 })).toMatchObject({ DeliveriesHeldSeconds: 30 });
});
