/** The two systems that the connector talks to, as people name them. */
export type System = 'Clavus' | 'Moovago';

type TryLaterDetails = {
  system: System;
  /** `no`: the request had certainly no effect. `unknown`: it may have had one, or may still have one. */
  applied: 'no' | 'unknown';
  /** Nobody answered at the address: it may be wrong. */
  unreached?: boolean;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** What the service asked us to wait, in milliseconds (`Retry-After`). */
  retryAfterMs?: number;
  cause?: unknown;
};

/** The service is in trouble (429, 5xx, network, time-out, an answer that is not an answer): nobody has to act, time does. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly system: System;
  readonly applied: 'no' | 'unknown';
  readonly unreached: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: TryLaterDetails) {
    super(message, { cause: details.cause });
    this.system = details.system;
    this.applied = details.applied;
    this.unreached = details.unreached ?? false;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The service refuses this one operation: whoever owns the record has to act. The rest goes on. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly system: System;
  /** The service's own words, shortened and on one line. May hold personal data: for the row of the record, never for a log. */
  readonly reason: string;

  constructor(message: string, details: { system: System; reason: string }) {
    super(message);
    this.system = details.system;
    this.reason = details.reason;
  }
}

/** A key, an address, a column or a setting is wrong: whoever configures the connector has to act. Retrying is of no use. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The setting that is wrong: an environment variable, or a path in `sync.config.ts`. */
  readonly where: string;

  constructor(where: string, message: string, options?: { cause?: unknown }) {
    super(`${where}: ${message}`, options);
    this.where = where;
  }
}
