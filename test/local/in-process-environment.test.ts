import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { documentClient } from '../../lib/state/table.ts';
import { startInProcessEnvironment } from '../../local/in-process-environment.ts';

const environment = {
  STAGE: 'test',
  TABLE_NAME: 'table',
  QUEUE_URL: 'queue',
  CLAVUS_API_URL: 'https://clavus.example',
  MOOVAGO_API_URL: 'https://moovago.example',
};

function start(name = 'portable', exportName = 'handler') {
  const lines: unknown[] = [];
  const aws = { region: 'eu-west-3' };
  const made = startInProcessEnvironment(
    {
      moduleUrl: new URL(`./fixtures/functions/${name}.ts`, import.meta.url).href,
      exportName,
      handlerName: `functions/${name}.${exportName}`,
      environment,
      memoryMegabytes: 128,
      onLine: (line) => lines.push(JSON.parse(line)),
    },
    'pollClavus',
    { documents: documentClient(new DynamoDBClient(aws)), sqs: new SQSClient(aws) },
  );
  const invoke = (event: object, seconds = 10) =>
    made.invoke({ event, context: { functionName: 'f' } as never }, seconds);
  return { made, invoke, lines };
}

it('A function that shares the process has its own settings, and says and counts in the lines that Lambda would have', async () => {
  const { invoke, lines } = start();
  const answer = await invoke({ n: 1 });
  expect(answer).toEqual({ event: { n: 1 }, at: '1970-01-01T00:00:00.000Z', context: { functionName: 'f' } });
  expect(lines).toEqual([
    { level: 'INFO', message: 'seen', functionName: 'pollClavus', stage: 'test' },
    {
      _aws: { CloudWatchMetrics: [{ Namespace: 'ClavusMoovago', Metrics: [{ Name: 'FoldersUnmappable' }] }] },
      FoldersUnmappable: [2, 3],
    },
  ]);
});

it('What a function throws keeps its name, and the next invocation goes on', async () => {
  const { made, invoke } = start();
  await expect(invoke({ do: 'fail' })).rejects.toMatchObject({ name: 'TypeError', message: 'not good' });
  expect(made.isOver()).toBe(false);
  await expect(invoke({})).resolves.toMatchObject({ event: {} });
});

it('A function that runs out of time is given up, and its environment takes nothing more', async () => {
  const { made, invoke } = start();
  await expect(invoke({ do: 'hang' }, 0.01)).rejects.toMatchObject({
    name: 'Sandbox.Timedout',
    message: 'Task timed out after 0.01 seconds',
  });
  expect(made.isOver()).toBe(true);
});

it('What goes on after its end says nothing more', async () => {
  const { made, invoke, lines } = start();
  await invoke({});
  expect(lines.splice(0)).toHaveLength(2);
  const released = Promise.withResolvers<void>();
  const going = invoke({ do: 'wait', until: released.promise }).catch(() => {});
  await made.end();
  await going;
  released.resolve();
  await new Promise(setImmediate);
  expect(lines).toEqual([]);
});

it('A function that is ended says so to whoever waits for it', async () => {
  const { made, invoke } = start();
  const rejection = expect(invoke({ do: 'hang' })).rejects.toMatchObject({ name: 'Runtime.ExitError' });
  await made.end();
  await rejection;
});

it('What is no function of ours is told by its name', async () => {
  await expect(start('portable', 'missing').invoke({})).rejects.toMatchObject({
    name: 'Runtime.HandlerNotFound',
    message: 'functions/portable.missing is undefined or not exported',
  });
});
