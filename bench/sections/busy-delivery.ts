import { availableParallelism } from 'node:os';
import { arrivalFigures } from '../arrivals.ts';
import { startBusyLoops } from '../busy-loops.ts';
import type { Section } from '../figures.ts';
import { type DeliveryOptions, deliverAtNight, latencyMs, stallNote } from './delivery.ts';

/** Enough for a quarter of a minute. */
const folders = 1500;

/** The same as the delivery, beside processes that want every core all the time. */
export async function measureBusyDelivery({
  bundles,
  say,
}: Omit<DeliveryOptions, 'folders'>): Promise<Section> {
  const loops = availableParallelism();
  await using _loops = startBusyLoops(loops);
  const { writes, stalls } = await deliverAtNight({ folders, bundles, say });
  const { requestsPerSecond, recordsPerRequest, refused } = arrivalFigures(writes);
  return {
    name: 'busyDelivery',
    title: `A backlog of ${folders} new folders, at night, beside ${loops} busy loops on ${loops} cores; Moovago answers after ${latencyMs / 1000} s and takes 5 requests in any second`,
    comparedWith: '',
    figures: [
      { what: 'requests a second', unit: '', measured: requestsPerSecond, target: { atLeast: 4 } },
      { what: 'records a request', unit: '', measured: recordsPerRequest, target: { atLeast: 20 } },
      { what: 'requests refused (429)', unit: '', measured: refused, target: { atMost: 0 } },
    ],
    notes: [stallNote(stalls)],
  };
}
