import * as z from 'zod';
import { checkJob } from '../lib/jobs/check-job.ts';
import { lambdaHandler } from '../lib/jobs/handler.ts';

export const handler = lambdaHandler('checkApis', z.unknown(), (_event, app) => checkJob(app));
