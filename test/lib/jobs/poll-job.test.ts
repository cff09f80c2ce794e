import { expect, it } from 'vitest';
import type { App } from '../../../lib/jobs/app.ts';
import { pollJob, takePollLease } from '../../../lib/jobs/poll-job.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import { underLease } from '../../../lib/state/lease.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { fakeTelemetry } from '../../support/fake-telemetry.ts';
import { memoryPilot } from '../../support/memory-stores.ts';
import { stateTable } from '../../support/state-table.ts';

const now = 1_000_000;

async function polling() {
  let ids = 0;
  const lease = { table: await stateTable(), clock: fakeClock(now), newId: () => `i${++ids}` };
  const app = {
    ...lease,
    config: parseSyncConfig({ company: { name: 'nom' }, pilot: 0 }, 'sync.config.ts'),
    telemetry: fakeTelemetry(),
    hints: { read: async () => [] },
    queue: { depth: async () => 0 },
    pace: { freeFrom: async () => 0, requestsWithin: () => 0, isBulkTime: () => true },
    pilot: memoryPilot(),
  };
  return { lease, poll: () => pollJob({}, now + 60_000, app as unknown as App) };
}

it('leaves the work to the poll that holds the lease', async () => {
  const { lease, poll } = await polling();
  const other = await takePollLease(lease, false);
  if (!('lease' in other)) throw new Error('the first one gets it');
  expect(await poll()).toEqual({ state: 'skipped', heldUntil: expect.any(Number) });
  await underLease(other.lease, async () => {});
  // There is no Clavus to read.
  await expect(poll()).rejects.toThrow(TypeError);
  expect(await takePollLease(lease, false)).toHaveProperty('lease');
});
