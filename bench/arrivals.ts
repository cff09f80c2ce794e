import { median } from './statistics.ts';

/** When a request reached Moovago, in milliseconds; its records; the HTTP status of its answer. */
type Arrived = { at: number; records: number; status: number | null };

/** What requests came to that followed one another, from the first to the last of them. */
export type ArrivalFigures = {
  requestsPerSecond: number;
  recordsPerRequest: number;
  recordsPerSecond: number;
  refused: number;
  /** Moments at which one more request could have come, at the distance that half of them keep. */
  unused: number;
};

export function arrivalFigures(arrivals: readonly Arrived[]): ArrivalFigures {
  const gaps = arrivals.slice(1).map(({ at }, index) => at - (arrivals[index]?.at ?? at));
  const seconds = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const usual = median(gaps);
  const taken = arrivals.filter(({ status }) => status !== 429);
  const records = taken.reduce((sum, arrival) => sum + arrival.records, 0);
  return {
    requestsPerSecond: gaps.length / seconds,
    recordsPerRequest: records / taken.length,
    // The last request only ends the time that is measured.
    recordsPerSecond: (records - (taken.at(-1)?.records ?? 0)) / seconds,
    refused: arrivals.length - taken.length,
    unused: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / usual) - 1), 0),
  };
}
