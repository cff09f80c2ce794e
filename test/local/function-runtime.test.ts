import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createFunctionRuntime,
  type FunctionRuntime,
  type LocalFunction,
} from '../../local/function-runtime.ts';
import { patience } from '../support/patience.ts';

const root = fileURLToPath(new URL('./fixtures', import.meta.url));
let runtime: FunctionRuntime;
let logged: [string, string][];

afterEach(() => runtime.close());

function start(name: string, overrides: Partial<LocalFunction> = {}, bundles?: string): FunctionRuntime {
  logged = [];
  const fn: LocalFunction = {
    name,
    lambdaName: `fixture-dev-${name}`,
    handler: { file: `functions/${name}`, exportName: 'handler' },
    timeoutSeconds: 60,
    memoryMegabytes: 256,
    environment: { OWN: 'true' },
    schedules: [],
    queues: [],
    ...overrides,
  };
  const onLog = (functionName: string, line: string) => logged.push([functionName, line]);
  runtime = createFunctionRuntime({ functions: [fn], region: 'eu-west-3', root, bundles, onLog });
  return runtime;
}

describe('an invocation', () => {
  it('hands over the event and the context as JSON, and returns the answer as JSON', async () => {
    const answer = await start('echo').invoke('echo', { at: new Date(0), nothing: undefined });
    expect(answer).toMatchObject({
      event: { at: '1970-01-01T00:00:00.000Z' },
      date: '1970-01-01T00:00:00.000Z',
      context: {
        functionName: 'fixture-dev-echo',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-3:000000000000:function:fixture-dev-echo',
        memoryLimitInMB: '256',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        logGroupName: '/aws/lambda/fixture-dev-echo',
      },
    });
    expect(answer).toHaveProperty('event', { at: '1970-01-01T00:00:00.000Z' });
    const { remaining } = answer as { remaining: number };
    expect(remaining).toBeGreaterThan(30_000);
    expect(remaining).toBeLessThanOrEqual(60_000);
  });

  it('shows the function its own environment and nothing of this process', async () => {
    vi.stubEnv('SECRET_OF_THIS_PROCESS', 'x');
    const answer = await start('echo').invoke('echo', {});
    vi.unstubAllEnvs();
    expect(answer).toHaveProperty('environment', {
      OWN: 'true',
      AWS_REGION: 'eu-west-3',
      AWS_DEFAULT_REGION: 'eu-west-3',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'fixture-dev-echo',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fixture-dev-echo',
      LAMBDA_TASK_ROOT: root,
      _HANDLER: 'functions/echo.handler',
      AWS_SDK_UA_APP_ID: 'echo',
    });
  });

  it('reuses a warm environment, and takes another one only while that is busy', async () => {
    const { invoke } = start('echo');
    const first = await invoke('echo', {});
    const [second, third] = await Promise.all([invoke('echo', {}), invoke('echo', {})]);
    expect([first, second, third].map((answer) => (answer as { invocations: number }).invocations)).toEqual([
      1, 2, 1,
    ]);
  });

  it('serves more invocations than it has environments', async () => {
    const { invoke } = start('echo');
    const answers = await Promise.all(Array.from({ length: 25 }, () => invoke('echo', {})));
    const invocations = answers.map((answer) => (answer as { invocations: number }).invocations);
    expect(invocations.filter((count) => count === 1)).toHaveLength(10);
  });

  it('passes on whole lines of what the function writes', async () => {
    await start('echo').invoke('echo', {});
    await vi.waitFor(
      () =>
        expect(logged.toSorted()).toEqual([
          ['echo', 'and a last line'],
          ['echo', 'invocation 1\u2028of this environment'],
        ]),
      patience,
    );
  });

  it('refuses a function that does not exist', async () => {
    await expect(start('echo').invoke('other', {})).rejects.toThrow('there is no function other');
  });
});

describe('an invocation that fails', () => {
  it('rejects with the name and the message of what was thrown, and says so in the log', async () => {
    await expect(start('fail').invoke('fail', {})).rejects.toMatchObject({
      name: 'RangeError',
      message: 'this always fails',
    });
    const [[name, line] = ['', '{}']] = logged;
    expect(name).toBe('fail');
    expect(JSON.parse(line)).toMatchObject({
      level: 'ERROR',
      errorType: 'RangeError',
      errorMessage: 'this always fails',
      stackTrace: expect.arrayContaining([expect.stringMatching(/^at handler .*fail\.ts/)]),
    });
  });

  it('is killed when its time is over, even where it never gives the thread back; the next one begins afresh', async () => {
    const { invoke } = start('hang', { timeoutSeconds: 1 });
    expect(await invoke('hang', { hang: false })).toBe('did not hang');
    await expect(invoke('hang', { hang: true })).rejects.toMatchObject({
      name: 'Sandbox.Timedout',
      message: 'Task timed out after 1.00 seconds',
    });
    expect(await invoke('hang', { hang: false })).toBe('did not hang');
  });

  it('reports a function that exits', async () => {
    await expect(start('exit').invoke('exit', {})).rejects.toMatchObject({
      name: 'Runtime.ExitError',
      message: 'Runtime exited with error: exit status 3',
    });
  });

  it('reports a module that does not load, at each invocation anew', async () => {
    const { invoke } = start('never-loads');
    const failure = { name: 'Error', message: 'a setting is missing' };
    await expect(invoke('never-loads', {})).rejects.toMatchObject(failure);
    await expect(invoke('never-loads', {})).rejects.toMatchObject(failure);
  });

  it('reports a handler that is not exported', async () => {
    const { invoke } = start('echo', { handler: { file: 'functions/echo', exportName: 'missing' } });
    await expect(invoke('echo', {})).rejects.toMatchObject({
      name: 'Runtime.HandlerNotFound',
      message: 'functions/echo.missing is undefined or not exported',
    });
  });

  it('is cut off by closing', async () => {
    const { invoke, close } = start('hang');
    const invocation = invoke('hang', { hang: true });
    const rejection = expect(invocation).rejects.toMatchObject({ name: 'Runtime.ExitError' });
    await close();
    await rejection;
    await expect(invoke('hang', {})).rejects.toMatchObject({ message: 'the functions were ended' });
  });
});

describe('packaged functions', () => {
  it('run instead of their sources', async () => {
    const bundles = mkdtempSync(join(tmpdir(), 'bundles-'));
    mkdirSync(join(bundles, 'functions'));
    writeFileSync(
      join(bundles, 'functions/echo.mjs'),
      'export const handler = async () => "from the bundle";',
    );
    expect(await start('echo', {}, bundles).invoke('echo', {})).toBe('from the bundle');
  });
});
