import { BatchGetCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from './table.ts';

/** What both systems say about themselves: columns and people. Refreshed on its own schedule, read by every poll. */
const directory = z.object({
  /**
   * Every column that Clavus ever showed. A column that vanishes stays known, so that it counts as missing, not as a
   * mistake.
   */
  columns: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
  users: z.array(
    z.object({ id: z.string(), firstName: z.string(), lastName: z.string(), email: z.string().nullable() }),
  ),
  team: z.object({
    id: z.string(),
    name: z.string(),
    members: z.array(z.object({ id: z.string(), alias: z.string() })),
    /** Read only if the tenant maps them. */
    mandators: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
  }),
});
export type Directory = z.infer<typeof directory>;

/** The last complete pass over Moovago's companies. Nothing is created before the first one. */
const companiesPass = z.object({
  at: z.number(),
  /** When it began: it shows the companies that were made by then. */
  begunAt: z.number().optional(),
  companies: z.number(),
  /** Whether Moovago returns every field that the connector writes, or only those that its guide reads. */
  readBack: z.enum(['all', 'documented']),
  /**
   * Later passes showed far fewer companies: how many, and since when. They are not believed until they show that for a
   * while.
   */
  doubted: z.object({ companies: z.number(), since: z.number() }).optional(),
});
export type CompaniesPass = z.infer<typeof companiesPass>;

/** People in Clavus who are not in the Moovago team, and mandators that the team does not have. */
const unmatchedOwners = z.array(
  z.object({
    /** As the column has them: a name, for people who ask, never for a log. */
    person: z.string(),
    /** Their role in the folders; owner by default. */
    kind: z.enum(['owner', 'mandator']).optional(),
    /** How many folders name them. */
    folders: z.number(),
    /** One of these folders. */
    folderId: z.string(),
  }),
);
export type UnmatchedOwner = z.infer<typeof unmatchedOwners>[number];

const recoveryKey = { pk: 'DIRECTORY', sk: 'recovery' };
const recovery = z.object({ from: z.number() });

const kinds = ['columns', 'users', 'team'] as const;

export type DirectoryStore = ReturnType<typeof createDirectoryStore>;

/** One item per kind, in its attribute `content`. */
export function createDirectoryStore({ client, name: TableName }: Table) {
  async function read(): Promise<Directory | undefined> {
    const Keys = kinds.map((kind) => ({ pk: 'DIRECTORY', sk: kind }));
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    if (answer.UnprocessedKeys?.[TableName] !== undefined)
      throw new Error('DynamoDB left the directory unread');
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

  async function readPass(): Promise<CompaniesPass | undefined> {
    const Key = { pk: 'DIRECTORY', sk: 'companies' };
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : companiesPass.parse(Item.content);
  }

  async function savePass(pass: CompaniesPass): Promise<void> {
    await client.send(
      new PutCommand({ TableName, Item: { pk: 'DIRECTORY', sk: 'companies', content: pass } }),
    );
  }

  /**
   * The table was restored to an older point: Moovago may have companies that it does not know. No pass that began
   * before `from` (milliseconds since the epoch) allows creations.
   */
  async function distrustPassesBefore(from: number): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { ...recoveryKey, from } }));
  }

  /** When the next pass that counts may begin, in milliseconds since the epoch; `undefined` if creations may go on. */
  async function creationsWaitFor(): Promise<number | undefined> {
    const pass = await readPass();
    const { Item } = await client.send(new GetCommand({ TableName, Key: recoveryKey, ConsistentRead: true }));
    const { from } = recovery.parse(Item ?? { from: 0 });
    return pass === undefined || (pass.begunAt ?? 0) < from ? from : undefined;
  }

  async function readUnmatched(): Promise<UnmatchedOwner[]> {
    const Key = { pk: 'DIRECTORY', sk: 'unmatched' };
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item === undefined ? [] : unmatchedOwners.parse(Item.content);
  }

  async function saveUnmatched(content: readonly UnmatchedOwner[]): Promise<void> {
    await client.send(new PutCommand({ TableName, Item: { pk: 'DIRECTORY', sk: 'unmatched', content } }));
  }

  return {
    read,
    save,
    readPass,
    savePass,
    distrustPassesBefore,
    creationsWaitFor,
    readUnmatched,
    saveUnmatched,
  };
}
