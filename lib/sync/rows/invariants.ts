import type { FolderRow } from '../../state/folder-row.ts';
import { childOf } from '../../state/row-id.ts';

type Invariant = {
  name: string;
  /** The rows that it is about. */
  of(row: FolderRow): boolean;
  holds(row: FolderRow): boolean;
};

const isPersons = ({ status }: FolderRow) =>
  status === 'refused' || status === 'parked' || status === 'ambiguous';
const isOutOfIndex = ({ dueLane, dueAt }: FolderRow) => dueLane === undefined && dueAt === undefined;

/**
 * What is true of every row in the table, whatever happened to it. The transitions of this folder keep it; the simulation checks
 * every write of every seed.
 */
const invariants: readonly Invariant[] = [
  {
    name: '1: a delivered row has a company and what it holds, and nothing is open',
    of: ({ status }) => status === 'delivered',
    holds: (row) =>
      row.companyId !== undefined &&
      row.desired !== undefined &&
      row.failure === undefined &&
      row.intent === undefined &&
      row.removal === undefined &&
      isOutOfIndex(row),
  },
  {
    name: '2: the row of a folder that is due has something to send, a lane and a time',
    of: (row) => row.status === 'due' && childOf(row) === undefined,
    holds: ({ desired, dueLane, dueAt }) =>
      desired !== undefined && (dueLane === 'live' || dueLane === 'bulk') && dueAt !== undefined,
  },
  {
    name: '3: what belongs to a company and is due has something to send; without a lane it waits for its company',
    of: (row) => row.status === 'due' && childOf(row) !== undefined,
    holds: (row) => row.desired !== undefined && (isOutOfIndex(row) || row.dueLane !== 'failed'),
  },
  {
    name: '4: a row that waits for a person says why, and is found in the lane `failed`',
    of: isPersons,
    holds: ({ failure, dueLane, dueAt }) =>
      failure !== undefined && dueLane === 'failed' && dueAt !== undefined,
  },
  {
    name: '5: the lane `failed` holds rows that wait for a person only',
    of: ({ dueLane }) => dueLane === 'failed',
    holds: isPersons,
  },
  {
    name: '6: a row knows what a company holds only as long as it is linked to one',
    of: ({ applied }) => applied !== undefined,
    holds: ({ companyId }) => companyId !== undefined,
  },
  {
    name: '7: a secondary row names the folder that writes, has no company of its own, and nothing is open',
    of: ({ status }) => status === 'secondary',
    holds: (row) =>
      row.secondaryTo !== undefined &&
      row.companyId === undefined &&
      row.intent === undefined &&
      row.failure === undefined &&
      isOutOfIndex(row),
  },
  {
    name: '8: a removed row is at rest',
    of: ({ status }) => status === 'removed',
    holds: (row) => row.removal === undefined && row.failure === undefined && isOutOfIndex(row),
  },
  {
    name: '9: what is to become of a company is open only while there is one',
    of: ({ removal }) => removal !== undefined,
    holds: ({ companyId }) => companyId !== undefined,
  },
  {
    name: '10: a due row has no reason of an earlier version, only that of a service that failed',
    of: ({ status }) => status === 'due',
    holds: ({ failure }) => failure === undefined || failure.kind === 'service',
  },
];

/** The names of the invariants that a row breaks. */
export const brokenInvariants = (row: FolderRow): string[] =>
  invariants.filter(({ of, holds }) => of(row) && !holds(row)).map(({ name }) => name);
