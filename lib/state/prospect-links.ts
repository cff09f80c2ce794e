import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { prospectRecord } from '../clavus/prospect-record.ts';
import { chunks } from '../framework/chunks.ts';
import { packIds, SeenFolders } from './seen-folders.ts';
import { putRevision, queryPages, type Table } from './table.ts';

const pk = 'PROSPECTS';
const knownPk = 'PROSPECTS-KNOWN';
/** Ids in one item: 8 bytes each, far below the 400 kB that an item may hold. */
const knownPerItem = 20_000;

/**
 * How a company of a rep stands. `new`: seen, not sent yet. `sent`: a prospect. `converted`: Clavus takes no more edits.
 * `owned`: a folder has it from now on. `refused`, `parked`: somebody has to look. `known`: from before prospects were
 * switched on.
 */
const status = z.enum(['new', 'sent', 'refused', 'parked', 'converted', 'owned', 'known']);

/** Times are milliseconds since the epoch. Attributes that this version does not know are kept as they are. */
const prospectLink = z.looseObject({
  // The company's id is the sort key alone: an attribute `companyId` would bring the item into the index of folders' links.
  sk: z.string(),
  revision: z.number(),
  /** Names the write that made this revision, so that the retry of our own applied write is recognised. */
  writeId: z.string(),
  status,
  /** When the company was first seen in Moovago. */
  seenAt: z.number(),
  prospectId: z.string().optional(),
  /** What Clavus was last known to hold, as far as the connector sent it. */
  sent: prospectRecord.optional(),
  /** Written right before a request leaves, removed when its outcome is known. While it stands, nobody can tell. */
  intent: z.looseObject({ id: z.string(), at: z.number(), record: prospectRecord }).optional(),
  /** `refused`: what Clavus did not take; other values may pass. `message` may hold personal data: never for a log. */
  failure: z
    .looseObject({ message: z.string(), at: z.number(), refused: prospectRecord.optional() })
    .optional(),
  /** Why a new one is not sent yet, in words without personal data. */
  waits: z.string().optional(),
  /** Somebody named it to be sent. */
  asked: z.boolean().optional(),
  /** Requests that failed or were never answered since the last one that passed. */
  attempts: z.number(),
  /** Nothing is sent before this moment. */
  waitUntil: z.number().optional(),
  /** The folder that has the company now. */
  folderId: z.string().optional(),
});
export type ProspectLink = z.infer<typeof prospectLink>;
export type ProspectLinks = ReturnType<typeof createProspectLinks>;

export const companyIdOf = ({ sk }: ProspectLink): string => sk;

/** The companies of reps and their prospects, and which companies were there before prospects were switched on. */
export function createProspectLinks(table: Table, newId: () => string) {
  const { client, name: TableName } = table;

  async function read(companyId: string): Promise<ProspectLink | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { pk, sk: companyId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : prospectLink.parse(Item);
  }

  /** All of them, by company id. */
  async function all(): Promise<Map<string, ProspectLink>> {
    const found = new Map<string, ProspectLink>();
    for (const item of await itemsOf(pk)) found.set(String(item.sk), prospectLink.parse(item));
    return found;
  }

  /** The link as saved; nothing when somebody else wrote it meanwhile, whose word counts. */
  async function save(
    before: ProspectLink | undefined,
    after: ProspectLink,
  ): Promise<ProspectLink | undefined> {
    const writing = { before, after, writeId: newId() };
    const written = await putRevision(table, { pk }, writing, () => read(companyIdOf(after)));
    return 'saved' in written ? written.saved : undefined;
  }

  /** The companies that are not reps' new ones; nothing before prospects were switched on. */
  async function readKnown(): Promise<SeenFolders | undefined> {
    const known = new SeenFolders();
    let isOpen = false;
    for (const item of await itemsOf(knownPk)) {
      if (item.sk === 'opened') isOpen = true;
      else if (item.ids instanceof Uint8Array) known.addPacked(item.ids);
    }
    return isOpen ? known : undefined;
  }

  /** Adds to them. */
  async function addKnown(companyIds: readonly string[]): Promise<void> {
    for (const ids of chunks(companyIds, knownPerItem))
      await client.send(
        new PutCommand({ TableName, Item: { pk: knownPk, sk: `ids#${newId()}`, ids: packIds(ids) } }),
      );
  }

  /** From now on, what is not known is new. */
  async function open(at: number): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { pk: knownPk, sk: 'opened', at } }));
  }

  /** What is there when they are opened the next time counts as known. */
  async function close(): Promise<void> {
    await client.send(new DeleteCommand({ TableName, Key: { pk: knownPk, sk: 'opened' } }));
  }

  async function itemsOf(partition: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    const query = {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of queryPages(table, query)) found.push(...Items);
    return found;
  }

  return { read, all, save, readKnown, addKnown, open, close };
}
