import * as z from 'zod';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { writeJob } from '../lib/jobs/write-job.ts';

const event = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

export const handler = lambdaHandler('writeMoovago', event, ({ Records }, app, context) =>
  writeJob(Records, app.clock.now() + context.getRemainingTimeInMillis(), app),
);
