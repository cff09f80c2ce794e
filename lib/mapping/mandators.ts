import type { ColumnValue } from '../clavus/folder.ts';
import type { Mandator } from '../moovago/company.ts';
import { createNameFinder, namesIn } from './names.ts';

type MandatorNames = {
  mandators: readonly Mandator[];
  /** Name in the column → mandator id or name. */
  overrides: Record<string, string>;
};

/** Mandator ids; none for an empty column. `unmatched`: names that no mandator has, or more than one. */
export type Mandators = { ids: string[]; unmatched: string[] };

/**
 * Finds the mandators of Moovago that a column of Clavus names, by id, or by name in any case. Those that are not found
 * are left out: the company still gets the others.
 */
export function createMandatorResolver({ mandators, overrides }: MandatorNames) {
  const find = createNameFinder(mandators);
  const override = new Map(Object.entries(overrides));
  const idOf = (text: string) => find(override.get(text) ?? text);
  return (value: ColumnValue): Mandators => {
    const names = namesIn(value, (text) => idOf(text) !== undefined);
    const ids = names.flatMap((text) => idOf(text) ?? []);
    return { ids: [...new Set(ids)], unmatched: names.filter((text) => idOf(text) === undefined) };
  };
}
