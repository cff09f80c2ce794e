import { z } from 'zod';

/** What a child is asked. */
export const question = z.object({ id: z.number(), name: z.string(), argument: z.unknown().optional() });
export type Question = z.infer<typeof question>;

/** What it says to that: a value, or the text of an error. */
export const answer = z.object({
  id: z.number(),
  value: z.unknown().optional(),
  error: z.string().optional(),
});
export type Answer = z.infer<typeof answer>;
