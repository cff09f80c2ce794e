import * as z from 'zod';
import { companyRecord, textFields } from '../company.ts';

/** The fields of records that are lists of ids. Their order does not count. */
export const listFields = ['ownerIds', 'mandatorIds'] as const;

/** The text fields of all entities. The definition of each entity says which of them it has. */
export const recordTexts = [...textFields, 'firstName', 'lastName', 'role', 'amount', 'period'] as const;
export type RecordText = (typeof recordTexts)[number];
export type RecordField = RecordText | (typeof listFields)[number];

/**
 * What Moovago holds, or should hold, of one record of any entity. It has the fields of all entities, because all rows
 * of the table have one shape. Absent: leave as it is. Empty string: clear the field.
 */
export const entityRecord = companyRecord.extend({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  role: z.string().optional(),
  amount: z.string().optional(),
  period: z.string().optional(),
});
export type EntityRecord = z.infer<typeof entityRecord>;
/** A record that belongs to a company, as its list returns it (assumption). */
export type Child = EntityRecord & { id: string; parentId: string };
