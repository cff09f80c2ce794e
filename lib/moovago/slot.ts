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
  /** The moment, in milliseconds since the epoch. */
  readonly at: number;
  readonly lane: Lane;
  /**
   * Waits for the moment, and resolves when the request has to leave: in the same turn. Who comes late gets more time as
   * long as nobody counts on the moment having passed. Rejects with {@link SlotMissed} otherwise, and when everybody had to
   * stop or bulk is no longer welcome; with whatever the shared item says when it cannot be reached.
   */
  ready(): Promise<void>;
};

/** When the next slot is, or the moment when it is worth while to look again. */
export type Look = { at: number; until?: undefined } | { at?: undefined; until: number };

/** A slot, or the moment when it is worth while to ask again. */
export type Reservation = { slot: Slot; until?: undefined } | { slot?: undefined; until: number };

/**
 * How long before its slot a request is handed to the client, in milliseconds: a connection is then there when the moment
 * comes. On a busy machine a new one takes up to some 200 ms, and all of that would be lateness.
 */
export const connectMs = 100;

/** The request was not sent: its moment has passed (a frozen process, a slow disk), or the bulk window has closed. */
export class SlotMissed extends Error {
  override readonly name = 'SlotMissed';
}
