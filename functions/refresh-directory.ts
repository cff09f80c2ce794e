import * as z from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { refreshJob } from '../lib/jobs/refresh-job.ts';

export const handler = lambdaHandler('refreshDirectory', z.unknown(), async (_event, app) => {
  const { columns, users, team } = await refreshJob(app);
  return { columns: columns.length, users: users.length, members: team.members.length };
});
