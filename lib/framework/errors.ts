/** The two systems that the connector connects, as people name them. */
export type System = 'Clavus' | 'Moovago';

type TryLaterDetails = {
  system: System;
  /** `no`: the request certainly had no effect. `unknown`: it may have had one, or may still have one. */
  applied: 'no' | 'unknown';
  /** No server answered at the address: it may be wrong. */
  unreached?: boolean;
  /** The request came too early. Default: whether the status is 429. */
  throttled?: boolean;
  /** Something in what was asked for cannot be read: a smaller request may show what. */
  isDivisible?: boolean;
  /** The HTTP status, if there was an answer. */
  status?: number;
  /** How long the service asked to wait (`Retry-After`), in milliseconds. */
  retryAfterMs?: number;
  cause?: unknown;
};

/** The service is in trouble (429, 5xx, network, time-out, or an unreadable answer). Retry later; no person is needed. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  readonly system: System;
  readonly applied: 'no' | 'unknown';
  readonly unreached: boolean;
  readonly throttled: boolean;
  readonly isDivisible: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: TryLaterDetails) {
    super(message, { cause: details.cause });
    this.system = details.system;
    this.applied = details.applied;
    this.unreached = details.unreached ?? false;
    this.isDivisible = details.isDivisible ?? false;
    this.throttled = details.throttled ?? details.status === 429;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The service refuses this one operation. The owner of the record has to act; other records go on. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly system: System;
  /**
   * The service's own words, shortened, on one line. They may hold personal data: for the record's row, never for a
   * log.
   */
  readonly reason: string;

  constructor(message: string, details: { system: System; reason: string }) {
    super(message);
    this.system = details.system;
    this.reason = details.reason;
  }
}

/** A key, an address, a column or a setting is wrong. The operator has to correct it; a retry does not help. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The wrong setting: an environment variable, or a path in `sync.config.ts`. */
  readonly where: string;
  /** `unknown`: the request that showed it may have had an effect. */
  readonly applied: 'unknown' | undefined;

  constructor(
    where: string,
    message: string,
    options?: { cause?: unknown; applied?: 'unknown' | undefined },
  ) {
    super(`${where}: ${message}`, options);
    this.where = where;
    this.applied = options?.applied;
  }
}
