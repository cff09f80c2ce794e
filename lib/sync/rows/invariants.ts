import { type FolderRow, folderRow } from '../../state/folder-row.ts';
import { childOf } from '../../state/row-id.ts';
import { isUnmappable } from './row-status.ts';

type Invariant = {
  name: string;
  /** The rows that it is about. */
  of(row: FolderRow): boolean;
  holds(row: FolderRow): boolean;
};

/** The schema of the row says what each status owns. This is what it cannot say. */
const invariants: readonly Invariant[] = [
  {
    name: '2: nothing is open for a delivered row',
    of: ({ status }) => status === 'delivered',
    holds: ({ intent, waitUntil }) => intent === undefined && waitUntil === undefined,
  },
  {
    name: '3: the row of a folder that is due has a lane and a time',
    of: (row) => row.status === 'due' && childOf(row) === undefined,
    holds: ({ dueLane, dueAt }) => dueLane !== undefined && dueAt !== undefined,
  },
  {
    name: '4: what belongs to a company and is due has both a lane and a time, or waits for its company',
    of: (row) => row.status === 'due' && childOf(row) !== undefined,
    holds: ({ dueLane, dueAt }) => (dueLane === undefined) === (dueAt === undefined),
  },
  {
    name: '5: a row knows what a company holds only as long as it is linked to one',
    of: ({ applied }) => applied !== undefined,
    holds: ({ companyId }) => companyId !== undefined,
  },
  {
    name: '6: a secondary row has no company of its own, and nothing is open for it',
    of: ({ status }) => status === 'secondary',
    holds: ({ companyId, intent }) => companyId === undefined && intent === undefined,
  },
  {
    name: '7: nothing is open for a removed row but a creation that has made no known company',
    of: (row) => row.status === 'removed' && row.intent !== undefined,
    holds: ({ companyId, intent }) => companyId === undefined && intent?.kind === 'create',
  },
  {
    name: '8: a removal is open only while there is a company, and the folder is not back',
    of: ({ removal }) => removal !== undefined,
    holds: (row) => row.companyId !== undefined && !isUnmappable(row),
  },
  {
    name: '9: unclear outcomes are counted from 0 up',
    of: ({ unclear }) => unclear !== undefined,
    holds: ({ unclear = 0 }) => Number.isInteger(unclear) && unclear >= 0,
  },
  {
    name: '10: a folder neither writes nor shares a company that a person decided is not its own',
    of: ({ decision }) => decision !== undefined,
    holds: ({ decision, companyId, secondaryTo }) =>
      [companyId, secondaryTo?.companyId].every((id) => id === undefined || !decision?.not.includes(id)),
  },
  {
    name: '11: only folders are left out, not what belongs to their companies',
    of: ({ status }) => status === 'ignored',
    holds: (row) => childOf(row) === undefined,
  },
];

/** What a stored row breaks, by name. The simulation checks every write of every seed. */
export function brokenInvariants(item: Record<string, unknown>): string[] {
  const parsed = folderRow.safeParse(item);
  if (!parsed.success) return [`1: a row has what its status owns: ${parsed.error.message}`];
  const row = parsed.data;
  const left = Object.entries(item).filter(([name, value]) => value !== undefined && row[name] === undefined);
  return [
    ...left.map(([name]) => `1: a ${row.status} row has only what its status owns, not ${name}`),
    ...invariants.filter(({ of, holds }) => of(row) && !holds(row)).map(({ name }) => name),
  ];
}
