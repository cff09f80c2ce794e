import { AwsFailure } from './aws-failure.ts';

/**
 * Answers one call of a service: its name, its input as JSON, its output as JSON. Rejects with an `AwsFailure`. One that
 * waits for something stops when the signal says so.
 */
export type AwsService = (call: string, input: string, signal?: AbortSignal) => Promise<string>;

type Request = { headers: Record<string, string>; body?: unknown };
type Options = { abortSignal?: unknown };

/** Of a request and of its answer. */
export const jsonType = 'application/x-amz-json-1.0';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What a client of the AWS SDK sends its requests with, to hand them to a service in this process: no port, no socket. All
 * else of the SDK is at work: what it marshals, checks and retries.
 */
export const inProcessRequests = (service: AwsService) => ({
  async handle({ headers, body }: Request, { abortSignal }: Options = {}) {
    const call = headers['x-amz-target']?.split('.')[1] ?? '';
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    const input = body instanceof Uint8Array ? decoder.decode(body) : String(body ?? '{}');
    const { statusCode, text } = await answerOf(() => service(call, input, signal));
    return { response: { statusCode, headers: { 'content-type': jsonType }, body: encoder.encode(text) } };
  },
});

/** What a service's own server would say. Rejects where the service does not work. */
export async function answerOf(call: () => Promise<string>) {
  try {
    return { statusCode: 200, text: await call() };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return { statusCode: 400, text: JSON.stringify({ __type: error.name, message: error.message }) };
  }
}

/** There is nobody to whom a request in this process would have to prove who it is. */
export const unsigned = { sign: async <Signed>(request: Signed): Promise<Signed> => request };
