import { ConfigurationError, TryLater } from '../../framework/errors.ts';

/** Fewer ids at once may pass, or all but one: what is refused is not the key's right to read, which pages prove. */
export const isAboutSome = (error: unknown): boolean =>
  error instanceof ConfigurationError ||
  (error instanceof TryLater && (error.isDivisible || [400, 413, 422].includes(error.status ?? 0)));

/** Whether Clavus seems not to take what was asked for, rather than to be in trouble: another question may pass. */
export const isRefusal = (error: unknown): boolean =>
  isAboutSome(error) || (error instanceof TryLater && error.status === 500);
