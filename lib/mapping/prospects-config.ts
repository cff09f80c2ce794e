import * as z from 'zod';
import { type TextField, textFields } from '../moovago/company.ts';
import { type TextRule, textRule } from './field-rule.ts';
import { oneOf, strict } from './strict-schema.ts';

const isCompanyField = (name: string): name is TextField => textFields.some((field) => field === name);

/** The fields of a company that a rule reads. */
const fieldsOf = (rule: TextRule): string[] =>
  rule.kind === 'from' ? rule.from : rule.parts.flatMap((part) => ('column' in part ? [part.column] : []));

/** A rule as of a company's field, with the fields of Moovago's company in the place of Clavus' columns. */
const prospectRule = textRule.refine((rule) => fieldsOf(rule).every(isCompanyField), {
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
  /** What makes up a prospect. Whoever writes some of it writes all of it. */
  fields: fields.prefault({
    lastName: 'name',
    address: 'address',
    postalCode: { from: 'postalCode', as: 'postalCode' },
    email: { from: 'email', as: 'email' },
    phone: { from: 'phone', as: 'phone' },
    commercialNote: 'note',
  }),
  /** The guide shows `MORAL` and no other type. */
  type: oneOf(['MORAL', 'none']).default('MORAL'),
  /** More new ones than this at once are held: somebody imported companies into Moovago. */
  limit: z.int().min(1).default(50),
});
export type ProspectsConfig = z.output<typeof prospectsConfig>;
