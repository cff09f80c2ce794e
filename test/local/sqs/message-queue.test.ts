import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { createMessageQueue } from '../../../local/sqs/message-queue.ts';

/** A queue on a clock that moves when it is told to, which hides what was received for a second, twice. */
function queueAt(start: number) {
  let time = start;
  const dead: string[] = [];
  const queue = createMessageQueue({
    visibilityMs: 1000,
    deadLetter: { send: (body) => void dead.push(body), maxReceiveCount: 2 },
    now: () => time,
  });
  return {
    queue,
    dead,
    pass: (ms: number) => {
      time += ms;
    },
    bodies: async () => (await queue.receive(10, 0)).map(({ Body }) => Body),
  };
}

it('A message that was received is hidden, comes back, and goes to the dead letters when it was too often', async () => {
  const { queue, dead, pass, bodies } = queueAt(5000);
  queue.send('a');
  expect(await bodies()).toEqual(['a']);
  expect(queue.depth()).toEqual({ waiting: 0, inFlight: 1 });
  pass(999);
  expect(await bodies()).toEqual([]);
  pass(1);
  expect(queue.depth()).toEqual({ waiting: 1, inFlight: 0 });
  const [again] = await queue.receive(10, 0);
  expect(again?.Attributes).toEqual({
    ApproximateReceiveCount: '2',
    SentTimestamp: '5000',
    ApproximateFirstReceiveTimestamp: '5000',
  });
  pass(1000);
  expect([await bodies(), dead, queue.depth()]).toEqual([[], ['a'], { waiting: 0, inFlight: 0 }]);
});

it('Only the last receipt deletes a message', async () => {
  const { queue, pass } = queueAt(0);
  queue.send('a');
  const [first] = await queue.receive(1, 0);
  pass(1000);
  const [second] = await queue.receive(1, 0);
  queue.remove(first?.ReceiptHandle ?? '');
  expect(queue.depth()).toEqual({ waiting: 0, inFlight: 1 });
  queue.remove(second?.ReceiptHandle ?? '');
  expect(queue.depth()).toEqual({ waiting: 0, inFlight: 0 });
});

it('Gives messages in their order, as many as are asked for, each once', async () => {
  const { queue } = queueAt(0);
  for (const body of ['a', 'b', 'c']) queue.send(body);
  const first = await queue.receive(2, 0);
  const rest = await queue.receive(10, 0);
  expect([first, rest].map((found) => found.map(({ Body }) => Body))).toEqual([['a', 'b'], ['c']]);
});

it('Whoever listens gets a message when it comes, and nothing when the wait is broken off', async () => {
  const { queue } = queueAt(0);
  const waiting = queue.receive(10, 60_000);
  queue.send('late');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['late']);
  const controller = new AbortController();
  const broken = queue.receive(10, 60_000, controller.signal);
  controller.abort();
  expect(await broken).toEqual([]);
});

it('A signal that outlives many waits keeps none of them', async () => {
  const { queue } = queueAt(0);
  const { signal } = new AbortController();
  for (const body of ['a', 'b']) {
    const waiting = queue.receive(10, 60_000, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    queue.send(body);
    await waiting;
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
