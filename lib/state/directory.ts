import * as z from 'zod';
import { type Matching, matchKeyVersion } from '../mapping/match-keys.ts';
import { createLargeItem } from './large-item.ts';
import { getItem, putItem, type Table } from './table.ts';

/** Since when the answers lack a person, in milliseconds since the epoch; absent if the last one does not. */
const missingSince = z.number().optional();

/** What both systems say about themselves: columns and people. Refreshed on its own schedule, read by every poll. */
const directory = z.object({
  /**
   * Every column that Clavus ever showed. A column that vanishes stays known, so that it counts as missing, not as a
   * mistake.
   */
  columns: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
  users: z.array(
    z.object({
      id: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      email: z.string().nullable(),
      missingSince,
    }),
  ),
  team: z.object({
    id: z.string(),
    name: z.string(),
    members: z.array(z.object({ id: z.string(), alias: z.string(), missingSince })),
    /** Read only if the tenant maps them. */
    mandators: z.array(z.object({ id: z.string(), name: z.string(), missingSince })).optional(),
  }),
  /** How Clavus takes the columns to return: by their ids, or as the configuration names them. Absent: it returns all. */
  columnForm: z.enum(['id', 'name']).optional(),
});
export type Directory = z.infer<typeof directory>;
export type ColumnForm = NonNullable<Directory['columnForm']>;

/** The last complete pass over Moovago's companies. Nothing is created before the first one. */
const companiesPass = z.object({
  at: z.number(),
  /** When it began: it shows the companies that were made by then. */
  begunAt: z.number().optional(),
  /** When the list came: it does not show the companies that were made later. */
  listedAt: z.number().optional(),
  companies: z.number(),
  /** The most companies that a list ever showed: it does not end before that. */
  most: z.number().optional(),
  /** The list showed a company that was just made, at this length: it does not end there. */
  proven: z.number().optional(),
  /** The list may end before its end: nothing is created on its word. */
  mayBeCut: z.boolean().optional(),
  /** The rules of `match` for which its keys were indexed, and their version; absent in tables of older code. */
  matching: z.string().optional(),
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

/**
 * `unread`: Moovago has not been read since the table was new, or taken back; `from`: when a pass that counts may begin, in
 * milliseconds since the epoch. `cut`: Moovago's list may end before its end. `match`: the rules of `match`, or their
 * version, have changed since.
 */
export type CreationsWait = { from: number; why: 'unread' | 'cut' | 'match'; companies?: number };

type Rules = Pick<Matching, 'match' | 'matchIgnore'>;

export const matchingOf = ({ match, matchIgnore }: Rules): string =>
  JSON.stringify({ version: matchKeyVersion, match, matchIgnore });

const keyOf = (sk: string) => ({ pk: 'DIRECTORY', sk });
const recovery = z.object({ from: z.number() });

const kinds = ['columns', 'users', 'team'] as const;

export type DirectoryStore = ReturnType<typeof createDirectoryStore>;

/** One item per kind, in its attribute `content`; those that grow in parts, if they must. */
export function createDirectoryStore(table: Table) {
  const items = kinds.map((kind) => ({ kind, item: createLargeItem(table, keyOf(kind)) }));
  const unmatched = createLargeItem(table, keyOf('unmatched'));

  async function read(): Promise<Directory | undefined> {
    const [form, ...found] = await Promise.all([
      getItem(table, keyOf('columnForm')),
      ...items.map(async ({ kind, item }) => [kind, (await item.read())?.content] as const),
    ]);
    if (found.some(([, content]) => content === undefined)) return undefined;
    return directory.parse({ ...Object.fromEntries(found), columnForm: form?.content });
  }

  async function save(next: Directory): Promise<void> {
    for (const { kind, item } of items) await item.save(next[kind]);
    await putItem(table, { ...keyOf('columnForm'), content: next.columnForm });
  }

  async function readPass(): Promise<CompaniesPass | undefined> {
    const item = await getItem(table, keyOf('companies'));
    return item === undefined ? undefined : companiesPass.parse(item.content);
  }

  const savePass = (content: CompaniesPass) => putItem(table, { ...keyOf('companies'), content });

  /**
   * The table was restored to an older point: Moovago may have companies that it does not know. No pass that began
   * before `from` (milliseconds since the epoch) allows creations.
   */
  const distrustPassesBefore = (from: number) => putItem(table, { ...keyOf('recovery'), from });

  /** What creations wait for; `undefined` if they may go on. */
  async function creationsWaitFor(rules: Rules): Promise<CreationsWait | undefined> {
    const pass = await readPass();
    const { from } = recovery.parse((await getItem(table, keyOf('recovery'))) ?? { from: 0 });
    if (pass === undefined || (pass.begunAt ?? 0) < from) return { from, why: 'unread' };
    if (pass.mayBeCut) return { from: 0, why: 'cut', companies: pass.companies };
    return pass.matching === matchingOf(rules) ? undefined : { from: 0, why: 'match' };
  }

  async function readUnmatched(): Promise<UnmatchedOwner[]> {
    const item = await unmatched.read();
    return item === undefined ? [] : unmatchedOwners.parse(item.content);
  }

  const saveUnmatched = (content: readonly UnmatchedOwner[]) => unmatched.save(content);

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
