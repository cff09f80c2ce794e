import { describe, expect, it } from 'vitest';
import { deliverableBy } from '../../cli/sync-once.ts';
import type { Pilot } from '../../lib/state/pilot.ts';
import { fakeClock } from '../support/fake-clock.ts';

const start = 1_000_000;
const minuteMs = 60_000;

/** Two live changes and 300 of a mass are due, and every read takes a while. */
function setUp({ bulkFrom = 0, pilot = { passed: ['a', 'b', 'c'], skipped: false } as Pilot } = {}) {
  const clock = fakeClock(start);
  return {
    clock,
    config: { pilot: 3 },
    bulkTimeFrom: (at: number) => Math.max(at, bulkFrom),
    rows: { countDue: async (lane: string) => (lane === 'live' ? 2 : 300) },
    pilot: {
      read: async () => {
        await clock.wait(20);
        return pilot;
      },
    },
  };
}

describe('what can be delivered by a moment', () => {
  it('is the mass too when it may go now, however long it takes to look', async () => {
    const session = setUp();
    expect(await deliverableBy(session, session.clock.now())).toBe(302);
  });

  it('is no mass before the end of business hours, and is one from then on', async () => {
    const session = setUp({ bulkFrom: start + minuteMs });
    expect(await deliverableBy(session, start)).toBe(2);
    expect(await deliverableBy(session, start + minuteMs)).toBe(302);
  });

  it('is also a mass within business hours while the pilot runs, and nothing once it has stopped', async () => {
    const bulkFrom = start + minuteMs;
    const running = setUp({ bulkFrom, pilot: { passed: ['a'], skipped: false } });
    expect(await deliverableBy(running, start)).toBe(302);
    const stopped = { folderId: 'b', companyId: 'c', at: start, fields: [] };
    expect(await deliverableBy(setUp({ pilot: { passed: [], skipped: false, stopped } }), start)).toBe(0);
  });
});
