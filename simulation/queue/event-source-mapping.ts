import type { World } from '../world.ts';
import type { FakeQueue, Message } from './fake-queue.ts';

/** As in serverless.yml. */
const batchSize = 250;
const windowMs = 1_000;
const concurrencyMax = 3;

/** What became of an invocation: `undefined` when it was killed or threw. */
type Outcome = { batchItemFailures: { itemIdentifier: string }[] } | undefined;
type Invoke = (batch: readonly Message[], onEnd: (outcome: Outcome) => void) => void;

/** Lambda's poller: batches to the writer, and deletes what did not fail. What failed comes back when it is visible again. */
export function createEventSourceMapping(world: World, queue: FakeQueue, invoke: Invoke) {
  let running = 0;
  let batches = 0;
  let isGathering = false;

  function deliver(): void {
    isGathering = false;
    if (running >= concurrencyMax) return;
    const batch = queue.receive(Math.min(batchSize, world.plan.batchMax));
    if (batch.length === 0) return;
    const draw = world.chance.of('batch').of(++batches);
    running++;
    invoke(batch, (outcome) => {
      running--;
      if (outcome !== undefined) {
        const failed = new Set(outcome.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        queue.deleteMessages(
          batch.filter(({ messageId }) => !failed.has(messageId)),
          draw,
        );
      }
      gather();
    });
    gather();
  }

  function gather(): void {
    if (isGathering || running >= concurrencyMax || queue.nextVisibleAt() > world.now()) return;
    isGathering = true;
    world.scheduler.at(world.now() + windowMs, deliver);
  }

  queue.onMessage(gather);
}
