import { BatchGetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from './table.ts';

/** What both systems say about themselves: columns and people. Refreshed on its own schedule, read by every poll. */
const directory = z.object({
  /** Every column that Clavus ever showed: one that vanishes stays known, so that it is missing, not a mistake. */
  columns: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
  users: z.array(
    z.object({ id: z.string(), firstName: z.string(), lastName: z.string(), email: z.string().nullable() }),
  ),
  team: z.object({
    id: z.string(),
    name: z.string(),
    members: z.array(z.object({ id: z.string(), alias: z.string() })),
  }),
});
export type Directory = z.infer<typeof directory>;

const kinds = ['columns', 'users', 'team'] as const;

/** One item a kind, in its attribute `content`. */
export function createDirectoryStore({ client, name: TableName }: Table) {
  async function read(): Promise<Directory | undefined> {
    const Keys = kinds.map((kind) => ({ pk: 'DIRECTORY', sk: kind }));
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    const items = new Map((answer.Responses?.[TableName] ?? []).map((item) => [item.sk, item.content]));
    if (items.size < kinds.length) return undefined;
    return directory.parse(Object.fromEntries(items));
  }

  async function save(next: Directory): Promise<void> {
    for (const kind of kinds)
      await client.send(
        new PutCommand({ TableName, Item: { pk: 'DIRECTORY', sk: kind, content: next[kind] } }),
      );
  }

  return { read, save };
}
