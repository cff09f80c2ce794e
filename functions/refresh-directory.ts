import * as z from 'zod';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { prospectsJob } from '../lib/jobs/prospects-job.ts';
import { refreshJob } from '../lib/jobs/refresh-job.ts';

/** `prospects`: companies that the operator asks to send to Clavus, even if they were refused or blocked before. */
const event = z.object({ prospects: z.array(z.string().min(1)).default([]) });

export const handler = lambdaHandler('refreshDirectory', event, async ({ prospects }, app, context) => {
  const deadline = app.clock.now() + context.getRemainingTimeInMillis();
  const { columns, users, team, read } = await refreshJob(app);
  const sent = await prospectsJob(read, prospects, deadline, app);
  return {
    columns: columns.length,
    users: users.length,
    members: team.members.length,
    ...(sent.state === 'off' ? {} : { prospects: sent }),
  };
});
