import { lambdaHandler } from '../lib/framework/handler.ts';
import { httpRequest } from '../lib/framework/webhook-request.ts';
import { webhookJob } from '../lib/jobs/webhook-job.ts';

export const handler = lambdaHandler('receiveWebhook', httpRequest, webhookJob);
