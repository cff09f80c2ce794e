/** Why a request has no answer. `silent`: within the time that its sender waits. */
export type Trouble =
  | { kind: 'unreachable' }
  | { kind: 'silent' }
  | { kind: 'key' }
  | { kind: 'failing'; status: 500 | 502 | 503 }
  | { kind: 'too-many'; retryAfterMs: number | undefined };
