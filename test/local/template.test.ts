// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these placeholders are what is read

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tableIndexes, tableKey } from '../../lib/state/table-schema.ts';
import { describeTable } from '../../local/dynamodb/table-description.ts';
import { readStack } from '../../local/template.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));

describe('the stack of the project', () => {
  const stack = readStack(projectRoot, {
    stage: 'dev',
    environment: { MOOVAGO_API_URL: 'https://moovago.example/graphql' },
  });

  it('has a writer that is fed by the queue of changes, within its limits', () => {
    const writer = stack.functions.find(({ name }) => name === 'writeMoovago');
    expect(writer?.handler).toEqual({ file: 'functions/write-moovago', exportName: 'handler' });
    expect(writer?.lambdaName).toBe('clavus-moovago-dev-writeMoovago');
    expect(writer?.queues).toEqual([
      {
        queue: 'ChangesQueue',
        batchSize: 250,
        batchingWindowSeconds: 1,
        maximumConcurrency: 3,
        reportBatchItemFailures: true,
      },
    ]);
  });

  it('polls every five minutes, in the time zone of Paris', () => {
    const poller = stack.functions.find(({ name }) => name === 'pollClavus');
    expect(poller?.schedules).toEqual([{ expression: 'rate(5 minutes)', timezone: 'Europe/Paris' }]);
    expect(poller?.queues).toEqual([]);
  });

  it('reconciles every night, with all the time that a function can have', () => {
    const nightly = stack.functions.find(({ name }) => name === 'reconcile');
    expect(nightly?.schedules).toEqual([{ expression: 'cron(10 3 * * ? *)', timezone: 'Europe/Paris' }]);
    expect(nightly?.timeoutSeconds).toBe(900);
  });

  it('gives every function the table, the queue and the addresses', () => {
    for (const fn of stack.functions) {
      expect(fn.environment).toMatchObject({
        STAGE: 'dev',
        TABLE_NAME: 'clavus-moovago-dev',
        QUEUE_URL: { queueUrlOf: 'ChangesQueue' },
        CLAVUS_API_URL: 'https://api-v2.clavus.io/api/external/graphql',
        MOOVAGO_API_URL: 'https://moovago.example/graphql',
      });
    }
  });

  it('has one table with its two sparse indexes', () => {
    expect(stack.tables).toHaveLength(1);
    expect(stack.tables[0]).toMatchObject({
      TableName: 'clavus-moovago-dev',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'due' }, { IndexName: 'company' }],
    });
  });

  it('has the keys and the indexes that the code queries, and no other', () => {
    const described = stack.tables.map(describeTable);
    expect(described).toEqual([
      { name: 'clavus-moovago-dev', key: tableKey, indexes: Object.values(tableIndexes) },
    ]);
  });

  it('has a queue that gives up on a message after five times', () => {
    expect(stack.queues.map(({ name, deadLetter }) => ({ name, deadLetter }))).toEqual([
      { name: 'clavus-moovago-dev-changes', deadLetter: { queue: 'DeadLettersQueue', maxReceiveCount: 5 } },
      { name: 'clavus-moovago-dev-dead-letters', deadLetter: undefined },
      { name: 'clavus-moovago-dev-failed-runs', deadLetter: undefined },
    ]);
  });
});

describe('a stack', () => {
  it('is resolved through variables and through both forms of the intrinsics', () => {
    const stack = readStack(fixtures, { stage: 'night', environment: {} });
    expect(stack.functions[0]).toEqual({
      name: 'echo',
      lambdaName: 'fixture-night-echo',
      handler: { file: 'functions/echo', exportName: 'handler' },
      timeoutSeconds: 60,
      memoryMegabytes: 256,
      environment: {
        TABLE_NAME: 'fixture-night',
        QUEUE_URL: { queueUrlOf: 'WorkQueue' },
        QUEUE_ARN: 'arn:aws:sqs:eu-west-3:000000000000:fixture-night-WorkQueue',
        INDEXES: 'arn:aws:dynamodb:eu-west-3:000000000000:table/fixture-night/index/*',
        WHERE: 'eu-west-3/bonsoir',
        FROM_OUTSIDE: 'fixture-night',
        NOTHING: '',
        COUNT: '5',
        OWN: 'true',
      },
      schedules: [{ expression: 'rate(1 hour)', timezone: 'Europe/Paris' }],
      queues: [],
    });
    expect(stack.queues).toEqual([
      {
        id: 'WorkQueue',
        name: 'fixture-night-WorkQueue',
        attributes: { VisibilityTimeout: '3600' },
        deadLetter: { queue: 'DeadQueue', maxReceiveCount: 2 },
      },
      { id: 'DeadQueue', name: 'fixture-night-dead', attributes: {} },
    ]);
  });

  it('sends dynalite nothing that only AWS knows', () => {
    const [table] = readStack(fixtures, { stage: 'dev', environment: {} }).tables;
    expect(Object.keys(table ?? {}).sort()).toEqual([
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'TableName',
    ]);
  });

  it('takes a value of the environment as it is, whatever it looks like', () => {
    const environment = { FROM_OUTSIDE: "${self:service}, 'x'" };
    const [echo] = readStack(fixtures, { stage: 'dev', environment }).functions;
    expect(echo?.environment.FROM_OUTSIDE).toBe("${self:service}, 'x'");
  });
});

describe('what cannot be resolved', () => {
  it.each([
    ['${ssm:/some/parameter}', '${ssm:/some/parameter} cannot be resolved on this machine'],
    ['${file(other.yml):x}', '${file(other.yml):x} is not a variable that this machine can resolve'],
    ['${env:NOT_THERE}', '${env:NOT_THERE} has no value: set it, or give it a default'],
    ['${self:provider.environment.BROKEN}', '${self:provider.environment.BROKEN} refers to itself'],
    ['${env:NOT_THERE', '"${env:NOT_THERE" has a "${" without its "}"'],
    ['!Ref Elsewhere', 'Ref: Elsewhere names neither a table nor a queue of serverless.yml'],
    ['!GetAtt Elsewhere.Arn', 'Fn::GetAtt: Elsewhere.Arn cannot be resolved on this machine'],
    ["!Sub 'x ${Elsewhere}'", 'Ref: Elsewhere names neither a table nor a queue of serverless.yml'],
    ['!ImportValue there', 'Fn::ImportValue cannot be resolved on this machine'],
  ])('%s is one error that names it and its place', (value, message) => {
    const root = withServerlessFile(`
service: x
provider:
  environment: { BROKEN: ${value.startsWith('!') ? value : JSON.stringify(value)} }
`);
    expect(() => readStack(root, { stage: 'dev', environment: {} })).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: `serverless.yml, provider.environment.BROKEN: ${message}`,
      }),
    );
  });

  it('an entry that does not fit is named with its path', () => {
    const root = withServerlessFile(`
service: x
provider: {}
functions:
  poll: { handler: functions/poll.handler, timeout: 901 }
`);
    expect(() => readStack(root, { stage: 'dev', environment: {} })).toThrow(
      'serverless.yml, functions.poll.timeout: Too big: expected number to be <=900',
    );
  });

  it('a queue that is not in the file is named', () => {
    const root = withServerlessFile(`
service: x
provider: { region: eu-west-3 }
functions:
  poll:
    handler: functions/poll.handler
    events: [{ sqs: 'arn:aws:sqs:eu-west-3:000000000000:other' }]
`);
    expect(() => readStack(root, { stage: 'dev', environment: {} })).toThrow(
      'serverless.yml, functions.poll.events.0.sqs.arn: arn:aws:sqs:eu-west-3:000000000000:other is not a queue of this file',
    );
  });

  it('a missing file is named', () => {
    expect(() => readStack('/nowhere', { stage: 'dev', environment: {} })).toThrow(
      '/nowhere/serverless.yml: this file cannot be read',
    );
  });
});

function withServerlessFile(content: string): string {
  const root = mkdtempSync(join(tmpdir(), 'serverless-'));
  writeFileSync(join(root, 'serverless.yml'), content);
  return root;
}
