/**
 * `live`: a change that a person may be waiting for. `bulk`: part of a bulk change (a first import, a mass edit), which
 * Moovago's guide wants outside of Monday to Friday, 8:00 to 18:30.
 */
export type Lane = 'live' | 'bulk';

/**
 * The right to send one request to Moovago at one moment. Only the pace gives slots, and every method of the client
 * takes one. So nothing can be sent without a slot.
 */
export type Slot = {
  /** The moment, in milliseconds since the epoch. */
  readonly at: number;
  readonly lane: Lane;
  /**
   * Waits for the moment, and resolves in the turn in which the request has to leave. A late request gets more time,
   * unless another slot already relies on the moment having passed. Rejects with {@link SlotMissed} otherwise, after a
   * stop of all senders, or if bulk may no longer be sent. If the shared item cannot be reached, its error is passed
   * on.
   */
  ready(): Promise<void>;
};

/** When the next slot is, or the moment from which another look is useful. */
export type Look = { at: number; until?: undefined } | { at?: undefined; until: number };

/** A slot, or the moment from which another attempt is useful. */
export type Reservation = { slot: Slot; until?: undefined } | { slot?: undefined; until: number };

/**
 * How long before its slot a request is handed to the client, in milliseconds, so that a connection is open in time. On
 * a busy machine a new connection takes up to some 200 ms, and all of that would be lateness.
 */
export const connectMs = 100;

/** The request was not sent. Its moment has passed (a frozen process, a slow disk), or the bulk window has closed. */
export class SlotMissed extends Error {
  override readonly name = 'SlotMissed';
}
