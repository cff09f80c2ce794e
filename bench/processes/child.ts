import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { z } from 'zod';
import { answer, type Question } from './messages.ts';

export type Child = {
  /** Asks the child for something, and waits for what it says. */
  ask<Schema extends z.ZodType>(name: string, argument: unknown, schema: Schema): Promise<z.infer<Schema>>;
  /** Kills it as a Lambda dies: between any two lines. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

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
export function startChild(name: string, { environment = {}, megabytes }: ChildOptions = {}): Child {
  const child = fork(new URL(`./${name}.ts`, import.meta.url), {
    env: environment,
    execArgv: megabytes === undefined ? [] : heapLimits(megabytes),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ask = createAsk(name, child);
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return {
    ask: async (question, argument, schema) => schema.parse(await ask(question, argument)),
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

function createAsk(childName: string, child: ChildProcess) {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on('message', (message) => {
    const { id, value, error } = answer.parse(message);
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value);
    else asker?.reject(new Error(`${childName}: ${error}`));
  });
  child.on('exit', (status, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`${childName} ended by itself (${signal ?? status})`));
  });
  return (name: string, argument: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      child.send({ id: asked, name, argument } satisfies Question);
    });
}
