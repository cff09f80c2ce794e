import { expect } from 'vitest';

/** The key in every test: found in an error, it could end in a log. */
export const canaryKey = 'canary-key-5f2b';

/** Everything of an error that could end in a log: its message, stack, properties, and the same of its causes. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const own = Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]);
  const shown = own
    .filter(([name]) => name !== 'cause')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [error.name, ...shown, error.cause === undefined ? '' : everythingIn(error.cause)].join('\n');
}

/** The error of a promise that fails; a promise that does not fail is an error of the test. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** What an error says to those who act on it, as one object to compare. */
export function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error };
  const facts = ['where', 'system', 'applied', 'status', 'retryAfterMs', 'reason']
    .map((name) => [name, Reflect.get(error, name)] as const)
    .filter(([, value]) => value !== undefined);
  return { kind: error.constructor.name, message: error.message, ...Object.fromEntries(facts) };
}

/** The facts of a failure, having made sure that the key is nowhere in it. */
export async function safeFailure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await failureOf(promise);
  expect(everythingIn(error)).not.toContain(canaryKey);
  return factsOf(error);
}
