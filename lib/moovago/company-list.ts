import type * as z from 'zod';
import type { GraphqlError } from '../framework/answer-judgement.ts';
import { PackedList } from '../framework/packed-list.ts';
import { serviceId } from '../framework/service-id.ts';
import { type Company, type CompanyList, companyRecord } from './company.ts';

/** Takes the entries of `companyList` as they come, before it is known whether one of them has an error. */
export function listCompanies() {
  const packed = new PackedList();
  /** The entries, from 0, that have not even an id. */
  const skipped: number[] = [];
  return {
    take: (entry: unknown): void => {
      if (idOf(entry) === undefined) skipped.push(packed.length + skipped.length);
      else packed.push(entry);
    },
    /** @param errors those of the whole answer: they may stand behind the list */
    end: (errors: readonly GraphqlError[]): CompanyList => {
      const failed = failedFields(errors, skipped);
      const at = (place: number) =>
        readCompany(packed.at(place), (field) => failed.get(place)?.has(field) === true);
      return {
        length: packed.length,
        at,
        ...(skipped.length > 0 && { unreadable: skipped.length }),
        *[Symbol.iterator]() {
          for (let place = 0; place < packed.length; place++) {
            const company = at(place);
            if (company !== undefined) yield company;
          }
        },
      };
    },
  };
}

/** Which fields of which companies have an error, by their place among those that have an id. */
function failedFields(
  errors: readonly GraphqlError[],
  skipped: readonly number[],
): ReadonlyMap<number, ReadonlySet<unknown>> {
  const failed = new Map<number, Set<unknown>>();
  const named = errors.map(({ path = [] }) => ({ entry: Number(path[1]), field: path[2] }));
  let before = 0;
  for (const { entry, field } of named.toSorted((one, other) => one.entry - other.entry)) {
    while ((skipped[before] ?? entry) < entry) before++;
    if (skipped[before] === entry) continue;
    const place = entry - before;
    failed.set(place, (failed.get(place) ?? new Set()).add(field));
  }
  return failed;
}

/** Absent rather than empty: two companies without an e-mail address have nothing in common. */
export function withoutNulls(given: unknown): unknown {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
    : given;
}

/** Numbers are read as text, like everything that is compared. */
export const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value);

/** Of a list with a null, an entry is not known: no field takes it. */
const known = (value: unknown) => (Array.isArray(value) && value.includes(null) ? null : asText(value));

const companyFields: [string, z.ZodType][] = Object.entries(companyRecord.shape);

const idOf = (given: unknown): string | undefined =>
  serviceId.safeParse(new Map(Object.entries(Object(given))).get('id')).data;

/**
 * The company, as far as it can be read; `undefined` without an id. A field that is not as the guide has it, or has an
 * error, is named in `unread`: nothing is known of it.
 */
function readCompany(given: unknown, hasFailed: (field: string) => boolean): Company | undefined {
  const id = idOf(given);
  if (id === undefined) return undefined;
  const values = new Map(Object.entries(Object(withoutNulls(given))));
  const unread: string[] = [];
  const fields = companyFields.flatMap(([name, field]) => {
    const read = field.safeParse(known(values.get(name)));
    if (!read.success || hasFailed(name)) {
      unread.push(name);
      return [];
    }
    return read.data === undefined ? [] : [[name, read.data]];
  });
  const company = { ...companyRecord.parse(Object.fromEntries(fields)), id };
  return unread.length === 0 ? company : { ...company, unread };
}
