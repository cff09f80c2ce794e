import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type Invocation, type WorkerMessage, workerMessageSchema } from './function-worker-messages.ts';

/** A function failed, as Lambda reports it: `name` is the error's type, `trace` the stack inside of the function. */
export class FunctionError extends Error {
  override readonly name: string;
  readonly trace: string;

  constructor(error: { type: string; message: string; trace?: string }) {
    super(error.message);
    this.name = error.type;
    this.trace = error.trace ?? '';
  }
}

export type ExecutionEnvironment = {
  /** Rejects with a `FunctionError`. One invocation at a time. */
  invoke(invocation: Omit<Invocation, 'deadline'>, timeoutSeconds: number): Promise<unknown>;
  /** Once it is over (time-out, exit, failed loading) it takes no more invocations. */
  isOver(): boolean;
  end(): Promise<void>;
};

export type ExecutionEnvironmentOptions = {
  moduleUrl: string;
  handlerName: string;
  exportName: string;
  environment: Record<string, string>;
  memoryMegabytes: number;
  onLine(line: string): void;
};

/** Lambda gives the loading of a handler ten seconds, or as long as the function may take. */
const loadingSeconds = 10;

/** Starts one worker thread with one handler in it. It sees its own environment variables and nothing of this process'. */
export function startExecutionEnvironment(options: ExecutionEnvironmentOptions): ExecutionEnvironment {
  const { moduleUrl, exportName, handlerName, environment, memoryMegabytes, onLine } = options;
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    workerData: { moduleUrl, exportName, handlerName },
    env: environment,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
  });
  forEachLine(worker.stdout, onLine);
  forEachLine(worker.stderr, onLine);
  const conversation = converse(worker);
  const ready = conversation.next();
  ready.catch(() => {});

  async function withTimeLimit<T>(seconds: number, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      conversation.fail('Sandbox.Timedout', `Task timed out after ${seconds.toFixed(2)} seconds`);
      void worker.terminate();
    }, seconds * 1000);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async invoke(invocation, timeoutSeconds) {
      await withTimeLimit(Math.max(loadingSeconds, timeoutSeconds), () => ready);
      return await withTimeLimit(timeoutSeconds, async () => {
        const answer = conversation.next();
        worker.postMessage({
          ...invocation,
          deadline: Date.now() + timeoutSeconds * 1000,
        } satisfies Invocation);
        const message = await answer;
        return message.kind === 'answer' && message.json !== undefined ? JSON.parse(message.json) : undefined;
      });
    },
    isOver: conversation.isOver,
    async end() {
      conversation.fail('Runtime.ExitError', 'the function was ended');
      await worker.terminate();
    },
  };
}

type Conversation = {
  /** The worker's next message; rejects with its error, or with the reason why there will be none. */
  next(): Promise<WorkerMessage>;
  fail(type: string, message: string): void;
  isOver(): boolean;
};

function converse(worker: Worker): Conversation {
  let listener = Promise.withResolvers<WorkerMessage>();
  let over: FunctionError | undefined;
  let loaded = false;
  listener.promise.catch(() => {});

  function fail(type: string, message: string, trace?: string): void {
    over ??= new FunctionError({ type, message, trace });
    listener.reject(over);
  }
  worker.on('message', (said: unknown) => {
    const message = workerMessageSchema.parse(said);
    if (message.kind !== 'error') {
      loaded = true;
      listener.resolve(message);
    } else if (loaded) {
      listener.reject(new FunctionError(message.error));
    } else {
      fail(message.error.type, message.error.message, message.error.trace);
    }
  });
  // Nobody caught it: as on Lambda, the environment is lost, and the next invocation begins in a fresh one.
  worker.on('error', (error) => fail(error.name, error.message, error.stack));
  worker.on('exit', (status) =>
    fail('Runtime.ExitError', `Runtime exited with error: exit status ${status}`),
  );

  return {
    next() {
      listener = Promise.withResolvers<WorkerMessage>();
      if (over) listener.reject(over);
      return listener.promise;
    },
    fail,
    isOver: () => over !== undefined,
  };
}

/** Only `\n` ends a line: a logged JSON text may hold the other line ends of Unicode. */
function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
