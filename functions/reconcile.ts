import * as z from 'zod';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { reconcileJob } from '../lib/jobs/reconcile-job.ts';

export const handler = lambdaHandler('reconcile', z.unknown(), (_event, app) => reconcileJob(app));
