import * as z from 'zod';
import { ConfigurationError } from './errors.ts';

const text = z.string().trim().min(1);

/** The environment variables of a function. serverless.yml sets them, and the embedded stack reads the same file. */
const environmentSchema = z.object({
  STAGE: text.regex(/^[a-z0-9-]{1,32}$/, 'takes lower-case letters, digits and hyphens'),
  TABLE_NAME: text,
  QUEUE_URL: text,
  CLAVUS_API_URL: text,
  /** The key itself, on a developer's machine. When deployed, the next variable names the SSM parameter that holds it. */
  CLAVUS_API_KEY: text.optional(),
  CLAVUS_API_KEY_PARAMETER: text.optional(),
  MOOVAGO_API_URL: text,
  MOOVAGO_API_KEY: text.optional(),
  MOOVAGO_API_KEY_PARAMETER: text.optional(),
  MOOVAGO_API_KEY_HEADER: text
    .regex(/^[A-Za-z0-9-]+$/, 'takes letters, digits and hyphens')
    .default('x-api-key'),
  /** Hosts in private networks that may be asked, with commas between. */
  PRIVATE_HOSTS: text.optional(),
  /** The name of the SSM parameter with the signing secret of webhooks: one secret, or two. */
  WEBHOOK_SECRET_PARAMETER: text.optional(),
  /** A configuration file that replaces the packaged one. */
  SYNC_CONFIG_FILE: text.optional(),
  /** Set by `sync --ignore-business-hours`. */
  IGNORE_BUSINESS_HOURS: z.literal('1').optional(),
});
export type Environment = z.infer<typeof environmentSchema>;

const servicePattern = /^(CLAVUS|MOOVAGO)_API_(URL|KEY|KEY_HEADER)$/;

/** Checks the settings of the two systems, for an operator who has the keys in the environment. Values are never shown. */
export function serviceSettingsProblems(
  variables: Record<string, string | undefined>,
): { where: string; message: string }[] {
  const result = environmentSchema
    .required({ CLAVUS_API_KEY: true, MOOVAGO_API_KEY: true })
    .safeParse(notBlank(variables));
  const issues = result.success ? [] : result.error.issues;
  return issues
    .map(({ path, message }) => ({ where: path.map(String).join('.'), message }))
    .filter(({ where }) => servicePattern.test(where))
    .map(({ where, message }) => ({
      where,
      message: notBlank(variables)[where] === undefined ? 'is not set' : message,
    }));
}

const notBlank = (variables: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));

/** @throws ConfigurationError that names the variable and never shows its value */
export function readEnvironment(variables: Record<string, string | undefined> = process.env): Environment {
  const set = notBlank(variables);
  const result = environmentSchema.safeParse(set);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? 'environment');
  throw new ConfigurationError(name, set[name] === undefined ? 'is not set' : (issue?.message ?? 'is wrong'));
}

/** Whether this process runs one function on Lambda. */
export const startsOnLambda = (): boolean => process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined;
