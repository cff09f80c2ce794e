/** The value below which a share of the values lies (0.5: the median), by the nearest rank. `NaN` for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** When a request reached Moovago, in milliseconds; its records; the HTTP status of its answer. */
type Arrived = { at: number; records: number; status: number | null };

/** What requests came to that followed one another, from the first to the last of them. */
export function arrivalFigures(arrivals: readonly Arrived[]) {
  const seconds = ((arrivals.at(-1)?.at ?? 0) - (arrivals[0]?.at ?? 0)) / 1000;
  const taken = arrivals.filter(({ status }) => status !== 429);
  const records = taken.reduce((sum, arrival) => sum + arrival.records, 0);
  return {
    requestsPerSecond: (arrivals.length - 1) / seconds,
    recordsPerRequest: records / taken.length,
    // The last request only ends the time that is measured.
    recordsPerSecond: (records - (taken.at(-1)?.records ?? 0)) / seconds,
    refused: arrivals.length - taken.length,
  };
}
