import { randomUUID } from 'node:crypto';

type QueueMessage = {
  id: string;
  body: string;
  sentAt: number;
  firstReceivedAt: number | undefined;
  receives: number;
  /** From when on it may be received (again), in milliseconds since the epoch. */
  visibleAt: number;
  /** The last receipt: an older one deletes nothing. */
  receipt: string;
};

export type ReceivedMessage = {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  Attributes: Record<string, string>;
};

type QueueOptions = {
  /** How long a message that was received is hidden, in milliseconds. */
  visibilityMs: number;
  /** A message that was received so often goes there instead of being received once more. */
  deadLetter?: { send(body: string): void; maxReceiveCount: number } | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
};

export type MessageQueue = ReturnType<typeof createMessageQueue>;

/** A standard queue as SQS has it, in memory. */
export function createMessageQueue({ visibilityMs, deadLetter, now }: QueueOptions) {
  /** In the order in which they came; one that is received goes to the end. */
  const messages = new Map<string, QueueMessage>();
  const receipts = new Map<string, string>();
  const listeners = new Set<() => void>();

  function forget({ id, receipt }: QueueMessage): void {
    messages.delete(id);
    receipts.delete(receipt);
  }

  function take(message: QueueMessage, at: number): ReceivedMessage {
    const { id, body, sentAt, firstReceivedAt = at } = message;
    const receives = message.receives + 1;
    const receipt = randomUUID();
    forget(message);
    receipts.set(receipt, id);
    messages.set(id, { ...message, receives, firstReceivedAt, receipt, visibleAt: at + visibilityMs });
    return {
      MessageId: id,
      ReceiptHandle: receipt,
      Body: body,
      Attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      },
    };
  }

  function receiveNow(most: number): ReceivedMessage[] {
    const at = now();
    const found: ReceivedMessage[] = [];
    let left = messages.size;
    for (const message of messages.values()) {
      if (found.length === most || left-- === 0) break;
      if (message.visibleAt > at) continue;
      if (deadLetter !== undefined && message.receives >= deadLetter.maxReceiveCount) {
        forget(message);
        deadLetter.send(message.body);
      } else {
        found.push(take(message, at));
      }
    }
    return found;
  }

  /** Resolves when a message comes, or comes back, or at `until`, or when the signal says so. */
  function nextChange(until: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const next = [...messages.values()].reduce(
      (soonest, { visibleAt }) => Math.min(soonest, visibleAt),
      until,
    );
    const timer = setTimeout(resolve, next - now());
    listeners.add(resolve);
    const stop = () => resolve();
    signal?.addEventListener('abort', stop);
    return promise.finally(() => {
      clearTimeout(timer);
      listeners.delete(resolve);
      signal?.removeEventListener('abort', stop);
    });
  }

  return {
    /** Returns the message's id. */
    send(body: string): string {
      const id = randomUUID();
      const at = now();
      messages.set(id, {
        id,
        body,
        sentAt: at,
        firstReceivedAt: undefined,
        receives: 0,
        visibleAt: at,
        receipt: '',
      });
      for (const wake of listeners) wake();
      return id;
    },
    /** Up to so many messages; waits for the first one, `waitMs` at most, or until the signal says so. */
    async receive(most: number, waitMs: number, signal?: AbortSignal): Promise<ReceivedMessage[]> {
      const until = now() + waitMs;
      let found = receiveNow(most);
      while (found.length === 0 && now() < until && !signal?.aborted) {
        await nextChange(until, signal);
        found = receiveNow(most);
      }
      return found;
    },
    /** Deletes what was received with this receipt, if it is the last one. */
    remove(receipt: string): void {
      const message = messages.get(receipts.get(receipt) ?? '');
      if (message !== undefined) forget(message);
    },
    /** How many wait; how many were received, and are neither deleted nor back. */
    depth() {
      const at = now();
      const waiting = [...messages.values()].filter(({ visibleAt }) => visibleAt <= at).length;
      return { waiting, inFlight: messages.size - waiting };
    },
  };
}
