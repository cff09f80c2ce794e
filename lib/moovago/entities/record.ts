import * as z from 'zod';
import { companyRecord, textFields } from '../company.ts';

/** The fields that records hold as lists of ids. They have no order. */
export const listFields = ['ownerIds', 'mandatorIds'] as const;

/** The fields of all entities that hold text. What they mean, the definition of each entity says. */
export const recordTexts = [...textFields, 'firstName', 'lastName', 'role', 'amount', 'period'] as const;
export type RecordText = (typeof recordTexts)[number];
export type RecordField = RecordText | (typeof listFields)[number];

/**
 * What Moovago holds, or should hold, of one record, whatever its entity: the fields of all of them, as one row of the
 * table is like the other. Absent: leave as it is. Empty string: clear the field.
 */
export const entityRecord = companyRecord.extend({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  role: z.string().optional(),
  amount: z.string().optional(),
  period: z.string().optional(),
});
export type EntityRecord = z.infer<typeof entityRecord>;
/** A record that belongs to a company, as its list gives it: an assumption. */
export type Child = EntityRecord & { id: string; parentId: string };
