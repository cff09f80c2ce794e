import * as z from 'zod';
import { lambdaHandler } from '../lib/framework/handler.ts';
import { checkJob } from '../lib/jobs/check-job.ts';

export const handler = lambdaHandler('checkApis', z.unknown(), (_event, app) => checkJob(app));
