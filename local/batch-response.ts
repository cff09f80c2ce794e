import { z } from 'zod';

const batchResponseSchema = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullish();

/**
 * Which messages of a batch a function reported as failed. No answer, or one that names none, is a success of the whole batch.
 * `malformed`: an answer of another shape, or an id that is not in the batch; Lambda then takes the whole batch as failed.
 */
export function failedMessageIds(answer: unknown, messageIds: string[]): Set<string> | 'malformed' {
  const parsed = batchResponseSchema.safeParse(answer);
  if (!parsed.success) return 'malformed';
  const failed = new Set(parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  return failed.isSubsetOf(new Set(messageIds)) ? failed : 'malformed';
}
