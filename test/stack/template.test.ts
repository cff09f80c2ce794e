import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Cron } from 'croner';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

const run = promisify(execFile);
let templateFile = '';
let template: Template;

beforeAll(async () => {
  ({ template, templateFile } = await packagedBundles());
});

const functions = () => resourcesOf(template, 'AWS::Lambda::Function');
describe('the table', () => {
  it('outlives the stack, can be restored to any second, and is encrypted', () => {
    const table = template.Resources.StateTable;
    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties).toMatchObject({
      TableName: 'clavus-moovago-test',
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });
});

describe('the queues', () => {
  it('are encrypted, and those for what failed keep it for 14 days', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue');
    expect(queues.map(({ id }) => id).sort()).toEqual([
      'ChangesQueue',
      'DeadLettersQueue',
      'FailedRunsQueue',
    ]);
    for (const { id, Properties } of queues) {
      expect(Properties.SqsManagedSseEnabled).toBe(true);
      expect(Properties.FifoQueue).toBeUndefined();
      if (id !== 'ChangesQueue') expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
    }
  });

  it('of changes hides a message six times as long as its function may take, and listens long', () => {
    const [mapping] = resourcesOf(template, 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['ChangesQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 3 },
    });
    const [functionId] = mapping?.Properties.FunctionName['Fn::GetAtt'] ?? [];
    const { VisibilityTimeout, ReceiveMessageWaitTimeSeconds } =
      template.Resources.ChangesQueue?.Properties ?? {};
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * template.Resources[functionId]?.Properties.Timeout);
    expect(ReceiveMessageWaitTimeSeconds).toBe(20);
  });

  it('of changes gives up on a message after five times, to the queue of dead letters, which takes it', () => {
    expect(template.Resources.ChangesQueue?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLettersQueue', 'Arn'] },
      maxReceiveCount: 5,
    });
    const allowed = template.Resources.DeadLettersQueue?.Properties.RedriveAllowPolicy;
    expect(allowed.redrivePermission).toBe('byQueue');
    expect(allowed.sourceQueueArns[0]['Fn::Sub'].split(':').at(-1)).toBe(
      template.Resources.ChangesQueue?.Properties.QueueName,
    );
  });
});

describe('the schedules', () => {
  const schedules = () =>
    resourcesOf(template, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);

  it('are valid, in the time of Paris', () => {
    expect(
      schedules()
        .map(({ ScheduleExpression }) => ScheduleExpression)
        .sort(),
    ).toEqual([
      'cron(10 3 * * ? *)',
      'cron(40 4 * * ? *)',
      'rate(1 hour)',
      'rate(1 minute)',
      'rate(5 minutes)',
    ]);
    for (const { ScheduleExpression, ScheduleExpressionTimezone } of schedules()) {
      expect(ScheduleExpressionTimezone).toBe('Europe/Paris');
      expect(Intl.supportedValuesOf('timeZone')).toContain(ScheduleExpressionTimezone);
      const [, kind, fields = ''] = /^(rate|cron)\((.+)\)$/.exec(ScheduleExpression) ?? [];
      if (kind === 'rate')
        expect(fields).toMatch(/^(1 (minute|hour|day)|([2-9]|\d\d+) (minutes|hours|days))$/);
      // AWS' dialect: days of the week from 1, Sunday; a year and no seconds.
      else {
        const dialect = { mode: '7-part', alternativeWeekdays: true, sloppyRanges: true } as const;
        expect(new Cron(`0 ${fields}`, { ...dialect, timezone: 'Europe/Paris' }).nextRun()).not.toBeNull();
      }
    }
  });

  it('try once, and put what could not be started on a queue', () => {
    for (const { Target } of schedules())
      expect(Target).toMatchObject({
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedRunsQueue', 'Arn'] } },
      });
  });

  it('pile up no retries of what failed, and put it on the same queue', () => {
    const scheduled = schedules().map(({ Target }) => Target.Arn['Fn::GetAtt'][0]);
    const configured = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').map(
      ({ Properties }) => Properties,
    );
    expect(configured.map(({ FunctionName }) => FunctionName.Ref).sort()).toEqual(scheduled.sort());
    for (const { MaximumRetryAttempts, DestinationConfig } of configured)
      expect([MaximumRetryAttempts, DestinationConfig]).toEqual([
        0,
        { OnFailure: { Destination: { 'Fn::GetAtt': ['FailedRunsQueue', 'Arn'] } } },
      ]);
  });
});

describe('the functions', () => {
  it('run on Node 24 with traces, their logs kept for 30 days, no version left behind', () => {
    for (const { Properties } of functions()) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    }
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
      functions()
        .map(({ Properties }) => `/aws/lambda/${Properties.FunctionName}`)
        .sort(),
    );
    for (const { RetentionInDays } of groups) expect(RetentionInDays).toBe(30);
    expect(resourcesOf(template, 'AWS::Lambda::Version')).toEqual([]);
  });

  it('find every variable that the code reads, and no key among them', async () => {
    const sources = await Promise.all(
      ['lib', 'functions'].map(async (top) =>
        (await readdir(top, { recursive: true }))
          .filter((file) => file.endsWith('.ts'))
          .map((file) => join(top, file)),
      ),
    );
    const reading = [];
    for (const file of sources.flat())
      if ((await readFile(file, 'utf8')).includes('process.env')) reading.push(file);
    expect(reading).toEqual(['lib/framework/environment.ts']);

    const schema = await readFile('lib/framework/environment.ts', 'utf8');
    const read = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name ?? '');
    expect(read.length).toBeGreaterThan(8);
    // Only a developer's machine sets these.
    const local = ['CLAVUS_API_KEY', 'MOOVAGO_API_KEY', 'SYNC_CONFIG_FILE', 'IGNORE_BUSINESS_HOURS'];
    for (const { id, Properties } of functions()) {
      const own = id === 'ReceiveWebhookLambdaFunction' ? [] : ['WEBHOOK_SECRET_PARAMETER'];
      expect(Object.keys(Properties.Environment.Variables).sort()).toEqual(
        read.filter((name) => ![...local, ...own].includes(name)).sort(),
      );
    }
    expect(JSON.stringify(template)).not.toContain('{{resolve:');
  });

  it('of the webhook is reached by one route, at ten requests a second at most', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ({ Properties }) => Properties.RouteKey,
    );
    expect(routes).toEqual(['POST /webhooks/clavus']);
    const [stage] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 10,
      ThrottlingBurstLimit: 20,
      DetailedMetricsEnabled: false,
    });
  });
});

it('cfn-lint finds nothing to say', async ({ skip }) => {
  const linted = await run('cfn-lint', [templateFile]).catch(
    (error: { code?: unknown; stdout?: string }) => error,
  );
  if ('code' in linted && linted.code === 'ENOENT') {
    console.log('skipped: cfn-lint is not on this machine (pip install cfn-lint)');
    skip('cfn-lint is not on this machine');
  }
  expect(linted).toMatchObject({ stdout: '' });
  expect(linted).not.toHaveProperty('code');
});
