import { type Answer, question } from './messages.ts';

type Work = (argument: unknown) => unknown;

/** In a child: does what the parent asks for, by name, and ends with it. */
export function answerParent(works: Record<string, Work>): void {
  process.on('message', async (message) => {
    const { id, name, argument } = question.parse(message);
    send({ id, ...(await outcomeOf(works[name], argument)) });
  });
  process.once('disconnect', () => process.exit());
}

async function outcomeOf(work: Work | undefined, argument: unknown): Promise<Omit<Answer, 'id'>> {
  try {
    return work === undefined ? { error: 'it does not know how' } : { value: await work(argument) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function send(answer: Answer): void {
  process.send?.(answer);
}
