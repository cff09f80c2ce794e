import { hash } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { itemsOf, putItem, type Table } from './table.ts';

const pk = 'REMOVALS';

/** Bytes of ids in one item: an item has 400 kB at most. */
const bytesPerPart = 200_000;

const missingPart = z.object({
  sk: z.string(),
  folderIds: z.array(z.string()),
  /** Names the list that it is a part of. Absent from the list of an older version, which has one part. */
  list: z.string().optional(),
});

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

const partKey = (part: number) => (part === 0 ? 'missing' : `missing#${String(part).padStart(4, '0')}`);

/** What is known of folders that are gone from Clavus: one item per kind; as many as it needs for missing folders. */
export function createRemovalsStore(table: Table) {
  const { client, name: TableName } = table;

  async function read(): Promise<Removals> {
    const found: Record<string, unknown> = {};
    const parts: z.infer<typeof missingPart>[] = [];
    for await (const item of itemsOf(table, pk))
      if (String(item.sk).startsWith('missing')) parts.push(missingPart.parse(item));
      else found[String(item.sk)] = item;
    // The first part is written last: parts of another list are those of a write that was cut off.
    const first = parts.find(({ sk }) => sk === partKey(0));
    const folderIds = parts.filter(({ list }) => list === first?.list).flatMap((part) => part.folderIds);
    return { ...items.parse(found), ...(first && { missing: { folderIds } }) };
  }

  async function save<One extends Kind>(kind: One, content: NonNullable<Removals[One]>): Promise<void> {
    await putItem(table, { pk, sk: kind, ...content });
  }

  async function saveMissing(folderIds: readonly string[]): Promise<void> {
    const list = hash('sha256', JSON.stringify(folderIds)).slice(0, 16);
    const parts = partsOf(folderIds);
    for (const [part, ids] of [...parts.entries()].reverse())
      await putItem(table, { pk, sk: partKey(part), folderIds: ids, list });
    await forgetParts((sk) => sk >= partKey(Math.max(1, parts.length)));
  }

  async function forget(kind: Kind | 'missing'): Promise<void> {
    if (kind === 'missing') return forgetParts(() => true);
    await client.send(new DeleteCommand({ TableName, Key: { pk, sk: kind } }));
  }

  async function forgetParts(isOver: (sk: string) => boolean): Promise<void> {
    const keys: string[] = [];
    for await (const { sk } of itemsOf(table, pk)) keys.push(String(sk));
    for (const sk of keys.filter((key) => key.startsWith('missing') && isOver(key)))
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
  }

  return { read, save, saveMissing, forget };
}
export type RemovalsStore = ReturnType<typeof createRemovalsStore>;

function partsOf(folderIds: readonly string[]): string[][] {
  const parts: string[][] = [];
  let bytes = bytesPerPart;
  for (const folderId of folderIds) {
    // A string of DynamoDB has up to three bytes a character, and three more.
    const size = folderId.length * 3 + 3;
    if (bytes + size > bytesPerPart) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(folderId);
    bytes += size;
  }
  return parts;
}
