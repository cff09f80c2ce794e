import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** What a child is asked, and what it says to that: a value, or the text of an error. */
const question = z.object({ id: z.number(), name: z.string(), argument: z.unknown().optional() });
const answer = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() });

export type Child = ReturnType<typeof startChild>;

export type ChildOptions = {
  /** Its environment, and no other. */
  environment?: Record<string, string>;
  /** Limits its heap, so that it gets along with so much memory in all. */
  megabytes?: number;
};

/**
 * Starts a file of this folder in a process of its own: what is measured must not share a core's turn, nor its memory, with
 * what surrounds it. What the child prints is dropped, but for its errors.
 */
export function startChild(fileName: string, { environment = {}, megabytes }: ChildOptions = {}) {
  const child = fork(new URL(`./${fileName}.ts`, import.meta.url), {
    env: environment,
    execArgv: megabytes === undefined ? [] : heapLimits(megabytes),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  child.on('message', (message) => {
    const { id, value, error } = answer.parse(message);
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value);
    else asker?.reject(new Error(`${fileName}: ${error}`));
  });
  child.on('exit', (status, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`${fileName} ended by itself (${signal ?? status})`));
  });
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return {
    /** Asks the child for something, and waits for what it says. */
    async ask<Schema extends z.ZodType>(
      name: string,
      argument: unknown,
      schema: Schema,
    ): Promise<z.infer<Schema>> {
      asked += 1;
      const asker = Promise.withResolvers<unknown>();
      waiting.set(asked, asker);
      child.send({ id: asked, name, argument });
      return schema.parse(await asker.promise);
    },
    /** Kills it as a Lambda dies: between any two lines. */
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

/**
 * V8 takes what it is given: without a limit it would let garbage grow with the memory of this machine. Half of it is for
 * what is not on the heap: Node itself, the code, and buffers. A tenth is for what is new.
 */
function heapLimits(megabytes: number): string[] {
  const old = Math.floor(megabytes * 0.4);
  // What is new has three semi-spaces; V8 is told the size of one, and rounds it up to a power of two.
  const semi = Math.floor((megabytes * 0.1) / 3);
  return [`--max-old-space-size=${old}`, `--max-semi-space-size=${semi}`];
}

/** In a child: does what the parent asks for, by name, and ends with it. */
export function answerParent(works: Record<string, (argument: unknown) => unknown>): void {
  process.on('message', async (message) => {
    const { id, name, argument } = question.parse(message);
    try {
      if (works[name] === undefined) throw new Error(`it does not know how to ${name}`);
      process.send?.({ id, value: await works[name](argument) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
}
