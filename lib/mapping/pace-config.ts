import { IANAZone } from 'luxon';
import * as z from 'zod';
import { strict } from './strict-schema.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Moovago's guide: 5 requests a second at most, from all senders together. */
const requestsPerSecond = z
  .number()
  .positive({ error: 'must be more than 0' })
  .max(5, { error: "must be 5 at most, Moovago's limit" });

/** "Mon-Wed", also across the weekend ("Sat-Mon"), as ISO weekdays; empty if the text is not a day or a range. */
function daysOfRange(range: string): number[] {
  const [from, to = from, ...rest] = range
    .trim()
    .toLowerCase()
    .split(/\s*-\s*/)
    .map((name) => dayNames.indexOf(name));
  if (from === undefined || to === undefined || from < 0 || to < 0 || rest.length > 0) return [];
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => ((from + index) % 7) + 1);
}

const days = z.string().transform((text, context) => {
  const ranges = text.split(',').map(daysOfRange);
  if (ranges.some((range) => range.length === 0))
    context.addIssue({ code: 'custom', message: "expected days such as 'Mon-Fri', 'Mon' or 'Mon,Wed'" });
  return [...new Set(ranges.flat())].sort((one, other) => one - other);
});

const timeOfDay = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: "expected a time such as '08:00'", abort: true })
  .transform((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));

const businessHours = strict({
  days: days.prefault('Mon-Fri'),
  from: timeOfDay.prefault('08:00'),
  to: timeOfDay.prefault('18:30'),
  requestsPerSecond: requestsPerSecond.default(1),
})
  .refine(({ from, to }) => from < to, { path: ['to'], error: "must be later than 'from'" })
  .transform(({ from, to, ...hours }) => ({ ...hours, fromMinute: from, toMinute: to }));

const hoursExpected = "expected hours such as { days: 'Mon-Fri' }, or false";
const noHours = z.literal(false, { error: hoursExpected });

/** The defaults follow Moovago's guide: no bulk work from Monday to Friday, 8:00 to 18:30 in Paris. */
export const paceConfig = strict({
  timezone: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), { error: "expected a time zone such as 'Europe/Paris'" })
    .default('Europe/Paris'),
  /** `false`: there are none, for a Moovago in which no rep works. */
  businessHours: z.union([noHours, businessHours], { error: hoursExpected }).prefault({}),
  otherwise: strict({ requestsPerSecond: requestsPerSecond.default(5) }).prefault({}),
  bulkAbove: z.int().min(0).default(100),
  recordsPerRequest: z.int().min(1).max(100).default(25),
});
