/** Time, waiting and randomness as parameters. Production uses the system's; tests and the simulation use their own. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `ms` milliseconds; at once for 0 or less. */
  wait(ms: number): Promise<void>;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (ms) => (ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))),
  random: () => Math.random(),
};
