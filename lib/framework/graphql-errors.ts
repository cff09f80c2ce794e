import * as z from 'zod';
import { type GraphqlError, meaningOf } from './answer-judgement.ts';
import { ConfigurationError, type System, TryLater } from './errors.ts';
import { listOf } from './list-of.ts';
import { serviceSettings } from './service-settings.ts';
import { vendorText } from './vendor-text.ts';

const label = z.string().nullish().catch(undefined);

// Only a list of objects is certain. Everything in them may be absent, null or of another type.
const errorList = listOf(
  z.object({
    message: label,
    path: z
      .array(z.union([z.string(), z.number()]))
      .nullish()
      .catch(undefined),
    errorType: label, // in the sample of Moovago's guide
    extensions: z.object({ code: label, classification: label }).nullish().catch(undefined),
  }),
);

/**
 * Reads `errors` of an answer.
 * @param hidden the values that must not be shown: the headers with the key
 * @returns `undefined` if it is not a list of errors
 */
export function readGraphqlErrors(errors: unknown, hidden: readonly string[]): GraphqlError[] | undefined {
  return errorList.safeParse(errors ?? []).data?.map(({ message, path, errorType, extensions }) => ({
    message: vendorText(message ?? '', hidden),
    path: path?.length ? path : undefined,
    code: [extensions?.code, extensions?.classification, errorType].filter((name) => name).join(' '),
  }));
}

/** The key lacks a right, reported by GraphQL instead of HTTP. */
export function keyRefused(system: System, applied: 'no' | 'unknown'): ConfigurationError {
  return new ConfigurationError(
    serviceSettings[system].key,
    `${system} refuses what the key asks for (in GraphQL). Check the key and its rights.`,
    { applied: applied === 'unknown' ? applied : undefined },
  );
}

/**
 * The error for a read operation that was answered with errors. If a right is missing, the operator has to act;
 * otherwise retry later. The service's words are left out: they may quote personal data.
 */
export function readFailure(system: System, operation: string, errors: readonly GraphqlError[]): Error {
  const meanings = errors.map(meaningOf);
  if (meanings.includes('key')) {
    return new ConfigurationError(
      serviceSettings[system].key,
      `${system} does not let the key use ${operation}. Check the rights of the key.`,
    );
  }
  const code = errors.map((error) => error.code).find((name) => /^[\w.]{1,60}$/.test(name));
  const why = code === undefined ? '' : ` (${code})`;
  const throttled = meanings.includes('throttled');
  return new TryLater(`${system} could not answer ${operation}${why}`, {
    system,
    applied: 'no',
    throttled,
    isDivisible: !throttled,
  });
}
