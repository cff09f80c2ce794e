const windowMs = 1000;

/**
 * "5 requests at most a second", taken at its strictest: an arrival is refused when `limit` arrivals were let in
 * during the 1000 ms before it (exactly 1000 ms ago is outside). The guide does not say whether a refused request
 * counts against the limit; here it does not, as with gateways that take a token only from those they let in.
 */
export class RateWindow {
  readonly #limit: number;
  #admitted: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether an arrival at this time, in milliseconds, is let in. */
  admit(at: number): boolean {
    this.#admitted = this.#admitted.filter((earlier) => at - earlier < windowMs);
    if (this.#admitted.length >= this.#limit) return false;
    this.#admitted.push(at);
    return true;
  }
}

/** The greatest number of arrivals, let in or refused, in any 1000 ms (half open: 0 and 1000 are not in one window). */
export function busiestSecond(arrivals: number[]): number {
  const sorted = [...arrivals].sort((a, b) => a - b);
  let first = 0;
  let busiest = 0;
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= windowMs) first += 1;
    busiest = Math.max(busiest, index - first + 1);
  }
  return busiest;
}
