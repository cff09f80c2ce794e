import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { holds, type Table } from './table.ts';

/** How long a message is remembered, in milliseconds. Its signature is valid for five minutes before and after its time. */
const rememberMs = 15 * 60_000;

/** The webhooks that came recently, so that none counts twice. */
export function createWebhookMessages({ client, name: TableName }: Table) {
  /** @returns `false` if the message came before */
  function isNew(messageId: string, now: number): Promise<boolean> {
    const seconds = (at: number) => Math.ceil(at / 1000);
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

  return { isNew };
}
