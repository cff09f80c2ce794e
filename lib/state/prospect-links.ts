import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { prospectRecord } from '../clavus/prospect-record.ts';
import { chunks } from '../framework/chunks.ts';
import { packIds, SeenFolders } from './seen-folders.ts';
import { deleteRevision, getItem, itemsOf, putItem, putRevision, type Table } from './table.ts';

const pk = 'PROSPECTS';
const knownPk = 'PROSPECTS-KNOWN';
/** How many ids one item holds: 8 bytes each, far below the limit of 400 kB. */
const knownPerItem = 20_000;

/**
 * The state of a rep's company. `new`: seen, not sent yet. `sent`: a prospect. `converted`: Clavus accepts no more
 * edits. `owned`: a folder has it from now on. `refused`, `parked`: a person must act. `known`: it is older than the
 * moment when prospects were switched on.
 */
const status = z.enum(['new', 'sent', 'refused', 'parked', 'converted', 'owned', 'known']);

/** Times are milliseconds since the epoch. Attributes that this version does not know are kept as they are. */
const prospectLink = z.looseObject({
  // The company's id is the sort key only: an attribute `companyId` would put the item into the index of folders'
  // links.
  sk: z.string(),
  revision: z.number(),
  /** Names the write that made this revision, so that the retry of our own applied write is recognised. */
  writeId: z.string(),
  status,
  /** When the company was first seen in Moovago. */
  seenAt: z.number(),
  prospectId: z.string().optional(),
  /** What Clavus was last known to hold, of what the connector sent. */
  sent: prospectRecord.optional(),
  /**
   * Written right before a request leaves, removed when its outcome is known. While it is there, the outcome is
   * unknown.
   */
  intent: z.looseObject({ id: z.string(), at: z.number(), record: prospectRecord }).optional(),
  /**
   * `refused`: the values that Clavus did not accept; others may pass. `message` may hold personal data: never for a
   * log.
   */
  failure: z
    .looseObject({ message: z.string(), at: z.number(), refused: prospectRecord.optional() })
    .optional(),
  /** Why a new company is not sent yet, in words without personal data. */
  waits: z.string().optional(),
  /** The operator asked to send it. */
  asked: z.boolean().optional(),
  /** Requests since the last success that failed or were never answered. */
  attempts: z.number(),
  /** Nothing is sent before this moment. */
  waitUntil: z.number().optional(),
  /** The folder that has the company now. */
  folderId: z.string().optional(),
});
export type ProspectLink = z.infer<typeof prospectLink>;
export type ProspectLinks = ReturnType<typeof createProspectLinks>;

export const companyIdOf = ({ sk }: ProspectLink): string => sk;

/** The companies of reps and their prospects, and the companies that existed before prospects were switched on. */
export function createProspectLinks(table: Table, newId: () => string) {
  const { client, name: TableName } = table;

  const read = async (companyId: string): Promise<ProspectLink | undefined> =>
    prospectLink.optional().parse(await getItem(table, { pk, sk: companyId }));

  /** All links, by company id. */
  async function all(): Promise<Map<string, ProspectLink>> {
    const found = new Map<string, ProspectLink>();
    for await (const item of itemsOf(table, pk)) found.set(String(item.sk), prospectLink.parse(item));
    return found;
  }

  /** The link as saved; `undefined` if another process wrote it meanwhile: that version counts. */
  async function save(
    before: ProspectLink | undefined,
    after: ProspectLink,
  ): Promise<ProspectLink | undefined> {
    const writing = { before, after, writeId: newId() };
    const written = await putRevision(table, { pk }, writing, () => read(companyIdOf(after)));
    return 'saved' in written ? written.saved : undefined;
  }

  /** Deletes a link as it was read. @returns `false` if another process has written it since */
  const erase = (link: ProspectLink): Promise<boolean> =>
    deleteRevision(table, { pk, sk: companyIdOf(link) }, link);

  /** The companies that are not new ones of reps; `undefined` before prospects were switched on. */
  async function readKnown(): Promise<SeenFolders | undefined> {
    const known = new SeenFolders();
    let isOpen = false;
    for await (const item of itemsOf(table, knownPk)) {
      if (item.sk === 'opened') isOpen = true;
      else if (item.ids instanceof Uint8Array) known.addPacked(item.ids);
    }
    return isOpen ? known : undefined;
  }

  /** Adds companies to the known ones. */
  async function addKnown(companyIds: readonly string[]): Promise<void> {
    for (const ids of chunks(companyIds, knownPerItem))
      await putItem(table, { pk: knownPk, sk: `ids#${newId()}`, ids: packIds(ids) });
  }

  /** From now on, a company that is not known is new. */
  async function open(at: number): Promise<void> {
    await putItem(table, { pk: knownPk, sk: 'opened', at });
  }

  /** At the next `open`, the companies that exist by then count as known. */
  async function close(): Promise<void> {
    await client.send(new DeleteCommand({ TableName, Key: { pk: knownPk, sk: 'opened' } }));
  }

  return { read, all, save, erase, readKnown, addKnown, open, close };
}
