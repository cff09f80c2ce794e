import * as z from 'zod';
import { feedJob } from '../lib/jobs/feed-job.ts';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { measureJob } from '../lib/jobs/measure-job.ts';

const event = z.object({ again: z.boolean().optional() });

export const handler = lambdaHandler('feedQueue', event, async (request, app) => {
  const fed = await feedJob(request, app);
  await measureJob(app);
  return fed;
});
