import * as z from 'zod';
import type { ChildName } from './entities/entity.ts';
import type { EntityRecord } from './entities/record.ts';

/** The company fields that Moovago's guide documents as text, in the guide's order. */
export const textFields = ['name', 'city', 'address', 'postalCode', 'phone', 'email', 'note'] as const;
export type TextField = (typeof textFields)[number];

/** All documented fields of a company, and its mandators: that it is written with them is an assumption. */
export type CompanyField = TextField | 'ownerIds' | 'mandatorIds';

/**
 * What Moovago holds, or should hold, of a company. A field that is absent is none of our business;
 * an empty string is an order to empty the field.
 */
export const companyRecord = z.object({
  ownerIds: z.array(z.string()).optional(),
  name: z.string().optional(),
  city: z.string().optional(),
  address: z.string().optional(),
  postalCode: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
  note: z.string().optional(),
  mandatorIds: z.array(z.string()).optional(),
});
export type CompanyRecord = z.infer<typeof companyRecord>;

/** A member of the team of the API key. */
export type Member = { id: string; alias: string };
export type Team = { id: string; name: string; members: Member[] };
/** A "mandant": who has its products sold by the team. */
export type Mandator = { id: string; name: string };

/** A company as `companyList` gives it. Every field beyond id, name and ownerIds is an assumption and may be absent. */
export type Company = CompanyRecord & { id: string };
/** A record that belongs to a company, as its list gives it: an assumption. */
export type Child = EntityRecord & { id: string; parentId: string };

/**
 * One write within a document of many: of a company, or, where `child` names its kind, of a record that belongs to one.
 * `companyId` is the record's own id then, and `parentId` the company's.
 */
export type CompanyWrite =
  | { kind: 'create'; child?: undefined; fields: CompanyRecord }
  | { kind: 'create'; child: ChildName; parentId: string; fields: EntityRecord }
  | { kind: 'update'; child?: ChildName | undefined; companyId: string; fields: EntityRecord }
  /** Not in Moovago's guide: an assumption, and sent only where the tenant asks for it. */
  | { kind: 'delete'; child?: undefined; companyId: string; fields: Record<string, never> };

/**
 * What became of one write: `written`, with the id and no error on its path;
 * `rejected`, an error on its path (it may have been applied all the same: only a look can tell);
 * `unknown`, neither an id nor an error.
 */
export type WriteOutcome =
  | { kind: 'written'; companyId: string }
  | { kind: 'rejected'; reason: string; companyId?: string }
  | { kind: 'unknown'; reason: string };
