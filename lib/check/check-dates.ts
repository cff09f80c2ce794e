import type { ColumnValue } from '../clavus/folder.ts';
import { columnText } from '../mapping/column-text.ts';
import { isPlausible, readModified } from '../mapping/watermark.ts';
import { error, type Finding, warning } from './finding.ts';

export type DateColumn = { path: string; reference: string };

/** What a sample of a date column holds. */
export type Dates = {
  folders: number;
  missing: number;
  /** Values that are not a date, or not a plausible one: before 2000, or later than tomorrow. */
  absurd: number;
  /** Dates with the year last, such as 31/12/2026. */
  unsortable: number;
  /** How many different formats the usable dates have. */
  shapes: number;
  /** The usable dates, as the tenant writes them, sorted. */
  usable: string[];
};

/** @param now in milliseconds since the epoch */
export function readDates(
  values: readonly (ColumnValue | undefined)[],
  { zone, now }: { zone: string; now: number },
): Dates {
  const dates: Dates = {
    folders: values.length,
    missing: 0,
    absurd: 0,
    unsortable: 0,
    shapes: 0,
    usable: [],
  };
  const shapes = new Set<string>();
  for (const value of values) {
    const text = columnText(value ?? null).trim();
    const read = readModified(text, zone);
    if (text === '') dates.missing++;
    else if (read === 'unsortable') dates.unsortable++;
    else if (read === undefined || !isPlausible(read.at, now)) dates.absurd++;
    else {
      shapes.add(read.shape);
      dates.usable.push(text);
    }
  }
  return { ...dates, shapes: shapes.size, usable: dates.usable.sort() };
}

/** Checks that a date column is usable. Clavus filters and sorts dates as text (assumption). */
export function checkDates({ path, reference }: DateColumn, dates: Dates): Finding[] {
  const { folders, missing, absurd, unsortable, shapes, usable } = dates;
  if (folders === 0) return [];
  if (unsortable > 0)
    return [
      error(
        path,
        `'${reference}' has the day first, as in 31/12/2026, in ${unsortable} of ${folders} folders: such dates do not sort as text, so Clavus cannot be asked for those since a date`,
        {
          cure: `Leave ${path} out: all folders are read then. Or name a column with dates like 2026-12-31.`,
        },
      ),
    ];
  if (usable.length === 0)
    return [
      error(path, `'${reference}' holds no date that can be read in any of ${folders} folders`, {
        cure: `Leave ${path} out, or name a column with dates like 2026-12-31 or 2026-12-31T18:30:00Z.`,
      }),
    ];
  const unused = [
    ...(missing > 0 ? [`${missing} without a date`] : []),
    ...(absurd > 0 ? [`${absurd} with an absurd one`] : []),
  ];
  return [
    ...(unused.length > 0
      ? [
          warning(path, `of ${folders} folders, ${unused.join(' and ')} in '${reference}'`, {
            cure: 'Their edits are found when all folders are read, see clavus.fullScanEvery.',
          }),
        ]
      : []),
    ...(shapes > 1
      ? [
          warning(
            path,
            `'${reference}' writes its dates in ${shapes} ways, which may not sort with each other`,
            {
              cure: 'Name another column, or have Clavus write them in one way.',
            },
          ),
        ]
      : []),
  ];
}
