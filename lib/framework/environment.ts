import * as z from 'zod';
import { ConfigurationError } from './errors.ts';

const text = z.string().trim().min(1);

/** What a function is told by its environment: serverless.yml sets it, and the embedded stack from the same file. */
const environmentSchema = z.object({
  STAGE: text.regex(/^[a-z0-9-]{1,32}$/, 'takes lower-case letters, digits and hyphens'),
  TABLE_NAME: text,
  QUEUE_URL: text,
  CLAVUS_API_URL: text,
  /** The key itself: on a developer's machine. Deployed, the name of the SSM parameter that holds it. */
  CLAVUS_API_KEY: text.optional(),
  CLAVUS_API_KEY_PARAMETER: text.optional(),
  MOOVAGO_API_URL: text,
  MOOVAGO_API_KEY: text.optional(),
  MOOVAGO_API_KEY_PARAMETER: text.optional(),
  MOOVAGO_API_KEY_HEADER: text
    .regex(/^[A-Za-z0-9-]+$/, 'takes letters, digits and hyphens')
    .default('x-api-key'),
  /** Another configuration than the one that is packaged. */
  SYNC_CONFIG_FILE: text.optional(),
  /** Set by `sync --ignore-business-hours`. */
  IGNORE_BUSINESS_HOURS: z.literal('1').optional(),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Throws a ConfigurationError that names the variable and never shows its value. */
export function readEnvironment(variables: Record<string, string | undefined> = process.env): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const result = environmentSchema.safeParse(set);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? 'environment');
  throw new ConfigurationError(name, set[name] === undefined ? 'is not set' : (issue?.message ?? 'is wrong'));
}
