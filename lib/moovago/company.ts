import * as z from 'zod';
import { listOf } from '../framework/list-of.ts';

/** The company fields that Moovago's guide documents as text, in the guide's order. */
export const textFields = ['name', 'city', 'address', 'postalCode', 'phone', 'email', 'note'] as const;
export type TextField = (typeof textFields)[number];

/** All documented fields of a company, and its mandators: writing those is an assumption. */
export type CompanyField = TextField | 'ownerIds' | 'mandatorIds';

/** What Moovago holds, or should hold, of a company. Absent: leave as it is. Empty string: clear the field. */
export const companyRecord = z.object({
  ownerIds: listOf(z.string()).optional(),
  name: z.string().optional(),
  city: z.string().optional(),
  address: z.string().optional(),
  postalCode: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
  note: z.string().optional(),
  mandatorIds: listOf(z.string()).optional(),
});
export type CompanyRecord = z.infer<typeof companyRecord>;

/** A member of the team of the API key. */
export type Member = { id: string; alias: string };
export type Team = { id: string; name: string; members: Member[] };
/** A "mandant": a firm whose products the team sells. */
export type Mandator = { id: string; name: string };

/** A company as `companyList` returns it. Every field beyond id, name and ownerIds is an assumption and may be absent. */
export type Company = CompanyRecord & {
  id: string;
  /** Fields of which nothing is known, because Moovago's answer cannot be read there. */
  unread?: readonly string[];
};

/**
 * Companies of a list, which are not in memory as a whole: each is made when it is asked for. `unreadable`: how many more
 * the list has of which not even the id can be read.
 */
export type CompanyList = Iterable<Company> & {
  readonly length: number;
  /** The company at a place, from 0. */
  at(place: number): Company | undefined;
  readonly unreadable?: number;
};

/** The companies of a list by their ids, of which only those are in memory. */
export type CompaniesById = {
  has(companyId: string): boolean;
  get(companyId: string): Company | undefined;
  keys(): Iterable<string>;
  values(): Iterable<Company>;
};

export function companiesById(companies: CompanyList): CompaniesById {
  const places = new Map<string, number>();
  let place = 0;
  for (const { id } of companies) places.set(id, place++);
  return {
    has: (companyId) => places.has(companyId),
    get: (companyId) => companies.at(places.get(companyId) ?? companies.length),
    keys: () => places.keys(),
    values: () => companies,
  };
}
