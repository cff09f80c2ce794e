import { DateTime } from 'luxon';

const minutesPerDay = 24 * 60;

/** When Moovago wants no bulk work and a reduced pace: `from` included, `to` excluded, in the given time zone. */
export type BusinessHours = {
  /** IANA name; the offset follows the zone's clock changes. */
  timezone: string;
  /** 1 (Monday) to 7 (Sunday). Bank holidays count as normal weekdays. */
  days: readonly number[];
  /** Minutes since midnight. */
  fromMinute: number;
  toMinute: number;
};

export function isBusinessTime(at: number, hours: BusinessHours): boolean {
  const local = DateTime.fromMillis(at, { zone: hours.timezone });
  const minute = local.hour * 60 + local.minute;
  return hours.days.includes(local.weekday) && minute >= hours.fromMinute && minute < hours.toMinute;
}

/** The first moment from `at` on that is outside of business hours, in milliseconds since the epoch. */
export function endOfBusinessTime(at: number, hours: BusinessHours): number {
  let end = at;
  // Hours that run until midnight may join those of the next day, for a week at most.
  for (let day = 0; day < 7 && isBusinessTime(end, hours); day++) {
    const midnight = DateTime.fromMillis(end, { zone: hours.timezone }).startOf('day');
    end =
      hours.toMinute === minutesPerDay
        ? midnight.plus({ days: 1 }).toMillis()
        : midnight.set({ hour: Math.floor(hours.toMinute / 60), minute: hours.toMinute % 60 }).toMillis();
  }
  return end;
}

/**
 * In milliseconds: no bulk request leaves this shortly before business hours, as it might arrive in them. Longer than
 * any request takes.
 */
const closingMs = 90_000;

/** Whether bulk may be sent; always, if there are no business hours. */
export function isBulkTime(at: number, hours: BusinessHours | undefined): boolean {
  return hours === undefined || !(isBusinessTime(at, hours) || isBusinessTime(at + closingMs, hours));
}

/** The first moment from `at` on when bulk may be sent, in milliseconds since the epoch. */
export function bulkTimeFrom(at: number, hours: BusinessHours | undefined): number {
  if (hours === undefined || isBulkTime(at, hours)) return at;
  return endOfBusinessTime(isBusinessTime(at, hours) ? at : at + closingMs, hours);
}
