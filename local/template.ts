import { join } from 'node:path';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { ConfigurationError } from '../lib/framework/errors.ts';
import { type IntrinsicTargets, queueArn, resolveIntrinsics } from './intrinsics.ts';
import { readServerlessFile } from './serverless-file.ts';
import {
  fileSchema,
  functionSchema,
  nameSchema,
  providerSchema,
  queueSchema,
  queueTriggerSchema,
  scheduleSchema,
  tableSchema,
} from './template-schemas.ts';
import { resolveVariables, type VariableSources } from './variables.ts';

type Schedule = {
  /** As AWS writes it: `rate(5 minutes)` or `cron(0/5 * * * ? *)`. */
  expression: string;
  timezone: string;
  /** What the function is given, where the file says so. */
  input?: unknown;
};

export type QueueTrigger = {
  /** Logical id of the queue. */
  queue: string;
  batchSize: number;
  batchingWindowSeconds: number;
  maximumConcurrency: number;
  reportBatchItemFailures: boolean;
};

export type StackFunction = {
  /** Its key under `functions`. */
  name: string;
  /** Its name on AWS: `<service>-<stage>-<name>`. */
  lambdaName: string;
  handler: { file: string; exportName: string };
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** The provider's and its own. A queue's URL is known only once the queue exists. */
  environment: Record<string, string | { queueUrlOf: string }>;
  schedules: Schedule[];
  queues: QueueTrigger[];
};

export type StackQueue = {
  /** Logical id. */
  id: string;
  name: string;
  attributes: Record<string, string>;
  deadLetter?: { queue: string; maxReceiveCount: number };
};

export type Stack = {
  region: string;
  functions: StackFunction[];
  tables: CreateTableCommandInput[];
  queues: StackQueue[];
};

/** Resolves those entries of a part that the schema asks for, and parses them; `where` is the path of the part. */
type ReadPart = <Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  part: Readonly<Record<string, unknown>>,
  where: string,
) => z.infer<z.ZodObject<Shape>>;

type Context = { targets: IntrinsicTargets; provider: z.infer<typeof providerSchema>; read: ReadPart };

/**
 * What a machine needs in order to run the stack: the functions, tables and queues of `<root>/serverless.yml`, resolved for
 * a stage. Parts that only AWS uses (roles, alarms, dashboards) are not looked at. Reads no other file, and no environment
 * but the one that it is given. Throws a `ConfigurationError` that names what cannot be read or resolved.
 */
export function readStack(root: string, settings: Omit<VariableSources, 'document'>): Stack {
  const document = readServerlessFile(join(root, 'serverless.yml'));
  const sources = { ...settings, document };
  const file = parse(fileSchema, document, '');
  const resources = file.resources
    .flatMap(({ Resources }) => Object.entries(Resources))
    .map(([id, resource]) => ({
      id,
      type: resource.Type,
      properties: resource.Properties,
      where: `resources.Resources.${id}.Properties`,
    }));
  const tables = resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  const queues = resources.filter(({ type }) => type === 'AWS::SQS::Queue');

  const name = (value: unknown, where: string) =>
    parse(nameSchema, resolveVariables(value, sources, located(where)), where);
  const region = name(file.provider.region ?? 'us-east-1', 'provider.region');
  const stackName = `${name(file.service, 'service')}-${settings.stage}`;
  const namesOf = (found: typeof resources, property: 'TableName' | 'QueueName') =>
    new Map(
      found.map(({ id, properties, where }) => [
        id,
        name(properties[property] ?? `${stackName}-${id}`, `${where}.${property}`),
      ]),
    );
  const targets: IntrinsicTargets = {
    region,
    stackName,
    tables: namesOf(tables, 'TableName'),
    queues: namesOf(queues, 'QueueName'),
  };
  const read: ReadPart = (schema, part, where) => {
    const wanted = Object.fromEntries(
      Object.entries(part).filter(([key]) => Object.hasOwn(schema.shape, key)),
    );
    const resolved = resolveVariables(wanted, sources, located(where));
    return parse(schema, resolveIntrinsics(resolved, targets, located(where)), where);
  };
  const context = { targets, provider: read(providerSchema, file.provider, 'provider'), read };
  return {
    region,
    functions: Object.entries(file.functions).map(([key, part]) => readFunction(key, part, context)),
    tables: tables.map(({ id, properties, where }) => ({
      TableName: targets.tables.get(id),
      ...read(tableSchema, properties, where),
    })),
    queues: queues.map(({ id, properties, where }) =>
      readQueue(id, read(queueSchema, properties, where), targets, where),
    ),
  };
}

const eventsSchema = z.array(z.record(z.string(), z.unknown())).default([]);

function readFunction(
  name: string,
  part: Readonly<Record<string, unknown>>,
  context: Context,
): StackFunction {
  const { targets, provider, read } = context;
  const where = `functions.${name}`;
  const own = read(functionSchema, part, where);
  const events = parse(eventsSchema, part.events, `${where}.events`);
  const dot = own.handler.lastIndexOf('.');
  return {
    name,
    lambdaName: own.name ?? `${targets.stackName}-${name}`,
    handler: { file: own.handler.slice(0, dot), exportName: own.handler.slice(dot + 1) },
    timeoutSeconds: own.timeout ?? provider.timeout,
    memoryMegabytes: own.memorySize ?? provider.memorySize,
    environment: { ...provider.environment, ...own.environment },
    schedules: events.flatMap(({ schedule }, index) =>
      schedule === undefined ? [] : readSchedules(schedule, `${where}.events.${index}.schedule`, context),
    ),
    queues: events.flatMap(({ sqs }, index) =>
      sqs === undefined ? [] : readTrigger(sqs, `${where}.events.${index}.sqs`, context),
    ),
  };
}

function readSchedules(event: unknown, where: string, { read }: Context): Schedule[] {
  const { rate, timezone, enabled, input } = read(scheduleSchema, longForm(event, 'rate', where), where);
  if (!enabled) return [];
  return rate.map((expression) => ({ expression, timezone, ...(input === undefined ? {} : { input }) }));
}

function readTrigger(event: unknown, where: string, { targets, read }: Context): QueueTrigger[] {
  const trigger = read(queueTriggerSchema, longForm(event, 'arn', where), where);
  if (!trigger.enabled) return [];
  return [
    {
      queue: queueWithArn(trigger.arn, targets, `${where}.arn`),
      batchSize: trigger.batchSize,
      batchingWindowSeconds: trigger.maximumBatchingWindow,
      maximumConcurrency: trigger.maximumConcurrency,
      reportBatchItemFailures: trigger.functionResponseType === 'ReportBatchItemFailures',
    },
  ];
}

/** `schedule: rate(1 hour)` is short for `schedule: { rate: rate(1 hour) }`, and so is `sqs: arn`. */
function longForm(event: unknown, key: string, where: string): Record<string, unknown> {
  return typeof event === 'string'
    ? { [key]: event }
    : parse(z.record(z.string(), z.unknown()), event, where);
}

function readQueue(
  id: string,
  { RedrivePolicy: redrive, FifoQueue: _, ...attributes }: z.infer<typeof queueSchema>,
  targets: IntrinsicTargets,
  where: string,
): StackQueue {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const queue = { id, name: targets.queues.get(id) ?? id, attributes: Object.fromEntries(given) };
  if (!redrive) return queue;
  const deadLetters = queueWithArn(redrive.deadLetterTargetArn, targets, `${where}.RedrivePolicy`);
  return { ...queue, deadLetter: { queue: deadLetters, maxReceiveCount: redrive.maxReceiveCount } };
}

function queueWithArn(arn: string, { queues, region }: IntrinsicTargets, where: string): string {
  const found = [...queues].find(([, name]) => queueArn(region, name) === arn);
  if (found) return found[0];
  throw new ConfigurationError(located(where), `${arn} is not a queue of this file`);
}

function located(where: string): string {
  return where === '' ? 'serverless.yml' : `serverless.yml, ${where}`;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = [where, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  throw new ConfigurationError(located(place), issue?.message ?? 'this is not what belongs here');
}
