import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { itemsOf, putItem, type Table } from './table.ts';

const pk = 'REMOVALS';

const items = z.object({
  /** Folders that the last complete scan did not find any more. If two scans in a row miss them, they are gone. */
  missing: z.object({ folderIds: z.array(z.string()) }).optional(),
  /** More folders were missing than may go at once, so nothing was removed. */
  held: z.object({ folders: z.number(), at: z.number() }).optional(),
  /** The operator approved that so many folders may go, and no more. */
  approved: z.object({ folders: z.number() }).optional(),
});
export type Removals = z.infer<typeof items>;
type Kind = keyof Removals;

/** What is known of folders that are gone from Clavus: one item per kind. */
export function createRemovalsStore(table: Table) {
  const { client, name: TableName } = table;

  async function read(): Promise<Removals> {
    const found: Record<string, unknown> = {};
    for await (const item of itemsOf(table, pk)) found[String(item.sk)] = item;
    return items.parse(found);
  }

  async function save<One extends Kind>(kind: One, content: NonNullable<Removals[One]>): Promise<void> {
    await putItem(table, { pk, sk: kind, ...content });
  }

  async function forget(kind: Kind): Promise<void> {
    await client.send(new DeleteCommand({ TableName, Key: { pk, sk: kind } }));
  }

  return { read, save, forget };
}
export type RemovalsStore = ReturnType<typeof createRemovalsStore>;
