import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { holds, type Table } from './table.ts';

const Key = { pk: 'PACE', sk: 'moovago' };

/** Moments are milliseconds since the epoch; what the item does not have yet is as if nothing had ever happened. */
const paceState = z.object({
  /** Counts the changes of everything but `nextAt`: a reservation holds only for the state that it was decided on. */
  revision: z.number().default(0),
  /** The next free moment for a request. */
  nextAt: z.number().default(0),
  /** Counts the times when everybody had to stop: slots from before a stop are void. */
  stops: z.number().default(0),
  /** How many times slower than usual requests went when Moovago last said 429: 1, 2, 4 or 8. It wears off by itself. */
  slowdown: z.number().default(1),
  /** When the wait after the last 429 ends, and `slowdown` begins to wear off. */
  heldUntil: z.number().default(0),
  /** Failures of the service since its last success. */
  failures: z.number().default(0),
  /** 0: the breaker is closed. Else nobody sends before, and one request afterwards. */
  openUntil: z.number().default(0),
  /** How long the breaker was last opened for, in milliseconds. */
  openForMs: z.number().default(0),
  /** That one request has its slot: its outcome counts until `openUntil`, when the next may try. */
  probing: z.boolean().default(false),
  /** Records that one request can carry, as learned from refusals; 0: as many as are configured. */
  documentSize: z.number().default(0),
});
export type PaceState = z.infer<typeof paceState>;

/** A stretch of time that is free for requests. */
export type Stretch = {
  /** It begins at the next free moment, or here when nothing is reserved beyond. */
  from: number;
  /** It begins here at the latest. */
  beginBy: number;
  lengthMs: number;
};

export type PaceItem = ReturnType<typeof createPaceItem>;

/** What every function has to know before it sends to Moovago, in one item that they share. */
export function createPaceItem({ client, name: TableName }: Table) {
  async function read(): Promise<PaceState> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return paceState.parse(Item ?? {});
  }

  /**
   * Reserves a stretch of time on the state that was read. DynamoDB has no max(): it is one of two conditional forms.
   * A reservation whose answer is lost is repeated by the SDK: then some moments stay unused, which harms nobody.
   * @returns the beginning of the stretch, or `undefined` when the state is another one by now: read it again
   */
  async function reserve(
    { revision, nextAt: seen }: PaceState,
    { from, beginBy, lengthMs }: Stretch,
  ): Promise<number | undefined> {
    let nextAt: unknown;
    const update = seen >= from ? ahead(from, beginBy, lengthMs) : fresh(from, lengthMs);
    const done = await holds(
      client
        .send(
          new UpdateCommand({
            TableName,
            Key,
            UpdateExpression: update.set,
            ConditionExpression: `(${update.condition}) AND ${stillIs('revision', revision)}`,
            ExpressionAttributeValues: {
              ...update.values,
              ...(revision === 0 ? {} : { ':revision': revision }),
            },
            ReturnValues: 'UPDATED_NEW',
          }),
        )
        .then(({ Attributes }) => {
          nextAt = Attributes?.nextAt;
        }),
    );
    return done ? Number(nextAt) - lengthMs : undefined;
  }

  /**
   * Writes what differs between the state that was read and the next one.
   * @returns the state as it stands now, or `undefined` when somebody else changed it meanwhile: read it again
   */
  async function change(seen: PaceState, next: PaceState): Promise<PaceState | undefined> {
    const stored = { ...next, revision: seen.revision + 1 };
    const before = new Map<string, unknown>(Object.entries(seen));
    const changed = Object.entries(stored).filter(([name, value]) => value !== before.get(name));
    // Reservations move `nextAt` without a new revision.
    const guarded =
      stored.nextAt === seen.nextAt ? (['revision'] as const) : (['revision', 'nextAt'] as const);
    const done = await holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: `SET ${changed.map(([name]) => `${name} = :new_${name}`).join(', ')}`,
          ConditionExpression: guarded.map((name) => stillIs(name, seen[name])).join(' AND '),
          ExpressionAttributeValues: Object.fromEntries([
            ...changed.map(([name, value]) => [`:new_${name}`, value]),
            ...guarded.filter((name) => seen[name] !== 0).map((name) => [`:${name}`, seen[name]]),
          ]),
        }),
      ),
    );
    return done ? stored : undefined;
  }

  return { read, reserve, change };
}

const ahead = (from: number, beginBy: number, lengthMs: number) => ({
  set: 'SET nextAt = nextAt + :length',
  condition: 'nextAt BETWEEN :from AND :beginBy',
  values: { ':length': lengthMs, ':from': from, ':beginBy': beginBy },
});

const fresh = (from: number, lengthMs: number) => ({
  set: 'SET nextAt = :end',
  condition: 'attribute_not_exists(nextAt) OR nextAt < :from',
  values: { ':end': from + lengthMs, ':from': from },
});

/** These two are never written as 0: it stands for an attribute that the item does not have yet. */
function stillIs(name: 'revision' | 'nextAt', seen: number): string {
  return seen === 0 ? `attribute_not_exists(${name})` : `${name} = :${name}`;
}
