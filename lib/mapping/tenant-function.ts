import type { ColumnValue } from '../clavus/folder.ts';
import type { FieldContext, FieldFunction } from './field-rule.ts';

/** What came of a tenant's function: text (blank for nothing), or why there is none. */
export type FunctionResult = { text: string } | { problem: string };

/**
 * Calls code that is not ours, which makes this an edge: what it throws concerns one field of one folder. Nothing of its
 * message is kept, as it may quote the value.
 */
export function callTenantFunction(
  fn: FieldFunction,
  value: ColumnValue,
  context: FieldContext,
): FunctionResult {
  try {
    // A configuration need not be TypeScript: the type of the result is a promise, not a fact.
    const result: unknown = fn(value, context);
    if (result === undefined || result === null) return { text: '' };
    if (result instanceof Promise) {
      // Nobody waits for it: what it throws must not end the process.
      result.catch(() => {});
      return { problem: 'its function is asynchronous' };
    }
    return typeof result === 'string' ? { text: result } : { problem: 'its function did not return text' };
  } catch {
    return { problem: 'its function threw an error' };
  }
}
