import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { startsOnLambda } from '../framework/environment.ts';
import { ConfigurationError } from '../framework/errors.ts';
import { lazy } from '../framework/lazy.ts';
import { serviceSettings } from '../framework/service-settings.ts';
import type { App } from './app.ts';

const lambdaApp = () => import('./lambda-app.ts');
// Lambda starts a function at full speed, so the app is loaded then, and not with the first event. Functions that share
// a process use another app.
if (startsOnLambda()) await lambdaApp();

type Job<Event, Result> = (event: Event, app: App, context: Context) => Promise<Result>;

/**
 * A Lambda handler. It parses the event, gives the job the real app, and writes the counts out at the end. It logs an
 * error by name before Lambda sees it; errors of the functions are caught only here. `within` is the same handler
 * around another app, for functions that share a process.
 */
export function lambdaHandler<Event, Result>(
  functionName: string,
  event: z.ZodType<Event>,
  job: Job<Event, Result>,
) {
  const within = (app: () => Promise<App>) => framed(event, job, app);
  const onLambda = lazy(async () => (await lambdaApp()).createApp(functionName));
  return Object.assign(within(onLambda), { within });
}

function framed<Event, Result>(event: z.ZodType<Event>, job: Job<Event, Result>, app: () => Promise<App>) {
  return middy<unknown, Result>()
    .use({
      after: async () => (await app()).telemetry.publish(),
      onError: async ({ error }) => {
        const { telemetry } = await app();
        telemetry.log.error('failed', { error: error?.name, reason: error?.message });
        if (isRefusal(error)) telemetry.count('KeysRefused');
        telemetry.publish();
      },
    })
    .handler(async (raw, context) => job(event.parse(raw), await app(), context));
}

const settings: string[] = Object.values(serviceSettings).flatMap(({ url, key }) => [url, key]);

/** Whether a service refuses its key, or does not answer at its address. */
const isRefusal = (error: unknown) => error instanceof ConfigurationError && settings.includes(error.where);
