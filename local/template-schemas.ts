import { z } from 'zod';

const mapping = z.record(z.string(), z.unknown());

/** What another file adds is not looked at: only AWS has a use for it. */
const otherFile = z.string().regex(/^\$\{file\(/, 'takes resources, or another file');
const resourcesPart = z.union([
  z.object({
    Resources: z
      .union([
        z.record(z.string(), z.object({ Type: z.string(), Properties: mapping.default({}) })),
        otherFile.transform(() => ({})),
      ])
      .default({}),
  }),
  otherFile.transform(() => ({ Resources: {} })),
]);

/** `serverless.yml` before anything in it is resolved: only its outline. */
export const fileSchema = z.object({
  service: z.unknown(),
  provider: mapping,
  functions: z.record(z.string(), mapping).default({}),
  resources: z.union([z.array(resourcesPart), resourcesPart.transform((part) => [part])]).default([]),
});

export const nameSchema = z.string().min(1);

/** A text, or what becomes one: CloudFormation turns numbers and truth values into texts. */
const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const environmentSchema = z
  .record(z.string(), z.union([textSchema, z.strictObject({ queueUrlOf: z.string() })]))
  .default({});
const secondsSchema = z.coerce.number().int().min(1).max(900);
const megabytesSchema = z.coerce.number().int().min(128).max(10_240);

/** The defaults are osls'. */
export const providerSchema = z.object({
  timeout: secondsSchema.default(6),
  memorySize: megabytesSchema.default(1024),
  environment: environmentSchema,
});

export const functionSchema = z.object({
  name: nameSchema.optional(),
  handler: z.string().regex(/^[^.].*\.\w+$/, 'a handler is written as folder/file.export'),
  timeout: secondsSchema.optional(),
  memorySize: megabytesSchema.optional(),
  environment: environmentSchema,
});

const expressionSchema = z
  .string()
  .regex(
    /^(?:rate|cron)\(.+\)$/,
    'a schedule is written as rate(…) or cron(…): others do not run on this machine',
  );

export const scheduleSchema = z.object({
  rate: z.union([z.array(expressionSchema), expressionSchema.transform((rate) => [rate])]),
  timezone: z.string().default('UTC'),
  enabled: z.boolean().default(true),
  input: z.unknown().optional(),
});

/** The defaults are AWS'; without a maximum, Lambda begins with five batches at a time. */
export const queueTriggerSchema = z.object({
  arn: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.number().int().min(1).max(10_000).default(10),
  maximumBatchingWindow: z.number().int().min(0).max(300).default(0),
  maximumConcurrency: z.number().int().min(2).max(1000).default(5),
  functionResponseType: z.literal('ReportBatchItemFailures').optional(),
  filterPatterns: z.undefined('filter patterns do not run on this machine').optional(),
});

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projectionSchema = z.object({
  ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const throughputSchema = z
  .object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
  .optional();
const indexSchema = z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projectionSchema });

/**
 * What `CreateTable` of dynalite takes. Left to AWS, because dynalite knows nothing of it or refuses it: point-in-time
 * recovery, encryption, deletion protection, streams, tags, table class, expiry (`TimeToLiveSpecification`).
 */
export const tableSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  ProvisionedThroughput: throughputSchema,
  GlobalSecondaryIndexes: z.array(indexSchema.extend({ ProvisionedThroughput: throughputSchema })).optional(),
  LocalSecondaryIndexes: z.array(indexSchema).optional(),
});

/**
 * What changes how a queue behaves. Left to AWS: encryption, policies, tags, and who may redrive into it.
 * First-in-first-out queues are refused: the event source mapping on this machine keeps no order within a group.
 */
export const queueSchema = z.object({
  VisibilityTimeout: textSchema.optional(),
  DelaySeconds: textSchema.optional(),
  MaximumMessageSize: textSchema.optional(),
  MessageRetentionPeriod: textSchema.optional(),
  ReceiveMessageWaitTimeSeconds: textSchema.optional(),
  FifoQueue: z.literal(false, 'first-in-first-out queues do not run on this machine').optional(),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1).max(1000) })
    .optional(),
});
