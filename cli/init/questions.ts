import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** What shells say of a command that was interrupted. */
const interrupted = 130;

export type Questions = {
  /** @param preset what Enter alone stands for */
  text(question: string, preset?: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string, preset?: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  [Symbol.dispose](): void;
};

/** Asks a person on the terminal. Questions go to standard error, so that standard output stays for answers. */
export function askOnTerminal(): Questions {
  let isHidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) process.stderr.write(chunk);
      done();
    },
  });
  // No history: a key could be called back by an arrow.
  const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  let isOver = false;
  terminal.on('SIGINT', () => terminal.close());
  // Ctrl+C or Ctrl+D: nobody answers any more, and nothing has been written yet.
  terminal.on('close', () => {
    if (!isOver) process.exit(interrupted);
  });

  async function secret(question: string, preset?: string): Promise<string> {
    process.stderr.write(`${question}${preset ? ' (Enter keeps the one that is set)' : ''}: `);
    isHidden = true;
    const answer = await terminal.question('');
    isHidden = false;
    process.stderr.write('\n');
    return answer.trim() || preset || '';
  }

  return {
    text: async (question, preset) =>
      (await terminal.question(`${question}${preset ? ` [${preset}]` : ''}: `)).trim() || preset || '',
    secret,
    confirm: async (question) => !/^n/i.test((await terminal.question(`${question} [Y/n] `)).trim()),
    [Symbol.dispose]: () => {
      isOver = true;
      terminal.close();
    },
  };
}
