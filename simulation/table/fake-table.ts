import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lib/state/table.ts';
import type { Chance } from '../chance.ts';
import { type Environment, SimulatedFailure } from '../environment.ts';
import type { World } from '../world.ts';
import * as commands from './commands.ts';
import { createItems, type Items } from './items.ts';

/** How long the SDK waits before it sends a request again whose answer did not come, in milliseconds. */
const retryAfterMs = [30, 300, 2_000] as const;

function perform(items: Items, command: unknown, reluctance: commands.Reluctance): unknown {
  if (command instanceof GetCommand) return commands.get(items, command.input);
  if (command instanceof PutCommand) return commands.put(items, command.input);
  if (command instanceof UpdateCommand) return commands.update(items, command.input);
  if (command instanceof DeleteCommand) return commands.remove(items, command.input);
  if (command instanceof QueryCommand) return commands.query(items, command.input, reluctance);
  if (command instanceof ScanCommand) return commands.scan(items, command.input, reluctance);
  if (command instanceof BatchGetCommand) return commands.batchGet(items, command.input, reluctance);
  if (command instanceof BatchWriteCommand) return commands.batchWrite(items, command.input, reluctance);
  throw new Error(`The simulation does not know the command ${command?.constructor.name}`);
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
      return { error };
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
      return { client: client as unknown as DynamoDBDocumentClient, name: 'simulated' };
    },
  };
}

export type FakeTable = ReturnType<typeof createFakeTable>;
