import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { type FeedRequest, feedQueue } from '../../../../lib/sync/deliver/feed-queue.ts';
import type { PilotStage } from '../../../../lib/sync/deliver/pilot-stage.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';

const now = Date.parse('2026-11-24T20:00:00+01:00');
const quarterOfAnHour = 900_000;

const row = (folderId: string, dueLane: 'live' | 'bulk', dueAt: number): FolderRow => ({
  folderId,
  revision: 1,
  writeId: 'w',
  status: 'due',
  desired: { version: 1, record: { name: 'Dupont' }, at: 1, lane: dueLane },
  attempts: 0,
  dueLane,
  dueAt,
});

/** A feeder that may put five pointers on the queue in a turn. */
function feeder(
  rows: FolderRow[],
  {
    depth = 0,
    bulkTime = true,
    refuse = [] as string[],
    freeFrom = 0,
    pilot = { kind: 'over' } as PilotStage,
  } = {},
) {
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const sent: string[] = [];
  const feed = (request: FeedRequest = {}) =>
    feedQueue(request, 'run-1', {
      ...telemetry,
      clock: fakeClock(now),
      due: store.due,
      postpone: store.postpone,
      queueDepth: async () => depth,
      enqueue: async (ids) => {
        sent.push(...ids);
        return new Set(ids.filter((id) => !refuse.includes(id)));
      },
      isBulkTime: () => bulkTime,
      pilotStage: async () => pilot,
      freeFrom: async () => freeFrom,
      requestsWithin: (ms) => (ms === 75_000 ? 1 : 0),
      recordsPerRequest: 5,
    });
  return { feed, sent, store, telemetry };
}

describe('the feeder', () => {
  it('puts live changes on the queue first, then bulk, the longest due first', async () => {
    const { feed, sent, store } = feeder([
      row('b1', 'bulk', now - 90),
      row('l2', 'live', now - 10),
      row('l1', 'live', now - 20),
      row('later', 'live', now + 1),
    ]);
    expect(await feed()).toEqual({ enqueued: 3 });
    expect(sent).toEqual(['l1', 'l2', 'b1']);
    expect(store.all.get('l1')?.dueAt).toBe(now + quarterOfAnHour);
    expect(store.all.get('later')?.dueAt).toBe(now + 1);
  });

  it('puts no more on the queue than Moovago can take before the next turn', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => row(`f${index}`, 'bulk', now - 100 + index));
    const { feed, sent } = feeder(rows, { depth: 2 });
    await feed();
    expect(sent).toEqual(['f0', 'f1', 'f2']);
  });

  it('lets through as many as the pilot still needs, in business hours too', async () => {
    const rows = [row('b1', 'bulk', now - 90), row('b2', 'bulk', now - 80), row('b3', 'bulk', now - 70)];
    const { feed, sent } = feeder(rows, { bulkTime: false, pilot: { kind: 'running', left: 2 } });
    expect(await feed()).toEqual({ enqueued: 2 });
    expect(sent).toEqual(['b1', 'b2']);
  });

  it('lets neither lane keep the other out of the pilot, as records may wait for one another', async () => {
    const rows = [row('l1', 'live', now - 20), row('l2', 'live', now - 10), row('b1', 'bulk', now - 90)];
    const { feed, sent } = feeder(rows, { bulkTime: false, pilot: { kind: 'running', left: 1 } });
    expect(await feed()).toEqual({ enqueued: 2 });
    expect(sent).toEqual(['l1', 'b1']);
  });

  it('announces nothing but the folder that the pilot stopped at', async () => {
    const rows = [row('l1', 'live', now - 90), row('b1', 'bulk', now - 80)];
    const { feed, sent, store, telemetry } = feeder(rows, { pilot: { kind: 'stopped', folderId: 'b1' } });
    expect(await feed()).toEqual({ enqueued: 1 });
    expect(sent).toEqual(['b1']);
    expect(store.all.get('b1')?.dueAt).toBe(now - 80);
    expect(telemetry.counts).toEqual({ PilotsFailed: 1, PointersEnqueued: 1 });
  });

  it('announces it once, while it is on the queue', async () => {
    const { feed, sent } = feeder([], { depth: 1, pilot: { kind: 'stopped', folderId: 'b1' } });
    expect(await feed()).toEqual({ enqueued: 0 });
    expect(sent).toEqual([]);
  });

  it('adds nothing to a full queue', async () => {
    const { feed, sent } = feeder([row('f1', 'live', now)], { depth: 5 });
    expect(await feed()).toEqual({ enqueued: 0 });
    expect(sent).toEqual([]);
  });

  it('adds nothing while nobody may send', async () => {
    const { feed, sent } = feeder([row('f1', 'live', now)], { freeFrom: now + 60_000 });
    await feed();
    expect(sent).toEqual([]);
  });

  it('lets bulk wait in business hours', async () => {
    const { feed, sent } = feeder([row('b1', 'bulk', now), row('l1', 'live', now)], { bulkTime: false });
    await feed();
    expect(sent).toEqual(['l1']);
  });

  it('tries a message again that the queue refused', async () => {
    const { feed, store, telemetry } = feeder([row('f1', 'live', now), row('f2', 'live', now)], {
      refuse: ['f2'],
    });
    expect(await feed()).toEqual({ enqueued: 1 });
    expect(store.all.get('f2')?.dueAt).toBe(now);
    expect(telemetry.lines).toEqual([
      { level: 'info', event: 'announced', runId: 'run-1', folders: 1 },
      { level: 'warn', event: 'queue-refused-messages', refused: 1 },
    ]);
    expect(telemetry.counts).toEqual({ PointersEnqueued: 1 });
  });

  it('announces again what was announced, when it is told that the queue was lost', async () => {
    const { feed, sent } = feeder([row('f1', 'live', now + quarterOfAnHour)]);
    expect(await feed()).toEqual({ enqueued: 0 });
    expect(await feed({ again: true })).toEqual({ enqueued: 1 });
    expect(sent).toEqual(['f1']);
  });
});
