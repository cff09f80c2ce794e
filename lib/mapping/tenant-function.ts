import type { ColumnValue } from '../clavus/folder.ts';
import type { FieldContext, FieldFunction } from './field-rule.ts';

/** The result of a tenant's function: text (blank for nothing), or a problem. */
export type FunctionResult = { text: string } | { problem: string };

/**
 * Calls the tenant's code, and catches everything that it throws: that concerns one field of one folder only. The
 * message is dropped, because it may quote the value.
 */
export function callTenantFunction(
  fn: FieldFunction,
  value: ColumnValue,
  context: FieldContext,
): FunctionResult {
  try {
    // A configuration need not be TypeScript, so the type of the result is not guaranteed.
    const result: unknown = fn(value, context);
    if (result === undefined || result === null) return { text: '' };
    if (result instanceof Promise) {
      // The connector does not wait for it: its rejection must not end the process.
      result.catch(() => {});
      return { problem: 'its function is asynchronous' };
    }
    return typeof result === 'string' ? { text: result } : { problem: 'its function did not return text' };
  } catch {
    return { problem: 'its function threw an error' };
  }
}
