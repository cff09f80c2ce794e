import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { printable } from '../print.ts';

/** What shells say of a command that was interrupted. */
const interrupted = 130;

export type Questions = {
  /** @param preset what Enter alone stands for */
  text(question: string, preset?: string): Promise<string>;
  /** What is typed is not shown. */
  secret(question: string, preset?: string): Promise<string>;
  /** @param preset what Enter alone stands for */
  confirm(question: string, preset?: boolean): Promise<boolean>;
  [Symbol.dispose](): void;
};

/** Where a person sits: what is typed, what is shown, and how the process ends when nobody answers any more. */
export type Seat = {
  input: Readable;
  /** Whether there is somebody. */
  isTerminal: boolean;
  screen: Pick<Writable, 'write'>;
  leave(status: number): void;
};

/** Who started this process. */
export const seatHere = (): Seat => ({
  input: process.stdin,
  isTerminal: process.stdin.isTTY === true,
  screen: process.stderr,
  leave: (status) => process.exit(status),
});

/** Asks a person on the terminal. Questions go to standard error, so that standard output stays for answers. */
export function askOnTerminal({ input, screen, leave }: Seat): Questions {
  let isHidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) screen.write(chunk);
      done();
    },
  });
  // No history: a key could be called back by an arrow.
  const terminal = createInterface({ input, output, terminal: true, historySize: 0 });
  let isOver = false;
  terminal.on('SIGINT', () => terminal.close());
  // Ctrl+C or Ctrl+D: nobody answers any more, and nothing has been written yet.
  terminal.on('close', () => {
    if (!isOver) leave(interrupted);
  });

  async function secret(question: string, preset?: string): Promise<string> {
    screen.write(`${printable(question)}${preset ? ' (Enter keeps the current one)' : ''}: `);
    isHidden = true;
    const answer = await terminal.question('');
    isHidden = false;
    screen.write('\n');
    return answer.trim() || preset || '';
  }

  return {
    text: async (question, preset) =>
      (await terminal.question(printable(`${question}${preset ? ` [${preset}]` : ''}: `))).trim() ||
      preset ||
      '',
    secret,
    confirm: async (question, preset = true) => {
      const answer = (
        await terminal.question(printable(`${question} ${preset ? '[Y/n]' : '[y/N]'} `))
      ).trim();
      return preset ? !/^n/i.test(answer) : /^[yo]/i.test(answer);
    },
    [Symbol.dispose]: () => {
      isOver = true;
      terminal.close();
    },
  };
}
