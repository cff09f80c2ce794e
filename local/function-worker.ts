/** Runs in a worker thread, as Lambda's runtime does in its process: loads one handler, then answers one event at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { invocationSchema, type WorkerMessage, workerDataSchema } from './function-worker-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const { moduleUrl, exportName, handlerName } = workerDataSchema.parse(workerData);

async function loadHandler(): Promise<Handler> {
  const module: Record<string, unknown> = await import(moduleUrl);
  const handler = z.custom<Handler>((value) => typeof value === 'function').safeParse(module[exportName]);
  if (handler.success) return handler.data;
  throw Object.assign(new Error(`${handlerName} is undefined or not exported`), {
    name: 'Runtime.HandlerNotFound',
  });
}

async function answer(handler: Handler, message: unknown): Promise<WorkerMessage> {
  const { event, context, deadline } = invocationSchema.parse(message);
  try {
    const value = await handler(event, { ...context, getRemainingTimeInMillis: () => deadline - Date.now() });
    return { kind: 'answer', json: JSON.stringify(value) };
  } catch (error) {
    return { kind: 'error', error: describe(error) };
  }
}

function describe(error: unknown): { type: string; message: string; trace: string } {
  if (error instanceof Error) return { type: error.name, message: error.message, trace: error.stack ?? '' };
  return { type: typeof error, message: String(error), trace: '' };
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

try {
  const handler = await loadHandler();
  parentPort?.on('message', async (message) => send(await answer(handler, message)));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'error', error: describe(error) });
}
