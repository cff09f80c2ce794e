import * as z from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { pollJob } from '../lib/jobs/poll-job.ts';

const event = z.object({
  folderIds: z.array(z.string().min(1)).optional(),
  again: z.boolean().optional(),
  limit: z.int().positive().optional(),
  takeOver: z.boolean().optional(),
});

export const handler = lambdaHandler('pollClavus', event, pollJob);
