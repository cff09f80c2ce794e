import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from './table.ts';

const hashes = z.record(z.string(), z.string());
/** By the key of `sync.config.ts`: a hash of everything that is sent for it. */
export type OperationHashes = z.infer<typeof hashes>;

/** `proved`: by Moovago's schema, in a check. `told`: not verified, so refused, and already reported. */
type Kind = 'proved' | 'told';

const keyOf = (kind: Kind) => ({ pk: 'DIRECTORY', sk: `opt-ins-${kind}` });

/** The operations beyond Moovago's guide that its schema has verified. */
export function createVerifiedOperations({ client, name: TableName }: Table) {
  async function read(kind: Kind): Promise<OperationHashes> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(kind), ConsistentRead: true }));
    return Item === undefined ? {} : hashes.parse(Item.content);
  }

  async function save(kind: Kind, content: OperationHashes): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...keyOf(kind), content } }));
  }

  return { read, save };
}
