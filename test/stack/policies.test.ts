import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { handlerPermissions, withoutResource } from '../support/handler-permissions.ts';
import { grantsOf } from '../support/iam.ts';
import { arnOf, readPolicy } from '../support/iam-policy.ts';
import { packagedBundles, resourcesOf, type Template } from '../support/packaged-bundles.ts';

const deploy = readPolicy('docs/deploy-policy.json');
const operate = readPolicy('docs/operate-policy.json');
const boundary = readPolicy('docs/boundary-policy.json');

let template: Template;
beforeAll(async () => {
  ({ template } = await packagedBundles());
});

const account = 'eu-west-3:123456789012';
const role = 'arn:aws:iam::123456789012:role/clavus-moovago-test-PollClavusRole-1A2B';
const boundaryArn = 'arn:aws:iam::123456789012:policy/boundary-clavus-moovago';
const writer = `arn:aws:lambda:${account}:function:clavus-moovago-test-writeMoovago`;

/** Where a resource of the stage `test` is, as its call names it. */
const arns: Record<string, (properties: Record<string, string>) => string> = {
  'AWS::ApiGatewayV2::Api': () => 'arn:aws:apigateway:eu-west-3::/apis/a1b2',
  'AWS::ApiGatewayV2::Integration': () => 'arn:aws:apigateway:eu-west-3::/apis/a1b2/integrations/c3',
  'AWS::ApiGatewayV2::Route': () => 'arn:aws:apigateway:eu-west-3::/apis/a1b2/routes/d4',
  'AWS::ApiGatewayV2::Stage': () => 'arn:aws:apigateway:eu-west-3::/apis/a1b2/stages/$default',
  'AWS::CloudWatch::Alarm': ({ AlarmName }) => `arn:aws:cloudwatch:${account}:alarm:${AlarmName}`,
  'AWS::CloudWatch::Dashboard': ({ DashboardName }) =>
    `arn:aws:cloudwatch::123456789012:dashboard/${DashboardName}`,
  'AWS::DynamoDB::Table': ({ TableName }) => `arn:aws:dynamodb:${account}:table/${TableName}`,
  'AWS::IAM::Role': () => role,
  'AWS::Lambda::EventInvokeConfig': () => writer,
  'AWS::Lambda::EventSourceMapping': () => `arn:aws:lambda:${account}:event-source-mapping:1a2b-3c4d`,
  'AWS::Lambda::Function': ({ FunctionName }) => `arn:aws:lambda:${account}:function:${FunctionName}`,
  'AWS::Lambda::Permission': () => writer,
  'AWS::Logs::LogGroup': ({ LogGroupName }) => `arn:aws:logs:${account}:log-group:${LogGroupName}:*`,
  'AWS::S3::Bucket': () => 'arn:aws:s3:::clavus-moovago-test-serverlessdeploymentbucket-1a2b',
  'AWS::S3::BucketPolicy': () => 'arn:aws:s3:::clavus-moovago-test-serverlessdeploymentbucket-1a2b',
  'AWS::SNS::Subscription': () => `arn:aws:sns:${account}:clavus-moovago-test-alarms`,
  'AWS::SNS::Topic': ({ TopicName }) => `arn:aws:sns:${account}:${TopicName}`,
  'AWS::SNS::TopicPolicy': () => `arn:aws:sns:${account}:clavus-moovago-test-alarms`,
  'AWS::SQS::Queue': ({ QueueName }) => `arn:aws:sqs:${account}:${QueueName}`,
  'AWS::Scheduler::Schedule': ({ Name }) =>
    `arn:aws:scheduler:${account}:schedule/clavus-moovago-test/${Name}`,
  'AWS::Scheduler::ScheduleGroup': ({ Name }) => `arn:aws:scheduler:${account}:schedule-group/${Name}`,
};

/** What the calls of a deployment say of themselves. */
const context = {
  'iam:PermissionsBoundary': boundaryArn,
  'iam:PassedToService': 'lambda.amazonaws.com',
  'lambda:FunctionArn': writer,
};

describe('the policy of the person who deploys', () => {
  it('allows every call that CloudFormation makes for the resources of the template', () => {
    const refused = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
      const [actions, arn] = [handlerPermissions[Type], arns[Type]];
      if (actions === undefined || arn === undefined) throw new Error(`no list of calls for ${Type}`);
      return actions
        .map((action) => ({ action, resource: withoutResource.has(action) ? '*' : arn(Properties ?? {}) }))
        .filter(({ action, resource }) => !deploy.allows(action, resource, context));
    });
    expect(refused).toEqual([]);
  });

  it('makes and changes roles within the boundary only, and hands them to functions and schedules only', () => {
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      expect(deploy.allows(action, role, { 'iam:PermissionsBoundary': boundaryArn })).toBe(true);
      expect(deploy.allows(action, role)).toBe(false);
      const other = 'arn:aws:iam::aws:policy/AdministratorAccess';
      expect(deploy.allows(action, role, { 'iam:PermissionsBoundary': other })).toBe(false);
    }
    for (const action of [
      'iam:AttachRolePolicy',
      'iam:DeleteRolePermissionsBoundary',
      'iam:CreatePolicyVersion',
    ])
      for (const resource of [role, boundaryArn])
        expect(deploy.allows(action, resource, context), action).toBe(false);
    const passed = (service: string) =>
      deploy.allows('iam:PassRole', role, { 'iam:PassedToService': service });
    expect(['lambda', 'scheduler', 'ec2'].map((name) => passed(`${name}.amazonaws.com`))).toEqual([
      true,
      true,
      false,
    ]);
    expect(deploy.allows('iam:PassRole', role)).toBe(false);
  });

  it('reaches nothing of others, no end of the table, and nothing in it', () => {
    const table = `arn:aws:dynamodb:${account}:table/clavus-moovago-test`;
    const calls: [string, string, Record<string, string>?][] = [
      ['dynamodb:DeleteTable', table],
      ['dynamodb:Scan', table],
      ['ssm:GetParameter', `arn:aws:ssm:${account}:parameter/clavus-moovago/test/clavus-api-key`],
      ['scheduler:CreateSchedule', `arn:aws:scheduler:${account}:schedule/default/clavus-moovago-x`],
      ['scheduler:UpdateSchedule', `arn:aws:scheduler:${account}:schedule/default/of-others`],
      ['scheduler:DeleteSchedule', `arn:aws:scheduler:${account}:schedule/default/of-others`],
      ['lambda:UpdateFunctionCode', `arn:aws:lambda:${account}:function:of-others`],
      ...['Create', 'Update', 'Delete'].map((verb): [string, string, Record<string, string>] => [
        `lambda:${verb}EventSourceMapping`,
        `arn:aws:lambda:${account}:event-source-mapping:1a2b`,
        { 'lambda:FunctionArn': `arn:aws:lambda:${account}:function:of-others` },
      ]),
    ];
    expect(calls.filter((call) => deploy.allows(...call))).toEqual([]);
  });
});

describe('the boundary of the roles', () => {
  it('holds all that a role of the stack allows, and little else', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').map(({ id }) => id);
    expect(roles.length).toBeGreaterThan(7);
    const beyond = roles
      .flatMap((id) => grantsOf(id, template))
      .filter((grant) => {
        const [action = '', end = ''] = grant.split(' ');
        return !boundary.allows(action, arnOf(action, end.replace(/^\*$/, '*')));
      });
    expect(beyond).toEqual([]);
    for (const [action, end] of [
      ['iam:CreateUser', 'user/x'],
      ['sts:AssumeRole', 'role/x'],
      ['dynamodb:GetItem', 'table/of-others'],
      ['dynamodb:DeleteTable', 'table/clavus-moovago-test'],
      ['ssm:GetParameter', 'parameter/of-others/key'],
      ['ssm:PutParameter', 'parameter/clavus-moovago/test/clavus-api-key'],
      ['kms:Decrypt', 'key/x'],
    ] as const)
      expect(boundary.allows(action, arnOf(action, end)), action).toBe(false);
  });
});

/** What a command of the AWS CLI calls, as docs/operate.md uses it. */
const callsOf: Record<string, readonly string[]> = {
  'cloudwatch get-metric-statistics': ['cloudwatch:GetMetricStatistics *'],
  'lambda get-account-settings': ['lambda:GetAccountSettings *'],
  'lambda invoke': ['lambda:InvokeFunction function:clavus-moovago-test-pollClavus'],
  'lambda list-event-source-mappings': ['lambda:ListEventSourceMappings *'],
  'lambda update-event-source-mapping': ['lambda:UpdateEventSourceMapping event-source-mapping:1a2b'],
  'logs filter-log-events': ['logs:FilterLogEvents log-group:/aws/lambda/clavus-moovago-test-pollClavus:*'],
  'logs tail': ['logs:FilterLogEvents log-group:/aws/lambda/clavus-moovago-test-pollClavus:*'],
  'scheduler list-schedules': ['scheduler:ListSchedules *'],
  'sqs get-queue-url': ['sqs:GetQueueUrl clavus-moovago-test-dead-letters'],
  'sqs purge-queue': ['sqs:PurgeQueue clavus-moovago-test-dead-letters'],
  'sqs receive-message': ['sqs:ReceiveMessage clavus-moovago-test-dead-letters'],
  'ssm put-parameter': ['ssm:PutParameter parameter/clavus-moovago/test/moovago-api-key'],
};

describe('the policy of the person who operates', () => {
  it('allows each command of docs/operate.md, but the restoring of a table', async () => {
    const [text = ''] = (await readFile('docs/operate.md', 'utf8')).split('# A table that is restored');
    const commands = [...text.matchAll(/\baws ([a-z]+ [a-z-]+)/g)].map(([, command = '']) => command);
    expect([...new Set(commands)].sort()).toEqual(Object.keys(callsOf));
    const refused = Object.values(callsOf)
      .flat()
      .filter((call) => {
        const [action = '', end = ''] = call.split(' ');
        return !operate.allows(action, arnOf(action, end), context);
      });
    expect(refused).toEqual([]);
  });

  it('changes nothing that is deployed', () => {
    const actions = operate.statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /\*|^iam:|:Create|DeleteTable|UpdateFunction/.test(action))).toEqual(
      [],
    );
  });
});
