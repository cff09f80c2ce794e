import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Chance } from '../chance.ts';
import { type Environment, SimulatedFailure } from '../environment.ts';
import type { World } from '../world.ts';

/** As in serverless.yml. */
const receivesMax = 5;
const visibilityMs = 360_000;
const minuteMs = 60_000;

export type Message = { messageId: string; body: string; visibleAt: number; receives: number };

export type FakeQueue = ReturnType<typeof createFakeQueue>;

/** The queue of changes and its dead letters, behind the SQS client that the connector holds. */
export function createFakeQueue(world: World) {
  const { scheduler, plan, count, trace, chance } = world;
  let waiting: Message[] = [];
  let deadLetters: Message[] = [];
  let sent = 0;
  let receives = 0;
  let onMessage: () => void = () => {};

  function accept(body: string, env: Environment | undefined, draw: Chance): void {
    const late = env?.strikes('message-late', draw) ? draw.between('late', 1, 120) * minuteMs : 0;
    const message = {
      messageId: `m${++sent}`,
      body,
      visibleAt: world.now() + 20 + late,
      receives: 0,
    };
    waiting.push(message);
    scheduler.at(message.visibleAt, () => onMessage());
  }

  function sendBatch(env: Environment, { Entries = [] }: SendMessageBatchCommandInput, draw: Chance) {
    const Failed: { Id: string | undefined; Code: string; SenderFault: boolean }[] = [];
    for (const [index, { Id, MessageBody = '' }] of Entries.entries()) {
      const entry = draw.of(index);
      if (env.strikes('queue-refuses-entry', entry))
        Failed.push({ Id, Code: 'InternalError', SenderFault: false });
      else {
        count('messages accepted');
        accept(MessageBody, env, entry);
      }
    }
    return Failed.length > 0 ? { Failed } : {};
  }

  function depth() {
    const visible = waiting.filter(({ visibleAt }) => visibleAt <= world.now()).length;
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(waiting.length - visible),
      },
    };
  }

  function perform(env: Environment, command: unknown, draw: Chance): unknown {
    if (command instanceof SendMessageBatchCommand) return sendBatch(env, command.input, draw);
    if (command instanceof GetQueueAttributesCommand) return depth();
    throw new Error('The simulation does not know this command of SQS');
  }

  function send(env: Environment, command: { constructor: { name: string } }) {
    return env.call<unknown>(command.constructor.name, (reply, draw) => {
      scheduler.at(world.now() + 5, () => {
        if (env.strikes('queue-throttled', draw))
          return reply({ error: new SimulatedFailure('RequestThrottled') });
        const answer = perform(env, command, draw);
        if (!env.strikes('queue-answer-lost', draw)) return reply({ value: answer });
        scheduler.at(world.now() + 300, () => reply({ value: perform(env, command, draw.of('again')) }));
      });
    });
  }

  /** Visible messages, at most `max`, which stay hidden for the visibility time-out. */
  function receive(max: number): Message[] {
    const draw = chance.of('receive').of(++receives);
    let visible = waiting.filter(({ visibleAt }) => visibleAt <= world.now());
    const worn = visible.filter((message) => message.receives >= receivesMax);
    deadLetters.push(...worn);
    waiting = waiting.filter((message) => !worn.includes(message));
    visible = visible.filter((message) => !worn.includes(message));
    if (worn.length > 0) {
      count('dead letters', worn.length);
      trace(`queue dead letters ${worn.map(({ body }) => body).join(' ')}`);
    }
    if (world.strikes('message-reordered', draw)) visible.reverse();
    const batch = visible.slice(0, max);
    const hiddenFor = world.strikes('visibility-short', draw) ? plan.visibilityMs : visibilityMs;
    for (const [index, message] of batch.entries()) {
      message.receives++;
      if (world.strikes('message-twice', draw.of(index))) continue;
      message.visibleAt = world.now() + hiddenFor;
      scheduler.at(message.visibleAt, () => onMessage());
    }
    return batch.map((message) => ({ ...message }));
  }

  function deleteMessages(done: readonly Message[], draw: Chance): void {
    const gone = new Set(
      done
        .filter((_, index) => !world.strikes('message-not-deleted', draw.of(index)))
        .map(({ messageId }) => messageId),
    );
    waiting = waiting.filter(({ messageId }) => !gone.has(messageId));
  }

  return {
    clientFor: (env: Environment): SQSClient => {
      const client = { send: (command: { constructor: { name: string } }) => send(env, command) };
      return client as unknown as SQSClient;
    },
    receive,
    deleteMessages,
    onMessage: (notify: () => void) => {
      onMessage = notify;
    },
    /** Puts a message on the queue that the connector did not send. */
    inject: (body: string) => accept(body, undefined, chance.of('inject')),
    purge: () => {
      waiting = [];
    },
    /** An operator moves the dead letters back. */
    redrive: () => {
      for (const message of deadLetters) {
        message.receives = 0;
        message.visibleAt = world.now();
      }
      waiting.push(...deadLetters);
      deadLetters = [];
      scheduler.at(world.now(), () => onMessage());
    },
    nextVisibleAt: () => Math.min(...waiting.map(({ visibleAt }) => visibleAt)),
    waiting: (): readonly Message[] => waiting,
    deadLetters: (): readonly Message[] => deadLetters,
  };
}
