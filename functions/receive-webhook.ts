import { httpRequest } from '../lib/framework/webhook-request.ts';
import { lambdaHandler } from '../lib/jobs/handler.ts';
import { webhookJob } from '../lib/jobs/webhook-job.ts';

export const handler = lambdaHandler('receiveWebhook', httpRequest, webhookJob);
