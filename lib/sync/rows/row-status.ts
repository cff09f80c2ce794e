import type { Failure, FolderRow, RowOf, RowStatus } from '../../state/folder-row.ts';

// What a row is in its status. Every transition ends in one of these shapes.

export type DueRow = RowOf<'due'>;
export type ServiceFailure = NonNullable<DueRow['failure']>;

/** Whether Moovago lacks the newest desired state, and nothing but time stands in the way. */
export const isDue = (row: FolderRow): row is DueRow => row.status === 'due';

/** Left to a person, because its company was deleted in Moovago. */
export const isDeleted = (row: FolderRow): row is RowOf<'parked'> =>
  row.status === 'parked' && row.failure.kind === 'deleted';

/** Whether Clavus' newest state of the folder cannot be mapped: an older one must not be sent. */
export const isUnmappable = (row: FolderRow): row is RowOf<'refused'> =>
  row.status === 'refused' && row.failure.kind === 'mapping';

/** The key of the configuration that names the owner. */
export const ownerField = 'company.ownerIds';

/** Whether only the owner keeps the folder from being mapped: a company that it gets may have the rest. */
export const lacksOnlyOwner = (row: FolderRow): boolean =>
  isUnmappable(row) && row.failure.field === ownerField && row.desired?.lacksOwner !== undefined;

/** A request was sent whose outcome may still change what Moovago holds. */
export const isUnderWay = ({ intent, waitUntil = 0 }: FolderRow, { at }: { at: number }): boolean =>
  intent !== undefined && waitUntil > at;

/** The folder is gone from Clavus, also if Moovago does not know that yet. */
export const isGone = ({ status, removal }: FolderRow): boolean =>
  status === 'removed' || removal !== undefined;

/** A person left the folder out: nothing is sent. */
export const isIgnored = (row: FolderRow): row is RowOf<'ignored'> => row.status === 'ignored';

/** The folder is gone from Clavus, and nothing is left to do about it. */
export const isOver = (row: FolderRow): boolean =>
  row.status === 'removed' || (isIgnored(row) && row.desired === undefined && row.failure === undefined);

/** The folder is gone from Clavus or left out, or another one of the same customer writes its company. */
export const isElsewhere = (row: FolderRow) =>
  row.status === 'removed' || row.status === 'secondary' || isIgnored(row);

/** Whether a person decided that this company is not the folder's. */
export const isNotOf = ({ decision }: FolderRow, companyId: string): boolean =>
  decision?.not.includes(companyId) === true;

/** Whether a person decided that this company is the folder's, whatever its values say. */
export const isDecided = ({ decision }: FolderRow, companyId: string): boolean =>
  decision?.companyId === companyId;

/** The company that a person linked the folder to is not there any more. */
export const withoutChoice = ({ decision }: FolderRow): Pick<FolderRow, 'decision'> => ({
  decision: decision && { ...decision, companyId: undefined, before: undefined },
});

/** The next version: higher than both `desired` and `applied`. */
export const nextVersion = ({ desired, applied }: FolderRow) =>
  Math.max(desired?.version ?? 0, applied?.version ?? 0) + 1;

/** A row at rest leaves the index of rows that need action. */
export const atRest = {
  failure: undefined,
  removal: undefined,
  dueLane: undefined,
  dueAt: undefined,
  waitUntil: undefined,
};

/** A failed service may fail again, whatever is sent. All other reasons belong to the version that met them. */
const ofService = (failure: Failure | undefined) =>
  failure?.kind === 'service' ? { ...failure, kind: failure.kind } : undefined;

/** The row is due at a moment, in the lane of what is desired. */
export const dueFrom = (row: FolderRow, desired: DueRow['desired'], at: number): DueRow => ({
  ...row,
  status: 'due',
  desired,
  failure: ofService(row.failure),
  removal: undefined,
  dueLane: desired.lane,
  dueAt: at,
});

/**
 * Nothing is left to do for a folder that is gone. A creation of unknown outcome stays: what it sent identifies its
 * company.
 */
export const removedRow = (row: FolderRow): RowOf<'removed'> => ({
  ...row,
  ...atRest,
  status: 'removed',
  intent: row.companyId === undefined && row.intent?.kind === 'create' ? row.intent : undefined,
  secondaryTo: undefined,
});

/** One case for each status: without one of them it does not compile. */
export function matchRow<Result>(
  row: FolderRow,
  cases: { [Status in RowStatus]: (row: RowOf<Status>) => Result },
): Result {
  switch (row.status) {
    case 'due':
      return cases.due(row);
    case 'delivered':
      return cases.delivered(row);
    case 'refused':
      return cases.refused(row);
    case 'parked':
      return cases.parked(row);
    case 'ambiguous':
      return cases.ambiguous(row);
    case 'secondary':
      return cases.secondary(row);
    case 'removed':
      return cases.removed(row);
    case 'ignored':
      return cases.ignored(row);
  }
}
