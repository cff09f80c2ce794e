import { getParameter } from '@aws-lambda-powertools/parameters/ssm';
import { ConfigurationError } from './errors.ts';

/** How long a key that was read from SSM is used before it is read again, in seconds. */
const maxAgeSeconds = 300;

/**
 * A key as a function to ask for it: given directly (a developer's machine), or read from an SSM SecureString when it is
 * needed, so that it stands in no template and no environment of a deployed function.
 * @param where the environment variable that a person would set, for the error message
 */
export function keyReader(
  where: string,
  given: string | undefined,
  parameter: string | undefined,
): () => Promise<string> {
  return async () => {
    if (given !== undefined) return given;
    if (parameter === undefined) throw new ConfigurationError(where, 'is not set');
    const value = await getParameter(parameter, { decrypt: true, maxAge: maxAgeSeconds });
    if (value === undefined)
      throw new ConfigurationError(
        where,
        `the SSM parameter ${parameter} does not exist. Create it as a SecureString.`,
      );
    return value;
  };
}
