import * as z from 'zod';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { pollJob } from '../lib/jobs/poll-job.ts';

const event = z.object({
  folderIds: z.array(z.string().min(1)).optional(),
  again: z.boolean().optional(),
  full: z.boolean().optional(),
  limit: z.int().positive().optional(),
  takeOver: z.boolean().optional(),
});

export const handler = lambdaHandler('pollClavus', event, (request, app, context) =>
  pollJob(request, app.clock.now() + context.getRemainingTimeInMillis(), app),
);
