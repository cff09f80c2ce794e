import { ConfigurationError, TryLater } from '../../framework/errors.ts';

/** Whether Clavus seems not to take what was asked for, rather than to be in trouble: another question may pass. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ConfigurationError ||
  (error instanceof TryLater && (error.isDivisible || [400, 413, 422, 500].includes(error.status ?? 0)));
