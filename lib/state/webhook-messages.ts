import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem, holds, type Table } from './table.ts';

/** How long a message is remembered, in milliseconds. Its signature is valid for five minutes before and after its time. */
const rememberMs = 15 * 60_000;

const remembered = z.object({ ttl: z.number() }).catch({ ttl: 0 });

/** The webhooks that came recently, so that none counts twice. */
export function createWebhookMessages(table: Table) {
  const { client, name: TableName } = table;
  const seconds = (at: number) => Math.ceil(at / 1000);

  async function isKnown(messageId: string, now: number): Promise<boolean> {
    const { ttl } = remembered.parse(await getItem(table, { pk: 'WEBHOOK', sk: messageId }));
    return ttl > seconds(now);
  }

  /** @returns `false` if the message came before */
  function isNew(messageId: string, now: number): Promise<boolean> {
    return holds(
      client.send(
        new PutCommand({
          TableName,
          Item: { pk: 'WEBHOOK', sk: messageId, ttl: seconds(now + rememberMs) },
          // DynamoDB removes expired items, but hours late.
          ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':now': seconds(now) },
        }),
      ),
    );
  }

  return { isKnown, isNew };
}
