import type * as z from 'zod';
import { type System, TryLater } from './errors.ts';

/**
 * Parses the answer of a service to an operation.
 * @throws TryLater that names the operation and the place of the mismatch, never the value
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  { system, operation }: { system: System; operation: string },
): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const place = ['data', ...(issue?.path ?? [])].join('.');
  throw new TryLater(`the answer of ${system} to ${operation} is not what the guide describes, at ${place}`, {
    system,
    applied: 'unknown',
    isDivisible: true,
  });
}
