import * as z from 'zod';

/** The text fields of `upsertProspect`, with the guide's names. Absent: leave the field as it is. */
export const prospectRecord = z.object({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  address: z.string().optional(),
  postalCode: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  siren: z.string().optional(),
  commercialNote: z.string().optional(),
});
export type ProspectRecord = z.infer<typeof prospectRecord>;

/** The fields of that record, in the guide's order. */
export const prospectFields = prospectRecord.keyof().options;
