import { describe, expect, it } from 'vitest';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { heldAt } from '../../../../lib/state/folder-rows.ts';
import type { Pilot } from '../../../../lib/state/pilot.ts';
import { type FeedRequest, feedQueue } from '../../../../lib/sync/deliver/feed-queue.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { fakeTelemetry } from '../../../support/fake-telemetry.ts';
import { memoryRows } from '../../../support/memory-rows.ts';
import { memoryDirectory, memoryPilot } from '../../../support/memory-stores.ts';
import { rowWith } from '../../../support/row-with.ts';

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

const stopped = { folderId: 'b1', companyId: 'c1', at: now, fields: [] };

/** A feeder that may put five pointers on the queue in a turn. */
function feeder(
  rows: FolderRow[],
  {
    depth = 0,
    bulkTime = true,
    refuse = [] as string[],
    freeFrom = 0,
    pilot = 0,
    stopped = undefined as Pilot['stopped'],
  } = {},
) {
  const store = memoryRows(rows);
  const telemetry = fakeTelemetry();
  const sent: string[] = [];
  const directory = memoryDirectory();
  const pilotStore = memoryPilot();
  pilotStore.now = { ...pilotStore.now, stopped };
  const feed = (request: FeedRequest = {}) =>
    feedQueue(request, 'run-1', {
      telemetry,
      clock: fakeClock(now),
      config: { pilot, matchIgnore: [], match: ['marker'], pace: { recordsPerRequest: 5 } },
      directory,
      rows: store,
      queue: {
        depth: async () => depth,
        send: async (ids) => {
          sent.push(...ids);
          return new Set(ids.filter((id) => !refuse.includes(id)));
        },
      },
      pace: {
        isBulkTime: () => bulkTime,
        freeFrom: async () => freeFrom,
        requestsWithin: (ms) => (ms === 75_000 ? 1 : 0),
      },
      pilot: pilotStore,
      takePilotLease: async () => ({ lease: { renew: async () => true, release: async () => {} } }),
    });
  return { feed, sent, store, telemetry, directory, pilot: pilotStore };
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
    const { feed, sent } = feeder(rows, { bulkTime: false, pilot: 2 });
    expect(await feed()).toEqual({ enqueued: 2 });
    expect(sent).toEqual(['b1', 'b2']);
  });

  it('lets neither lane keep the other out of the pilot, as records may wait for one another', async () => {
    const rows = [row('l1', 'live', now - 20), row('l2', 'live', now - 10), row('b1', 'bulk', now - 90)];
    const { feed, sent } = feeder(rows, { bulkTime: false, pilot: 1 });
    expect(await feed()).toEqual({ enqueued: 2 });
    expect(sent).toEqual(['l1', 'b1']);
  });

  it('announces nothing but the folder that the pilot stopped at', async () => {
    const rows = [row('l1', 'live', now - 90), row('b1', 'bulk', now - 80)];
    const { feed, sent, store, telemetry } = feeder(rows, { pilot: 1, stopped });
    expect(await feed()).toEqual({ enqueued: 1 });
    expect(sent).toEqual(['b1']);
    expect(store.all.get('b1')?.dueAt).toBe(now - 80);
    expect(telemetry.counts).toEqual({ PilotsFailed: 1, PointersEnqueued: 1 });
  });

  it('announces it once, while it is on the queue', async () => {
    const { feed, sent } = feeder([row('b1', 'bulk', now)], { depth: 1, pilot: 1, stopped });
    expect(await feed()).toEqual({ enqueued: 0 });
    expect(sent).toEqual([]);
  });

  it('announces nothing while the pilot is stopped at a folder that is not due', async () => {
    const delivered = rowWith(row('b1', 'bulk', 1), { status: 'delivered', companyId: 'c1' });
    const { feed, sent, pilot } = feeder([delivered, row('l1', 'live', now - 9)], { pilot: 1, stopped });
    expect(await feed()).toEqual({ enqueued: 0 });
    expect(sent).toEqual([]);
    expect(pilot.now.stopped).toEqual(stopped);
  });

  it('announces it while it has still to be read back', async () => {
    const delivered = rowWith(row('b1', 'bulk', 1), { status: 'delivered', companyId: 'c1' });
    const { feed, sent, pilot } = feeder([delivered], { pilot: 1, stopped });
    pilot.now = { ...pilot.now, current: 'b1' };
    await feed();
    expect(sent).toEqual(['b1']);
  });

  it.each([
    ['has left Clavus', [rowWith(row('b1', 'bulk', 1), { status: 'removed', companyId: 'c1' })]],
    ['is to be marked as gone', [rowWith(row('b1', 'bulk', now + 1), { companyId: 'c1', removal: 'flag' })]],
    [
      'cannot be mapped any more',
      [
        rowWith(row('b1', 'bulk', 1), {
          status: 'refused',
          companyId: 'c1',
          failure: { kind: 'mapping', message: 'nom is empty', firstAt: 1, lastAt: 1 },
        }),
      ],
    ],
    ['is not known any more', []],
  ])('goes on with others when the folder that the pilot stopped at %s', async (_, rows) => {
    const { feed, sent, pilot, telemetry } = feeder([...rows, row('l1', 'live', now - 9)], {
      pilot: 1,
      stopped,
    });
    expect(await feed()).toEqual({ enqueued: 1 });
    expect(sent).toEqual(['l1']);
    expect(pilot.now).toEqual({ passed: [], skipped: false, stopped: undefined });
    expect(telemetry.lines[0]).toEqual({ level: 'warn', event: 'pilot-goes-on', folderId: 'b1' });
    expect(telemetry.counts).toEqual({ PointersEnqueued: 1 });
  });

  it('has no pilot on a stage that delivered as many records before, however many it has now', async () => {
    const applied = { version: 1, record: { name: 'Dupont' }, at: 1 };
    const before = ['d1', 'd2', 'd3'].map((id) =>
      rowWith(row(id, 'bulk', 1), { status: 'delivered', companyId: `c-${id}`, applied }),
    );
    const due = Array.from({ length: 5 }, (_, index) => row(`l${index}`, 'live', now - 9 + index));
    const three = feeder([...before, ...due], { pilot: 3 });
    expect(await three.feed()).toEqual({ enqueued: 5 });
    expect(three.pilot.now).toEqual({ passed: [], skipped: false, begun: true, over: true });
    const four = feeder([...before, ...due], { pilot: 4 });
    expect(await four.feed()).toEqual({ enqueued: 4 });
    expect(four.pilot.now).toEqual({ passed: [], skipped: false, begun: true, over: false });
  });

  it('announces what is held only when companies may be created', async () => {
    const rows = [row('h1', 'live', heldAt(2)), row('h2', 'live', heldAt(1)), row('l1', 'live', now - 9)];
    const { feed, sent, directory } = feeder(rows);
    directory.waitFor.now = 0;
    await feed();
    expect(sent).toEqual(['l1']);
    directory.waitFor.now = undefined;
    await feed();
    expect(sent).toEqual(['l1', 'h2', 'h1']);
  });

  it('announces what is held first where there is little room: what is due may wait for it', async () => {
    const { feed, sent } = feeder([row('h1', 'live', heldAt(2)), row('l1', 'live', now - 9)], { pilot: 1 });
    await feed();
    expect(sent).toEqual(['h1']);
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
