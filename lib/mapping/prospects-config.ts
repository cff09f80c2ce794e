import * as z from 'zod';
import { type TextField, textFields } from '../moovago/company.ts';
import { columnsOf, textRule } from './field-rule.ts';
import { oneOf, strict } from './strict-schema.ts';

const isCompanyField = (name: string): name is TextField => textFields.some((field) => field === name);

/** Like the rule of a company's field, but it reads fields of Moovago's company instead of Clavus' columns. */
const prospectRule = textRule.refine((rule) => columnsOf(rule).every(isCompanyField), {
  error: `takes fields of Moovago's company: ${textFields.join(', ')}`,
});

const fields = strict({
  lastName: prospectRule,
  firstName: prospectRule.optional(),
  address: prospectRule.optional(),
  postalCode: prospectRule.optional(),
  email: prospectRule.optional(),
  phone: prospectRule.optional(),
  siren: prospectRule.optional(),
  commercialNote: prospectRule.optional(),
});

/** Companies that reps make become prospects in Clavus. Absent: they do not. */
export const prospectsConfig = strict({
  /** The fields of a prospect. A tenant that sets `fields` replaces all of these defaults. */
  fields: fields.prefault({
    lastName: 'name',
    address: 'address',
    postalCode: { from: 'postalCode', as: 'postalCode' },
    email: { from: 'email', as: 'email' },
    phone: { from: 'phone', as: 'phone' },
    commercialNote: 'note',
  }),
  /** The guide shows no type but `MORAL`. */
  type: oneOf(['MORAL', 'none']).default('MORAL'),
  /** If more new companies than this appear at once, they are blocked: they are probably an import into Moovago. */
  limit: z.int().min(1).default(50),
});
export type ProspectsConfig = z.output<typeof prospectsConfig>;
