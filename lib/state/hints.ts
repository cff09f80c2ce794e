import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { attempt } from '../framework/attempt.ts';
import { getItem, type Table } from './table.ts';

const Key = { pk: 'CURSOR', sk: 'hints' };

/** With ids of 64 characters, 320 kB; an item can hold 400 kB. */
const hintsMax = 4_000;

const item = z.object({ hints: z.set(z.string()).optional() }).optional();

/** A webhook reported at a moment (milliseconds since the epoch) that this folder changed. */
export type Hint = { folderId: string; at: number };

const textOf = ({ folderId, at }: Hint) => `${at} ${folderId}`;

/**
 * Folders that were reported as changed, in one set to which any process may add at any time. A poll compares them
 * whatever their fingerprints say, and removes those that it has read.
 */
export function createHints(table: Table) {
  const { client, name: TableName } = table;

  /** @returns how many hints there are now, or `undefined` if there were too many already and none was added */
  async function add(folderIds: readonly string[], at: number): Promise<number | undefined> {
    const hints = new Set(folderIds.map((folderId) => textOf({ folderId, at })));
    const added = await attempt(
      client.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'ADD hints :hints',
          ConditionExpression: 'attribute_not_exists(hints) OR size(hints) < :max',
          ExpressionAttributeValues: { ':hints': hints, ':max': hintsMax },
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    if (added.ok) return item.parse(added.value.Attributes)?.hints?.size ?? 0;
    if (added.error instanceof ConditionalCheckFailedException) return undefined;
    throw added.error;
  }

  async function read(): Promise<Hint[]> {
    return [...(item.parse(await getItem(table, Key))?.hints ?? [])].map((text) => {
      const [at = '', folderId = ''] = text.split(' ');
      return { folderId, at: Number(at) };
    });
  }

  async function remove(hints: readonly Hint[]): Promise<void> {
    if (hints.length === 0) return;
    await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'DELETE hints :hints',
        ExpressionAttributeValues: { ':hints': new Set(hints.map(textOf)) },
      }),
    );
  }

  return { add, read, remove };
}
