import { z } from 'zod';

/** A folder, and the companies that may be its own, field by field. */
export const boardCandidates = z.object({
  folderId: z.string(),
  name: z.string(),
  fields: z.array(z.object({ field: z.string(), clavus: z.string() })),
  companies: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** In the order of the folder's fields. `blank`: one of the two says nothing. */
      fields: z.array(z.object({ moovago: z.string(), is: z.enum(['equal', 'different', 'blank']) })),
    }),
  ),
});
export type BoardCandidates = z.infer<typeof boardCandidates>;
