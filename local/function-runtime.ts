import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../lib/framework/errors.ts';
import {
  type ExecutionEnvironment,
  FunctionError,
  startExecutionEnvironment,
} from './execution-environment.ts';
import { type SharedServices, startInProcessEnvironment } from './in-process-environment.ts';
import { localAccount } from './intrinsics.ts';
import type { StackFunction } from './template.ts';

/** `environment` is complete: queue URLs, endpoints and credentials included. */
export type LocalFunction = Omit<StackFunction, 'environment'> & { environment: Record<string, string> };

export type FunctionRuntime = {
  /** Rejects with a `FunctionError` where the function throws, times out or cannot be loaded. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Ends every environment at once, with whatever runs in it. */
  close(): Promise<void>;
};

export type FunctionRuntimeOptions = {
  functions: LocalFunction[];
  region: string;
  /** Where the handlers' TypeScript files are. */
  root: string;
  /** Where packaged handlers (`.mjs`) are, to run those instead. */
  bundles?: string | undefined;
  /** Runs the functions in this thread, on these services; in a thread for each environment where they are not given. */
  shared?: SharedServices | undefined;
  /** Every line that a function writes, and one line of JSON for an invocation that failed. */
  onLog(functionName: string, line: string): void;
};

/** Environments of one function at a time; more invocations wait for one of them. */
const environmentsMaximum = 10;

/** Runs functions as Lambda does: one invocation at a time in an environment, and environments as they are needed. */
export function createFunctionRuntime(options: FunctionRuntimeOptions): FunctionRuntime {
  const pools = new Map(options.functions.map((fn) => [fn.name, createPool(() => start(fn, options))]));
  const functions = new Map(options.functions.map((fn) => [fn.name, fn]));
  let closing = false;

  async function invoke(name: string, event: unknown): Promise<unknown> {
    const fn = functions.get(name);
    const pool = pools.get(name);
    if (!fn || !pool)
      throw new ConfigurationError('serverless.yml, functions', `there is no function ${name}`);
    if (closing) throw new FunctionError({ type: 'Runtime.ExitError', message: 'the functions were ended' });
    const environment = await pool.take();
    const context = contextOf(fn, options.region);
    try {
      return await environment.invoke({ event: asJson(event), context }, fn.timeoutSeconds);
    } catch (error) {
      if (!closing) options.onLog(name, failureLine(error, context.awsRequestId));
      throw error;
    } finally {
      pool.giveBack(environment);
    }
  }

  return {
    invoke,
    async close() {
      closing = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function start(
  fn: LocalFunction,
  { root, bundles, region, shared, onLog }: FunctionRuntimeOptions,
): ExecutionEnvironment {
  const { file, exportName } = fn.handler;
  const path = bundles === undefined ? join(root, `${file}.ts`) : join(bundles, `${file}.mjs`);
  const handlerName = `${file}.${exportName}`;
  const options = {
    moduleUrl: pathToFileURL(path).href,
    exportName,
    handlerName,
    environment: {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: fn.lambdaName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.lambdaName}`,
      LAMBDA_TASK_ROOT: bundles ?? root,
      _HANDLER: handlerName,
      // The SDK says so in every request: what listens there can tell the functions apart.
      AWS_SDK_UA_APP_ID: fn.name,
      ...fn.environment,
    },
    memoryMegabytes: fn.memoryMegabytes,
    onLine: (line: string) => onLog(fn.name, line),
  };
  return shared === undefined
    ? startExecutionEnvironment(options)
    : startInProcessEnvironment(options, fn.name, shared);
}

function contextOf(fn: LocalFunction, region: string) {
  return {
    functionName: fn.lambdaName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${localAccount}:function:${fn.lambdaName}`,
    memoryLimitInMB: String(fn.memoryMegabytes),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${fn.lambdaName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
  };
}

/** An event travels to Lambda as JSON: what JSON cannot hold does not arrive. */
function asJson(event: unknown): unknown {
  return event === undefined ? {} : JSON.parse(JSON.stringify(event));
}

function failureLine(error: unknown, requestId: string): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const stackTrace = error instanceof FunctionError ? error.trace.split('\n').slice(1, 6) : [];
  return JSON.stringify({
    level: 'ERROR',
    message: 'Invoke Error',
    requestId,
    errorType: name,
    errorMessage: message,
    stackTrace: stackTrace.map((line) => line.trim()),
  });
}

type Pool = {
  take(): Promise<ExecutionEnvironment>;
  giveBack(environment: ExecutionEnvironment): void;
  close(): Promise<void>;
};

function createPool(startOne: () => ExecutionEnvironment): Pool {
  const all = new Set<ExecutionEnvironment>();
  const idle: ExecutionEnvironment[] = [];
  const waiting: (() => void)[] = [];

  function forgetThoseThatAreOver(): void {
    for (const environment of all) {
      if (!environment.isOver()) continue;
      all.delete(environment);
      if (idle.includes(environment)) idle.splice(idle.indexOf(environment), 1);
    }
  }

  return {
    async take() {
      forgetThoseThatAreOver();
      while (idle.length === 0 && all.size >= environmentsMaximum) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        forgetThoseThatAreOver();
      }
      const environment = idle.pop() ?? startOne();
      all.add(environment);
      return environment;
    },
    giveBack(environment) {
      if (!environment.isOver()) idle.push(environment);
      waiting.shift()?.();
    },
    async close() {
      await Promise.all([...all].map((environment) => environment.end()));
    },
  };
}
