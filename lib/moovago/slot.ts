/**
 * `live`: a change that somebody waits for. `bulk`: one of a mass (a first import, a mass edit),
 * which Moovago's guide wants outside of Monday to Friday, 8:00 to 18:30.
 */
export type Lane = 'live' | 'bulk';

/**
 * The right to send one request to Moovago at one moment. Only the pace hands them out, and every method of
 * the client takes one: what has no slot cannot be sent.
 */
export type Slot = {
  /** The moment, in milliseconds since the epoch. Wait for it, then send at once. */
  readonly at: number;
  readonly lane: Lane;
  /** Throws {@link SlotMissed} when the moment has passed, or when bulk is no longer welcome. Call it right before sending. */
  check(): void;
};

/** Reserved slots in the order of their moments. Where there are fewer than asked for, `until` says when to ask again. */
export type Reservation = { slots: Slot[]; until?: number };

/** The request was not sent: its moment has passed (a frozen process, a slow disk), or the bulk window has closed. */
export class SlotMissed extends Error {
  override readonly name = 'SlotMissed';
}
