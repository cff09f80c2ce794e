import * as z from 'zod';

/**
 * A list of an answer. Its reading ends at the first entry that is wrong: `z.array` reports all of them, a kilobyte for two
 * characters, and a list of 20 MB then exhausts the memory.
 */
export const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z.array(z.unknown()).transform((given, context): z.infer<Entry>[] => {
    const read: z.infer<Entry>[] = [];
    for (const [place, one] of given.entries()) {
      const parsed = entry.safeParse(one);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        context.addIssue({
          code: 'custom',
          path: [place, ...(issue?.path ?? [])],
          message: issue?.message ?? '',
        });
        return z.NEVER;
      }
      read.push(parsed.data);
    }
    return read;
  });
