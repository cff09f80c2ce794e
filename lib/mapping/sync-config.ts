import { Duration } from 'luxon';
import * as z from 'zod';
import { type CompanyField, textFields } from '../moovago/company.ts';
import { configurationError, type Problem } from './configuration-problems.ts';
import { columnReference, mandatorRule, ownerRule, type TextRule, textRule } from './field-rule.ts';
import { isIgnorable } from './no-value.ts';
import { paceConfig } from './pace-config.ts';
import { prospectsConfig } from './prospects-config.ts';
import { oneOf, strict } from './strict-schema.ts';

/** A field that is sent as a number is read as an amount, unless the tenant sets another rule. */
const asAmount = (rule: TextRule): TextRule =>
  rule.kind === 'from' && rule.as === 'text' ? { ...rule, as: 'amount' } : rule;

/** ISO 8601, such as "PT15M"; parsed to milliseconds. */
const duration = z.string().transform((text, context) => {
  const ms = Duration.fromISO(text).toMillis();
  if (ms > 0) return ms;
  context.addIssue({ code: 'custom', message: "expected an ISO 8601 duration such as 'PT1H' or 'PT15M'" });
  return z.NEVER;
});

/** The seven operators of Clavus' guide. */
const filter = strict({
  column: columnReference,
  operator: oneOf(['=', '<', '>', '<=', '>=', 'IN', 'CONTAINS']),
  /** Always text, as in every sample of the guide; the values of `IN` are joined by commas. */
  value: z.string(),
});

const clavus = strict({
  pageSize: z.int().min(1).max(1000).default(200),
  /** The tenant's column with the modification date: most polls then read only what was modified since. */
  modifiedColumn: columnReference.optional(),
  /** The column with the creation date, which never changes: pages in this order do not shift. */
  createdColumn: columnReference.optional(),
  fullScanEvery: duration.prefault('PT1H'),
  filter: z.array(filter).default([]),
});

const company = strict({
  name: textRule,
  city: textRule.optional(),
  address: textRule.optional(),
  postalCode: textRule.optional(),
  phone: textRule.optional(),
  email: textRule.optional(),
  note: textRule.optional(),
  ownerIds: ownerRule.optional(),
});

/** A person of the company: one for each folder. Not in Moovago's guide (assumption). */
const contacts = strict({
  firstName: textRule.optional(),
  lastName: textRule.optional(),
  role: textRule.optional(),
  phone: textRule.optional(),
  email: textRule.optional(),
}).refine(({ firstName, lastName }) => firstName !== undefined || lastName !== undefined, {
  error: 'maps no name: map lastName or firstName',
});

/** A sale: one for each folder. Not in Moovago's guide (assumption). */
const turnover = strict({ amount: textRule.transform(asAmount), period: textRule.optional() });

const owners = strict({
  fallback: z.string().min(1).optional(),
  /** Clavus user id, or text of the column → Moovago member id or alias. */
  overrides: z.record(z.string(), z.string().min(1)).default({}),
});

// A note changes too easily to identify a company.
const comparable = textFields.filter((field) => field !== 'note');
const matchKey = z.union([oneOf(['marker', ...comparable]), z.array(oneOf(comparable)).min(1)]);

/** The default keys; those whose fields are not mapped are never compared. */
export const defaultMatch: z.output<typeof matchKey>[] = ['marker', 'email', 'phone', ['name', 'postalCode']];

const ignored = z.string().refine(isIgnorable, {
  error: "expected a telephone number, an e-mail address, or a domain such as '@solaire-ouest.example'",
});

const policy = oneOf(['clavus', 'create-only', 'fill-empty']).default('clavus');
const ownership = strict({
  name: policy,
  city: policy,
  address: policy,
  postalCode: policy,
  phone: policy,
  email: policy,
  note: policy,
  ownerIds: policy,
  mandatorIds: policy,
} satisfies Record<CompanyField, typeof policy>);

const removalLimit = strict({
  share: z.number().min(0).max(1).default(0.02),
  atLeast: z.int().min(0).default(5),
});

export const syncConfig = strict({
  clavus: clavus.prefault({}),
  company,
  owners: owners.prefault({}),
  /** These three are sent only once `check` has verified them against Moovago's schema. */
  contacts: contacts.optional(),
  mandators: mandatorRule.optional(),
  turnover: turnover.optional(),
  match: z.array(matchKey).default(defaultMatch),
  /** Values that tell nothing about a customer: one's own telephone, `@` and one's own domain. */
  matchIgnore: z.array(ignored).default([]),
  /** Of several folders that share a company, the one that may write it: the newest in Clavus, or the first that came. */
  primary: oneOf(['newest', 'first']).default('newest'),
  ownership: ownership.prefault({}),
  marker: oneOf(['note', 'none']).default('note'),
  blanks: oneOf(['keep', 'clear']).default('keep'),
  /** What happens to the company of a folder that is gone from Clavus. `delete` is not in Moovago's guide (assumption). */
  onRemoved: oneOf(['keep', 'flag', 'delete']).default('keep'),
  removalLimit: removalLimit.prefault({}),
  pace: paceConfig.prefault({}),
  pilot: z.int().min(0).max(1_000).default(3),
  prospects: prospectsConfig.optional(),
  settleAfter: duration.prefault('PT15M'),
})
  .refine(({ onRemoved, ownership }) => onRemoved !== 'flag' || ownership.name === 'clavus', {
    path: ['onRemoved'],
    error: "'flag' writes into the name, which ownership.name leaves to Moovago",
  })
  .transform(({ ownership, ...config }) => ({
    ...config,
    // A note that is not mapped holds our marker only, which must not replace what a rep wrote.
    ownership: config.company.note ? ownership : { ...ownership, note: 'create-only' as const },
  }));

/** The configuration as a person writes it. */
export type SyncConfigInput = z.input<typeof syncConfig>;
/** The configuration, checked and complete. Durations are milliseconds, times of day minutes, days 1 (Monday) to 7. */
export type SyncConfig = z.output<typeof syncConfig>;

/** Returns its argument. It gives the editor the type of every key of `sync.config.ts`. */
export const defineSync = (config: SyncConfigInput): SyncConfigInput => config;

const describe: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  return undefined;
};

const hasAtRoot = (issues: z.core.$ZodIssue[], code: z.core.$ZodIssue['code']) =>
  issues.some((issue) => issue.code === code && issue.path.length === 0);

/** The form of a rule that the user meant: of the value's kind, and of those the form with the fewest errors. */
function meantForm(forms: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const possible = forms.filter((issues) => !hasAtRoot(issues, 'invalid_type'));
  const detailed = possible.filter((issues) => !hasAtRoot(issues, 'invalid_value'));
  const [meant] = (detailed.length > 0 ? detailed : possible).sort((one, other) => one.length - other.length);
  return meant;
}

function problemsOf(issue: z.core.$ZodIssue, parent: PropertyKey[] = []): Problem[] {
  const path = [...parent, ...issue.path];
  const meant = issue.code === 'invalid_union' ? meantForm(issue.errors) : undefined;
  if (meant) return meant.flatMap((nested) => problemsOf(nested, path));
  return [{ path: path.map(String).join('.'), message: issue.message }];
}

type Checked = { config: SyncConfig } | { problems: [Problem, ...Problem[]] };

/** The configuration with its defaults, or everything that is wrong in it. */
export function checkSyncConfig(value: unknown): Checked {
  if (value === undefined) {
    const message = 'has no default export, which defineSync({ … }) should be';
    return { problems: [{ path: '', message }] };
  }
  const parsed = syncConfig.safeParse(value, { error: describe });
  if (parsed.success) return { config: parsed.data };
  const [first = { path: '', message: 'is not valid' }, ...others] = parsed.error.issues.flatMap((issue) =>
    problemsOf(issue),
  );
  return { problems: [first, ...others] };
}

/**
 * Checks the configuration and fills in its defaults.
 * @param file the file's name, for the message
 * @throws ConfigurationError with each problem on its own line, with the file and the key's path
 */
export function parseSyncConfig(value: unknown, file: string): SyncConfig {
  const checked = checkSyncConfig(value);
  if ('config' in checked) return checked.config;
  throw configurationError(file, ...checked.problems);
}
