import { attempt } from './attempt.ts';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { serviceSettings } from './service-settings.ts';

/** How long a key from SSM is used before it is read again, in milliseconds. */
const maxAgeMs = 300_000;
/**
 * What was read, and when, in milliseconds of a monotonic clock. Powertools uses wall-clock time, in which an hour can
 * repeat.
 */
const kept = new Map<string, { value: string | undefined; at: number }>();

export type Key = {
  /** Rejects with ConfigurationError if there is no key, with TryLater if SSM does not answer. */
  read(): Promise<string>;
  /** The service refused the key. The next use reads it from SSM again, in case the operator changed it. */
  refused(): void;
};

/**
 * A key that is given directly (a developer's machine), or read from an SSM SecureString when it is needed. So no
 * template and no environment of a deployed function holds the key.
 */
export function keyReader(system: System, given: string | undefined, parameter: string | undefined): Key {
  const where = serviceSettings[system].key;
  let isAfresh = false;
  return {
    read: async () => {
      if (given !== undefined) return given;
      if (parameter === undefined) throw new ConfigurationError(where, 'is not set');
      const read = await attempt(readSecret(parameter, isAfresh));
      if (!read.ok)
        throw new TryLater('SSM did not give the key', { system, applied: 'no', cause: read.error });
      // The operator may be about to create it.
      isAfresh = read.value === undefined;
      if (read.value === undefined)
        throw new ConfigurationError(
          where,
          `the SSM parameter ${parameter} does not exist. Create it as a SecureString.`,
        );
      return read.value;
    },
    refused: () => {
      isAfresh = true;
    },
  };
}

/**
 * The content of an SSM SecureString; `undefined` if it does not exist. Both are cached for five minutes, because anybody on
 * the internet can make the webhook ask for its secret.
 * @param afresh reads SSM even if a value is cached
 */
export async function readSecret(parameter: string, afresh = false): Promise<string | undefined> {
  const known = kept.get(parameter);
  if (!afresh && known !== undefined && performance.now() - known.at < maxAgeMs) return known.value;
  // Loaded on demand: a developer's machine never needs it.
  const { getParameter } = await import('@aws-lambda-powertools/parameters/ssm');
  const read = await attempt(getParameter(parameter, { decrypt: true, forceFetch: true }));
  if (!read.ok && !isMissing(read.error)) throw read.error;
  const value = read.ok ? read.value : undefined;
  kept.set(parameter, { value, at: performance.now() });
  return value;
}

/** Powertools wraps the error of SSM. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (/ParameterNotFound/.test(`${error.name} ${error.message}`) || isMissing(error.cause));
