import { getParameter } from '@aws-lambda-powertools/parameters/ssm';
import { attempt } from './attempt.ts';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { serviceSettings } from './service-settings.ts';

/** How long a key that was read from SSM is used before it is read again, in seconds. */
const maxAgeSeconds = 300;

/**
 * A key as a function to ask for it: given directly (a developer's machine), or read from an SSM SecureString when it is
 * needed, so that it stands in no template and no environment of a deployed function.
 * @returns a function that rejects with ConfigurationError when there is no key, TryLater when SSM cannot be asked
 */
export function keyReader(
  system: System,
  given: string | undefined,
  parameter: string | undefined,
): () => Promise<string> {
  const where = serviceSettings[system].key;
  return async () => {
    if (given !== undefined) return given;
    if (parameter === undefined) throw new ConfigurationError(where, 'is not set');
    const read = await attempt(getParameter(parameter, { decrypt: true, maxAge: maxAgeSeconds }));
    if (read.ok && read.value !== undefined) return read.value;
    if (read.ok || isMissing(read.error))
      throw new ConfigurationError(
        where,
        `the SSM parameter ${parameter} does not exist. Create it as a SecureString.`,
      );
    throw new TryLater('SSM did not give the key', { system, applied: 'no', cause: read.error });
  };
}

/** Powertools wraps what SSM said. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (/ParameterNotFound/.test(`${error.name} ${error.message}`) || isMissing(error.cause));
