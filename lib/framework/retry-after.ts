const longestMs = 15 * 60_000;
const seconds = /^\d+(\.\d+)?$/;
// The only date format that HTTP allows a server to send. `Date.parse` alone accepts almost anything.
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: 0 for the past, 15 minutes at most, `undefined` if it
 * is absent or unreadable.
 * @param now in milliseconds since the epoch, for headers that hold a date
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const asked = header?.trim() ?? '';
  const waitMs = seconds.test(asked)
    ? Number(asked) * 1000
    : httpDate.test(asked)
      ? Date.parse(asked) - now
      : Number.NaN;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), longestMs);
}
