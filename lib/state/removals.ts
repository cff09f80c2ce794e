import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { createLargeItem } from './large-item.ts';
import { getItem, putItem, type Table } from './table.ts';

const keyOf = (sk: string) => ({ pk: 'REMOVALS', sk });

const ids = z.array(z.string());
/** An older version has saved `folderIds`. */
const missingItem = z.object({ content: ids.optional(), folderIds: ids.optional() });

const items = z.object({
  /** More folders were missing than may go at once, so nothing was removed. */
  held: z.object({ folders: z.number(), at: z.number() }).optional(),
  /** The operator approved that so many folders may go, and no more. */
  approved: z.object({ folders: z.number() }).optional(),
});
export type Removals = z.infer<typeof items> & {
  /** Folders that the last complete scan did not find any more. If two scans in a row miss them, they are gone. */
  missing?: { folderIds: string[] } | undefined;
};
type Kind = 'held' | 'approved';

/** What is known of folders that are gone from Clavus: one item per kind; as many as it needs for missing folders. */
export function createRemovalsStore(table: Table) {
  const { client, name: TableName } = table;
  const missing = createLargeItem(table, keyOf('missing'));

  async function read(): Promise<Removals> {
    const held = await getItem(table, keyOf('held'));
    const approved = await getItem(table, keyOf('approved'));
    const found = missingItem.optional().parse(await missing.read());
    const folderIds = found?.content ?? found?.folderIds;
    return { ...items.parse({ held, approved }), ...(folderIds && { missing: { folderIds } }) };
  }

  async function save<One extends Kind>(kind: One, content: NonNullable<Removals[One]>): Promise<void> {
    await putItem(table, { ...keyOf(kind), ...content });
  }

  const saveMissing = (folderIds: readonly string[]): Promise<void> => missing.save(folderIds);

  async function forget(kind: Kind | 'missing'): Promise<void> {
    if (kind === 'missing') await missing.forget();
    else await client.send(new DeleteCommand({ TableName, Key: keyOf(kind) }));
  }

  return { read, save, saveMissing, forget };
}
export type RemovalsStore = ReturnType<typeof createRemovalsStore>;
