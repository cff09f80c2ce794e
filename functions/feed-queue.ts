import * as z from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { feedJob } from '../lib/jobs/feed-job.ts';

const event = z.object({ again: z.boolean().optional() });

export const handler = lambdaHandler('feedQueue', event, feedJob);
