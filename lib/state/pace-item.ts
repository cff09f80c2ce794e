import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { holds, type Table } from './table.ts';

const Key = { pk: 'PACE', sk: 'moovago' };

export type PaceItem = ReturnType<typeof createPaceItem>;

/**
 * The next free moment for a request to Moovago, in one item that every function shares (`nextAt`, milliseconds since
 * the epoch). DynamoDB has no max(): a reservation is one of two conditional forms.
 */
export function createPaceItem({ client, name: TableName }: Table) {
  const update = (UpdateExpression: string, ConditionExpression: string, values: Record<string, number>) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeValues: values,
        ReturnValues: 'UPDATED_NEW',
      }),
    );

  async function reserveFrom(
    expression: string,
    condition: string,
    values: Record<string, number>,
  ): Promise<number | undefined> {
    let nextAt: unknown;
    const done = await holds(
      update(expression, condition, values).then((answer) => {
        nextAt = answer.Attributes?.nextAt;
      }),
    );
    return done ? Number(nextAt) : undefined;
  }

  /**
   * Reserves a stretch of time: from the next free moment, or from `earliest` when nothing is reserved beyond it.
   * A reservation whose answer is lost is repeated by the SDK: then some moments stay unused, which harms nobody.
   * @returns the beginning of the stretch, or `undefined` when the next free moment lies after `latest`
   */
  async function reserve(earliest: number, lengthMs: number, latest: number): Promise<number | undefined> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const ahead = await reserveFrom(
        'SET nextAt = nextAt + :length',
        'nextAt BETWEEN :earliest AND :latest',
        {
          ':length': lengthMs,
          ':earliest': earliest,
          ':latest': latest,
        },
      );
      if (ahead !== undefined) return ahead - lengthMs;
      const fresh = await reserveFrom(
        'SET nextAt = :end',
        'attribute_not_exists(nextAt) OR nextAt < :earliest',
        {
          ':end': earliest + lengthMs,
          ':earliest': earliest,
        },
      );
      if (fresh !== undefined) return earliest;
      if ((await nextAt()) > latest) return undefined;
    }
    return undefined;
  }

  /** The next free moment; 0 before the first reservation. */
  async function nextAt(): Promise<number> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Number(Item?.nextAt ?? 0);
  }

  /** Nobody sends before `until`: moves the next free moment forward, never back. */
  async function holdUntil(until: number): Promise<void> {
    await holds(
      update('SET nextAt = :until', 'attribute_not_exists(nextAt) OR nextAt < :until', { ':until': until }),
    );
  }

  /** Puts a next free moment that lies absurdly far ahead (a broken clock wrote it) back to now. */
  async function reset(seen: number, now: number): Promise<boolean> {
    return holds(update('SET nextAt = :now', 'nextAt = :seen', { ':now': now, ':seen': seen }));
  }

  return { reserve, nextAt, holdUntil, reset };
}
