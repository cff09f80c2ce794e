import { z } from 'zod';

/** Which handler a worker loads. */
export const workerDataSchema = z.object({
  moduleUrl: z.string(),
  exportName: z.string(),
  handlerName: z.string(),
});

/** What a worker is asked. `deadline` is in milliseconds since 1970. */
export const invocationSchema = z.object({
  event: z.unknown(),
  context: z.object({
    functionName: z.string(),
    functionVersion: z.string(),
    invokedFunctionArn: z.string(),
    memoryLimitInMB: z.string(),
    awsRequestId: z.string(),
    logGroupName: z.string(),
    logStreamName: z.string(),
    callbackWaitsForEmptyEventLoop: z.boolean(),
  }),
  deadline: z.number(),
});
export type Invocation = z.infer<typeof invocationSchema>;

/** What a worker says: once that it is ready, then one answer or error for each invocation. An error instead of `ready` ends it. */
export const workerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('answer'), json: z.string().optional() }),
  z.object({
    kind: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string(), trace: z.string() }),
  }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;
