import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedBundles());
});

const functions = () => resourcesOf(template, 'AWS::Lambda::Function');
const alarms = () => resourcesOf(template, 'AWS::CloudWatch::Alarm');
const nameOf = ({ Properties }: { Properties: { AlarmName: string } }) =>
  Properties.AlarmName.replace('clavus-moovago-test-', '');

describe('the alarms', () => {
  it('tell when something begins and when it is over, by mail', () => {
    for (const { Properties } of alarms()) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
      expect(Properties.OKActions).toEqual([{ Ref: 'AlarmTopic' }]);
      expect(Properties.InsufficientDataActions).toBeUndefined();
    }
    expect(template.Resources.AlarmEmail?.Properties).toEqual({
      TopicArn: { Ref: 'AlarmTopic' },
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });

  it('say what to do, and where it is described', async () => {
    const text = await readFile('docs/operate.md', 'utf8');
    const sections = text.split(/^## /m).slice(1);
    for (const alarm of alarms()) {
      const { AlarmDescription } = alarm.Properties;
      const section = nameOf(alarm).replace(/^(errors|throttles)-\w+$/, '$1');
      expect(AlarmDescription).toMatch(/^[A-Z].{40,}: docs\/operate\.md#[a-z-]+$/);
      expect(AlarmDescription.endsWith(`#${section}`), AlarmDescription).toBe(true);
      const found = sections.find((part) => part.startsWith(`${section}\n`));
      expect(found, `docs/operate.md has no section "## ${section}"`).toBeDefined();
      for (const part of ['**Cause.**', '**Check.**', '**Cure.**']) expect(found, section).toContain(part);
    }
  });

  it('watch each function for errors and for throttles', () => {
    const watched = alarms()
      .filter(({ Properties }) => Properties.Namespace === 'AWS/Lambda')
      .map(({ Properties }) => `${Properties.Dimensions[0].Value.Ref} ${Properties.MetricName}`);
    expect(watched.sort()).toEqual(
      functions()
        .flatMap(({ id }) => [`${id} Errors`, `${id} Throttles`])
        .sort(),
    );
  });

  it('take half an hour without a complete poll for an alarm, and silence too', () => {
    expect(template.Resources.NoCompletePollAlarm?.Properties).toMatchObject({
      MetricName: 'PollsCompleted',
      Period: 300,
      EvaluationPeriods: 6,
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('watch queues that exist', () => {
    const watched = alarms().filter(({ Properties }) => Properties.Namespace === 'AWS/SQS');
    expect(watched.map(({ Properties }) => Properties.Dimensions[0].Value['Fn::GetAtt'])).toEqual([
      ['DeadLettersQueue', 'QueueName'],
      ['FailedRunsQueue', 'QueueName'],
    ]);
  });
});

describe('the dashboard', () => {
  const body = () => {
    const text: string = template.Resources.Dashboard?.Properties.DashboardBody['Fn::Sub'];
    const values: Record<string, string> = {
      Region: 'eu-west-3',
      Partition: 'aws',
      AccountId: '123456789012',
    };
    return JSON.parse(text.replace(/\$\{AWS::(\w+)\}/g, (_, name: string) => values[name] ?? ''));
  };

  it('is valid, and within CloudWatch’s grid of 24 columns without an overlap', () => {
    const taken = new Set<string>();
    for (const { x, y, width, height, type, properties } of body().widgets) {
      expect(['text', 'metric', 'alarm', 'log']).toContain(type);
      expect(x + width).toBeLessThanOrEqual(24);
      if (type === 'metric' || type === 'log') expect(properties.region).toBe('eu-west-3');
      for (let column = x; column < x + width; column++)
        for (let line = y; line < y + height; line++) {
          expect(taken.has(`${column} ${line}`)).toBe(false);
          taken.add(`${column} ${line}`);
        }
    }
  });

  it('shows every alarm', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a dashboard
    const shown = body().widgets.find(({ type }: any) => type === 'alarm').properties.alarms;
    expect(shown.map((arn: string) => arn.split(':alarm:')[1]).sort()).toEqual(
      alarms()
        .map(({ Properties }) => Properties.AlarmName)
        .sort(),
    );
  });

  it('reads the logs of every function', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a dashboard
    const { query } = body().widgets.find(({ type }: any) => type === 'log').properties;
    for (const { Properties } of functions())
      expect(query).toContain(`SOURCE '/aws/lambda/${Properties.FunctionName}'`);
  });

  it('draws metrics that exist, by names that exist', async () => {
    const telemetry = await readFile('lib/framework/telemetry.ts', 'utf8');
    const names = [...functions(), ...resourcesOf(template, 'AWS::SQS::Queue')].map(
      ({ Properties }) => Properties.FunctionName ?? Properties.QueueName,
    );
    // biome-ignore lint/suspicious/noExplicitAny: a dashboard
    const drawn = body().widgets.flatMap(({ properties }: any) => properties.metrics ?? []);
    expect(drawn.length).toBeGreaterThan(15);
    for (const [namespace, metric, dimension, value] of drawn) {
      if (namespace !== 'ClavusMoovago') expect(names).toContain(value);
      else {
        expect([dimension, value]).toEqual(['stage', 'test']);
        expect(telemetry).toContain(`| '${metric}'`);
      }
    }
  });
});
