import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { attempt } from '../lib/framework/attempt.ts';
import { readEnvironment } from '../lib/framework/environment.ts';
import { lazy } from '../lib/framework/lazy.ts';
import type { App } from '../lib/jobs/app.ts';
import {
  type ExecutionEnvironment,
  type ExecutionEnvironmentOptions,
  FunctionError,
} from './execution-environment.ts';
import { lineTelemetry } from './in-process-telemetry.ts';

/** The services of the stack, as the functions in this process share them. */
export type SharedServices = { documents: DynamoDBDocumentClient; sqs: SQSClient };

type Handler = (event: unknown, context: object) => unknown;
/** What `lambdaHandler` makes: it can be put around an app that is not made from the environment of the process. */
type PortableHandler = { within(app: () => Promise<App>): Handler };

/**
 * An execution environment in this very thread: an app of its own, one invocation at a time, and the modules, the heap and the
 * event loop of the process. A tenth of the memory of a thread, and no second start. It isolates nothing: a function that
 * runs out of time is given up, not killed: it goes on like a Lambda that was frozen, and says nothing more.
 */
export function startInProcessEnvironment(
  options: ExecutionEnvironmentOptions,
  functionName: string,
  services: SharedServices,
): ExecutionEnvironment {
  const { moduleUrl, exportName, handlerName, onLine } = options;
  let over = false;
  /** Ends the wait for the invocation that is under way. */
  let abandon = (_error: FunctionError): void => {};

  const app = lazy(async () => {
    // Commands that only look at the state never load what the functions do.
    const { assembleApp, surroundingsIn } = await import('../lib/jobs/app.ts');
    const telemetry = lineTelemetry(functionName, (line) => over || onLine(line));
    const environment = readEnvironment(options.environment);
    const table = { client: services.documents, name: environment.TABLE_NAME };
    return assembleApp(await surroundingsIn(environment, telemetry, { table, sqs: services.sqs }));
  });
  const handler = lazy(async () => {
    const module: Record<string, unknown> = await import(moduleUrl);
    const found = z
      .custom<PortableHandler>((value) => typeof Object(value).within === 'function')
      .safeParse(module[exportName]);
    if (!found.success)
      throw new FunctionError({
        type: 'Runtime.HandlerNotFound',
        message: `${handlerName} is undefined or not exported`,
      });
    return found.data.within(app);
  });

  function giveUp(error: FunctionError): void {
    over = true;
    abandon(error);
  }

  return {
    async invoke({ event, context }, timeoutSeconds) {
      const given = Promise.withResolvers<never>();
      abandon = given.reject;
      const timer = setTimeout(() => giveUp(timedOut(timeoutSeconds)), timeoutSeconds * 1000);
      const deadline = Date.now() + timeoutSeconds * 1000;
      const getRemainingTimeInMillis = () => deadline - Date.now();
      const answer = async () => (await handler())(event, { ...context, getRemainingTimeInMillis });
      const done = await attempt(Promise.race([answer(), given.promise]));
      clearTimeout(timer);
      if (!done.ok) throw asFunctionError(done.error);
      const json = JSON.stringify(done.value);
      return json === undefined ? undefined : JSON.parse(json);
    },
    isOver: () => over,
    end: async () =>
      giveUp(new FunctionError({ type: 'Runtime.ExitError', message: 'the function was ended' })),
  };
}

const timedOut = (seconds: number) =>
  new FunctionError({
    type: 'Sandbox.Timedout',
    message: `Task timed out after ${seconds.toFixed(2)} seconds`,
  });

function asFunctionError(error: unknown): FunctionError {
  if (error instanceof FunctionError) return error;
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return new FunctionError({ type: name, message, trace: stack });
}
