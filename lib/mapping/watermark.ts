import { DateTime } from 'luxon';
import type { ColumnValue } from '../clavus/folder.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The date formats that sort as text. Clavus may compare dates as text. */
const shapes = {
  date: { pattern: /^\d{4}-\d{2}-\d{2}$/, format: 'yyyy-MM-dd', utc: false, overlapMs: 2 * dayMs },
  local: {
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/,
    format: "yyyy-MM-dd'T'HH:mm:ss",
    utc: false,
    overlapMs: 3 * hourMs,
  },
  spaced: {
    pattern: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/,
    format: 'yyyy-MM-dd HH:mm:ss',
    utc: false,
    overlapMs: 3 * hourMs,
  },
  zoned: {
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/,
    format: "yyyy-MM-dd'T'HH:mm:ss",
    utc: true,
    overlapMs: 3 * hourMs,
  },
} as const;
export const watermarkShapes = ['date', 'local', 'spaced', 'zoned'] as const;
type Shape = (typeof watermarkShapes)[number];

/**
 * The greatest modification date seen, in milliseconds since the epoch, and the tenant's format of it. `offset`: as in
 * "-04:00", or "Z"; absent if the format has none.
 */
export type Watermark = { at: number; shape: Shape; offset?: string | undefined };

const offsetOf = (text: string) => /(?:Z|[+-]\d{2}:?\d{2})$/.exec(text)?.[0];

/** Dates with the year last, such as 01/02/2022: they do not sort as text. */
const unsortable = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b/;
/** No tenant's ERP is older: "0000-00-00", 1900 and similar dates are placeholders. */
const earliest = DateTime.utc(2000).toMillis();

/** @returns `undefined` for text that is not a date, and `unsortable` for a date that does not sort as text */
export function readModified(
  value: ColumnValue | undefined,
  zone: string,
): Watermark | 'unsortable' | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (unsortable.test(text)) return 'unsortable';
  const shape = watermarkShapes.find((name) => shapes[name].pattern.test(text));
  if (shape === undefined) return undefined;
  const at = DateTime.fromISO(text.replace(' ', 'T'), { zone }).toMillis();
  const offset = shape === 'zoned' ? offsetOf(text) : undefined;
  if (Number.isNaN(at)) return undefined;
  return offset === undefined ? { at, shape } : { at, shape, offset };
}

/** Whether a modification date is plausible: not before 2000, and at most one day after now. */
export const isPlausible = (at: number, now: number): boolean => at >= earliest && at <= now + dayMs;

/**
 * Tracks the greatest modification date read. It never uses "now", because the tenant's clock differs.
 * @param now in milliseconds since the epoch: dates more than a day later are typing errors
 */
export function createWatermarkTracker(zone: string, now: number) {
  let greatest: Watermark | undefined;
  let hasUnsortable = false;

  function see(value: ColumnValue | undefined): void {
    const read = readModified(value, zone);
    if (read === 'unsortable') hasUnsortable = true;
    else if (read && isPlausible(read.at, now) && read.at > (greatest?.at ?? 0)) greatest = read;
  }

  return { see, greatest: () => (hasUnsortable ? undefined : greatest), hasUnsortable: () => hasUnsortable };
}

/**
 * Where the next poll starts, in the tenant's own format: the watermark, minus an overlap. The overlap is two days for
 * dates and three hours for times. Three hours cover the hour that repeats in autumn. The offset is the tenant's: to a
 * server that compares text, 08:13Z lies behind 07:20-04:00.
 */
export function lowerBound({ at, shape, offset = 'Z' }: Watermark, zone: string): string {
  const { format, utc, overlapMs } = shapes[shape];
  const start = DateTime.fromMillis(at - overlapMs, { zone: utc ? zoneOf(offset) : zone });
  return `${start.toFormat(format)}${utc ? offset : ''}`;
}

const zoneOf = (offset: string) => (offset === 'Z' ? 'utc' : `UTC${offset.slice(0, 3)}:${offset.slice(-2)}`);
