import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantsOf } from '../support/iam.ts';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';
import { canaries, runWholeJob } from '../support/whole-job.ts';

let bundles = '';
let folder = '';
let template: Template;
let run: Awaited<ReturnType<typeof runWholeJob>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clavus-moovago-whole-job-'));
  const packaged = await packagedBundles();
  template = packaged.template;
  bundles = packaged.folder;
  run = await runWholeJob(bundles, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const functions = () =>
  resourcesOf(template, 'AWS::Lambda::Function').map(({ id, Properties }) => ({
    id,
    name: String(Properties.FunctionName).replace('clavus-moovago-test-', ''),
    lambdaName: Properties.FunctionName,
    roleId: Properties.Role['Fn::GetAtt'][0],
  }));

/** What Lambda does in the name of a function's role, which no function calls by itself. */
function doneByLambda({ id, lambdaName }: ReturnType<typeof functions>[number]): string[] {
  const ofThis = (name: unknown) => JSON.stringify(name).includes(`"${id}"`);
  const hasQueue = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').some(({ Properties }) =>
    ofThis(Properties.FunctionName),
  );
  const reportsFailures = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').some(({ Properties }) =>
    ofThis(Properties.FunctionName),
  );
  return [
    `logs:CreateLogStream log-group:/aws/lambda/${lambdaName}`,
    `logs:PutLogEvents log-group:/aws/lambda/${lambdaName}`,
    'xray:PutTelemetryRecords *',
    'xray:PutTraceSegments *',
    ...(reportsFailures ? ['sqs:SendMessage clavus-moovago-test-failed-runs'] : []),
    ...(hasQueue
      ? ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
          (action) => `sqs:${action} clavus-moovago-test-changes`,
        )
      : []),
  ];
}

describe('the roles', () => {
  it('are one a function', () => {
    const roles = functions().map(({ roleId }) => roleId);
    expect(roles.length).toBeGreaterThan(4);
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('grant every function exactly what it did in the whole job, and nothing that it never does', () => {
    for (const fn of functions()) {
      const called = run.calls
        .filter(({ caller }) => caller === fn.name)
        .map(({ action, resource }) => `${action} ${resource}`);
      const needed = [...new Set([...called, ...doneByLambda(fn)])].sort();
      expect({ function: fn.name, grants: grantsOf(fn.roleId, template) }).toEqual({
        function: fn.name,
        grants: needed,
      });
    }
  });

  it('let the scheduler start what has a schedule, and report what it could not start', () => {
    const scheduled = resourcesOf(template, 'AWS::Scheduler::Schedule').map(
      ({ Properties }) => template.Resources[Properties.Target.Arn['Fn::GetAtt'][0]]?.Properties.FunctionName,
    );
    expect(grantsOf('SchedulerRole', template)).toEqual(
      [
        ...scheduled.map((name) => `lambda:InvokeFunction function:${name}`),
        'sqs:SendMessage clavus-moovago-test-failed-runs',
      ].sort(),
    );
  });

  it('hold no wildcard but for the traces, which have no resource', () => {
    for (const { id } of resourcesOf(template, 'AWS::IAM::Role'))
      for (const grant of grantsOf(id, template))
        expect(grant.replace(/^xray:\w+ \*$/, '')).not.toContain('*');
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
    expect(template.Resources.IamRoleLambdaExecution).toBeUndefined();
  });
});

describe('the secrets', () => {
  const secrets = [
    ...Object.values(canaries),
    ...Object.values(canaries).map((key) => key.replace('whsec_', '')),
  ];
  const found = (text: string) => secrets.filter((secret) => text.includes(secret));

  it('are in no log line, metric, error, message or row', () => {
    expect(run.logs.length).toBeGreaterThan(50);
    expect(run.sqsBodies.length).toBeGreaterThan(5);
    // What can be found is found: the rows hold the people whom they are about.
    expect(run.table).toContain('canary-person@example.com');
    expect(found([...run.logs, ...run.sqsBodies, run.table].join('\n'))).toEqual([]);
  });

  it('are in no file of the data or of the packages', async () => {
    const listed = [bundles, folder].map((top) => readdir(top, { recursive: true, withFileTypes: true }));
    const files = (await Promise.all(listed)).flat().filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    for (const { parentPath, name } of files)
      expect(found(await readFile(join(parentPath, name), 'latin1')), name).toEqual([]);
  });

  it('and people are in no log line and no message', () => {
    expect([...run.logs, ...run.sqsBodies].join('\n').match(/canary[- ]person|Hyères/i)).toBeNull();
  });
});

/** The metrics that a line of a log holds, with their namespace and their sets of dimensions. */
function metricsIn(line: string): { namespace: string; dimensions: string; name: string; unit: string }[] {
  if (!line.includes('"_aws"')) return [];
  // biome-ignore lint/suspicious/noExplicitAny: CloudWatch's embedded format
  const directives: any[] = JSON.parse(line)._aws.CloudWatchMetrics;
  return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }: { Name: string; Unit: string }) => ({
      namespace: Namespace,
      dimensions: JSON.stringify(Dimensions),
      name: Name,
      unit: Unit,
    })),
  );
}

describe('the metrics', () => {
  const watched = () =>
    resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .flatMap(({ Properties }) => [
        Properties,
        // biome-ignore lint/suspicious/noExplicitAny: a template
        ...(Properties.Metrics ?? []).flatMap(({ MetricStat }: any) => MetricStat?.Metric ?? []),
      ])
      .filter(({ Namespace }) => Namespace === 'ClavusMoovago');

  it('that alarms watch are emitted, by that name and with that dimension', () => {
    const emitted = run.logs.flatMap(metricsIn);
    expect(new Set(emitted.map(({ namespace, dimensions }) => `${namespace} ${dimensions}`))).toEqual(
      new Set(['ClavusMoovago [["stage"]]']),
    );
    const names = new Set(emitted.map(({ name }) => name));
    expect(watched().length).toBeGreaterThan(8);
    for (const { MetricName, Dimensions } of watched()) {
      expect(Dimensions).toEqual([{ Name: 'stage', Value: 'test' }]);
      expect(names.has(MetricName), MetricName).toBe(true);
    }
  });

  it('are counts, or seconds where they say so', () => {
    for (const { name, unit } of run.logs.flatMap(metricsIn))
      expect(unit, name).toBe(name.endsWith('Seconds') ? 'Seconds' : 'Count');
  });
});

describe('the logs', () => {
  it('name the run that found a change on both sides of the queue', () => {
    const lines = run.logs.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const announced = lines.filter(({ message }) => message === 'announced').map(({ runId }) => runId);
    const taken = lines.filter(({ message }) => message === 'taken').map(({ runId }) => runId);
    expect(announced.length).toBeGreaterThan(2);
    expect([...new Set(taken)].sort()).toEqual([...new Set(announced)].sort());
  });
});
