import { attempt } from './attempt.ts';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { serviceSettings } from './service-settings.ts';

/** How long a key that was read from SSM is used before it is read again, in milliseconds. */
const maxAgeMs = 300_000;
/** What was read, and when, in milliseconds of a clock that nobody sets: Powertools reckons by the wall, where an hour comes twice. */
const kept = new Map<string, { value: string | undefined; at: number }>();

export type Key = {
  /** Rejects with ConfigurationError when there is no key, TryLater when SSM cannot be asked. */
  read(): Promise<string>;
  /** The service did not take it: it is read again the next time, in case somebody changed it. */
  refused(): void;
};

/**
 * A key that is given directly (a developer's machine), or read from an SSM SecureString when it is needed, so that it
 * stands in no template and no environment of a deployed function.
 */
export function keyReader(system: System, given: string | undefined, parameter: string | undefined): Key {
  const where = serviceSettings[system].key;
  let isRefused = false;
  return {
    read: async () => {
      if (given !== undefined) return given;
      if (parameter === undefined) throw new ConfigurationError(where, 'is not set');
      const read = await attempt(readSecret(parameter, isRefused));
      if (!read.ok)
        throw new TryLater('SSM did not give the key', { system, applied: 'no', cause: read.error });
      if (read.value === undefined)
        throw new ConfigurationError(
          where,
          `the SSM parameter ${parameter} does not exist. Create it as a SecureString.`,
        );
      isRefused = false;
      return read.value;
    },
    refused: () => {
      isRefused = true;
    },
  };
}

/**
 * The content of an SSM SecureString, which is kept for five minutes; `undefined` when there is none.
 * @param afresh asks SSM whatever is kept
 */
export async function readSecret(parameter: string, afresh = false): Promise<string | undefined> {
  const known = kept.get(parameter);
  if (!afresh && known !== undefined && performance.now() - known.at < maxAgeMs) return known.value;
  // On a developer's machine no key comes from there, and nothing of it is loaded.
  const { getParameter } = await import('@aws-lambda-powertools/parameters/ssm');
  const read = await attempt(getParameter(parameter, { decrypt: true, forceFetch: true }));
  if (!read.ok && isMissing(read.error)) return undefined;
  if (!read.ok) throw read.error;
  kept.set(parameter, { value: read.value, at: performance.now() });
  return read.value;
}

/** Powertools wraps what SSM said. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (/ParameterNotFound/.test(`${error.name} ${error.message}`) || isMissing(error.cause));
