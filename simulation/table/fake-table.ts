import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lib/state/table.ts';
import { asSdkError, callOf, valuesOfAnswer, wireInput } from '../../local/dynamodb/embedded-documents.ts';
import { answerCall } from '../../local/dynamodb/embedded-dynamodb.ts';
import type { Chance } from '../chance.ts';
import { type Environment, SimulatedFailure } from '../environment.ts';
import type { World } from '../world.ts';
import { createItems, type Items, tableName } from './items.ts';

/** How long the SDK waits before it sends a request again whose answer did not come, in milliseconds. */
const retryAfterMs = [30, 300, 2_000] as const;

/** What an answer may leave out: decided by the faults of the run. */
type Reluctance = {
  /** Whether the nth key or item of a batch is left for another time. */
  leavesOut(nth: number): boolean;
  /** The most that a page holds. */
  pageMax: number;
};

const some = (items: unknown[], batch: unknown) =>
  items.length === 0 ? {} : { [tableName]: Array.isArray(batch) ? items : { ...Object(batch), Keys: items } };

function perform({ consistent, eventual }: Items, command: unknown, { leavesOut, pageMax }: Reluctance) {
  const { call, input } = callOf(command);
  const batch = Object(input.RequestItems)[tableName];
  const isRead = /^(Get|BatchGet|Query|Scan)/.test(call);
  const isConsistent = !isRead || input.ConsistentRead || Object(batch).ConsistentRead;
  const answer = (asked: Record<string, unknown>) =>
    valuesOfAnswer(answerCall(isConsistent ? consistent : eventual, call, wireInput(asked)));
  if (call === 'Query' || call === 'Scan')
    return answer({ ...input, Limit: Math.min(Number(input.Limit ?? pageMax), pageMax) });
  if (batch === undefined) return answer(input);
  const all: unknown[] = Array.isArray(batch) ? batch : batch.Keys;
  const left = all.filter((_, nth) => leavesOut(nth));
  return {
    ...answer({
      ...input,
      RequestItems: some(
        all.filter((one) => !left.includes(one)),
        batch,
      ),
    }),
    [isRead ? 'UnprocessedKeys' : 'UnprocessedItems']: some(left, batch),
  };
}

/** What a command is about, for the trace: the item's key, or the index. */
function labelOf(command: { constructor: { name: string }; input?: unknown }): string {
  const input: Record<string, unknown> = Object(command.input);
  const key: Record<string, unknown> = Object(input.Key ?? input.Item);
  return `${command.constructor.name} ${String(key.pk ?? input.IndexName ?? '')}`;
}

/** The DynamoDB table, behind the document client that the connector holds. */
export function createFakeTable(world: World) {
  const items = createItems(world);
  const { scheduler, plan, count } = world;

  function latency(env: Environment, draw: Chance): number {
    if (env.strikes('table-slow', draw)) return draw.pick('slow', [100, 400, 3_000]);
    return world.isQuiet() ? 2 : plan.tableMs;
  }

  function attempted(env: Environment, command: unknown, draw: Chance) {
    const pageMax = env.strikes('table-short-page', draw) ? 1 : 1_000;
    const leavesOut = (nth: number) => env.strikes('table-unprocessed', draw.of(nth));
    try {
      return { value: perform(items, command, { pageMax, leavesOut }) };
    } catch (error) {
      return { error: asSdkError(error) };
    }
  }

  function send(env: Environment, command: { constructor: { name: string }; input?: unknown }) {
    return env.call<unknown>(labelOf(command), (reply, draw) => {
      const lands = world.now() + latency(env, draw);
      if (env.strikes('table-throttled', draw)) {
        scheduler.at(lands, () => reply({ error: new SimulatedFailure('ThrottlingException') }));
        return;
      }
      scheduler.at(lands, () => {
        const answer = attempted(env, command, draw);
        if (!env.strikes('table-answer-lost', draw)) return reply(answer);
        scheduler.at(world.now() + draw.pick('retry', retryAfterMs), () => {
          const again = attempted(env, command, draw.of('again'));
          if ('value' in answer && 'error' in again) count('own write met by its retry');
          reply(again);
        });
      });
    });
  }

  return {
    items,
    tableFor: (env: Environment): Table => {
      const client = { send: (command: { constructor: { name: string } }) => send(env, command) };
      return { client: client as unknown as DynamoDBDocumentClient, name: tableName };
    },
  };
}

export type FakeTable = ReturnType<typeof createFakeTable>;
