import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { attempt } from '../framework/attempt.ts';
import type { Clock } from '../framework/clock.ts';
import { getItem, holds, type Table } from './table.ts';

/** The right of one owner to do one job, until it is released or runs out. */
export type Lease = {
  /** Extends it to `lastsMs` from now; `false` if another owner has the lease by now, and the work must stop. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
};

/** Works under a lease, and releases it however the work ends. */
export async function underLease<Result>(lease: Lease, work: () => Promise<Result>): Promise<Result> {
  const done = await attempt(work());
  await lease.release();
  if (!done.ok) throw done.error;
  return done.value;
}

export type LeaseDependencies = { table: Table; clock: Clock; newId(): string };

/**
 * Takes a lease. Its end is compared with the clock, never left to the table's own expiry, which runs late.
 * @param lastsMs how long it lasts without `renew`, in milliseconds
 * @param takeOver takes it from its owner: only if that owner is known to be dead
 * @returns the lease, or until when another owner has it (milliseconds since the epoch)
 */
export async function takeLease(
  { table, clock, newId }: LeaseDependencies,
  name: string,
  lastsMs: number,
  takeOver = false,
): Promise<{ lease: Lease } | { heldUntil: number }> {
  const { client, name: TableName } = table;
  const Key = { pk: 'LEASE', sk: name };
  const owner = newId();

  const write = (ConditionExpression: string | undefined, until: number) =>
    holds(
      client.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'SET holder = :me, expiresAt = :until',
          ConditionExpression,
          ExpressionAttributeValues: {
            ':me': owner,
            ':until': until,
            ...(ConditionExpression?.includes(':now') ? { ':now': clock.now() } : {}),
          },
        }),
      ),
    );

  // "holder = :me" accepts the retry of our own applied write.
  const free = 'attribute_not_exists(pk) OR expiresAt <= :now OR holder = :me';
  if (!(await write(takeOver ? undefined : free, clock.now() + lastsMs))) {
    const held = await getItem(table, Key);
    return { heldUntil: Number(held?.expiresAt ?? clock.now()) };
  }
  return {
    lease: {
      renew: () => write('holder = :me', clock.now() + lastsMs),
      release: async () => {
        await write('holder = :me', clock.now());
      },
    },
  };
}
