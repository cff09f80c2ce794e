import { changedFields } from '../mapping/changed-fields.ts';
import type { CompanyRecord } from '../moovago/company.ts';
import type { Lane } from '../moovago/slot.ts';
import type { Failure, FolderRow, Intent } from '../state/folder-row.ts';

// What can happen to a folder's row, each as a pure function from row to row. `undefined`: nothing to write.

type Wanted = { folderId: string; record: CompanyRecord; at: number; lane: Lane };

const blank = (folderId: string): FolderRow => ({
  folderId,
  revision: 0,
  writeId: '',
  status: 'due',
  attempts: 0,
});

const failedAt = (at: number) => ({ dueLane: 'failed', dueAt: at, waitUntil: undefined }) as const;
const atRest = { dueLane: undefined, dueAt: undefined, waitUntil: undefined };

const sameRecord = (one: CompanyRecord, other: CompanyRecord) =>
  Object.keys(changedFields(one, other)).length === 0 && Object.keys(changedFields(other, one)).length === 0;

/** Whether Moovago lacks the newest wanted state, and nothing but time stands in the way. */
export const isDue = (row: FolderRow) => row.status === 'due' && row.desired !== undefined;

/** Clavus now maps to another record: a new version, due in its lane. */
export function wanted(
  row: FolderRow | undefined,
  { folderId, record, at, lane }: Wanted,
): FolderRow | undefined {
  const before = row ?? blank(folderId);
  if (before.desired && sameRecord(before.desired.record, record) && before.failure?.kind !== 'mapping')
    return undefined;
  const version = Math.max(before.desired?.version ?? 0, before.applied?.version ?? 0) + 1;
  // What somebody already waits for does not fall behind the mass that it became a part of.
  const nextLane = isDue(before) && before.desired?.lane === 'live' ? 'live' : lane;
  return {
    ...before,
    status: 'due',
    desired: { version, record, at, lane: nextLane },
    attempts: 0,
    waitUntil: before.intent ? before.waitUntil : undefined,
    dueLane: nextLane,
    dueAt: before.intent ? Math.max(at, before.waitUntil ?? at) : at,
  };
}

/** The folder cannot be mapped: what Moovago holds stays, and the reason is there for who asks. */
export function unmappable(
  row: FolderRow | undefined,
  { folderId, field, reason, at }: { folderId: string; field: string; reason: string; at: number },
): FolderRow | undefined {
  const before = row ?? blank(folderId);
  const same =
    before.status === 'refused' && before.failure?.kind === 'mapping' && before.failure.message === reason;
  if (same) return undefined;
  const failure: Failure = { kind: 'mapping', message: reason, field, firstAt: at, lastAt: at };
  return { ...before, status: 'refused', failure, ...failedAt(at) };
}

/** A request is about to leave. Until its outcome is known, or has settled, no other one may. */
export function intended(row: FolderRow, intent: Intent, settlesAt: number): FolderRow {
  return { ...row, intent, waitUntil: settlesAt, dueAt: settlesAt };
}

/** Moovago confirmed a write: `record` is what it now holds. Still due when Clavus has moved on meanwhile. */
export function delivered(
  row: FolderRow,
  {
    companyId,
    version,
    record,
    at,
  }: { companyId: string; version: number; record: CompanyRecord; at: number },
): FolderRow {
  const next: FolderRow = { ...row, companyId, intent: undefined, attempts: 0, waitUntil: undefined };
  if (version > (row.applied?.version ?? 0)) next.applied = { version, record, at };
  // A folder that Clavus made unmappable meanwhile keeps its reason.
  if (row.status === 'refused') return next;
  if (row.desired !== undefined && row.desired.version > version)
    return { ...next, dueLane: row.desired.lane, dueAt: at };
  return { ...next, status: 'delivered', failure: undefined, ...atRest };
}

/**
 * Moovago refused this version. The intent stays: an error in an answer is no proof that nothing was applied, so nothing
 * is created before a look has settled it.
 */
export function refused(row: FolderRow, { message, at }: { message: string; at: number }): FolderRow {
  const firstAt = row.failure?.kind === 'rejected' ? row.failure.firstAt : at;
  return {
    ...row,
    status: 'refused',
    attempts: row.attempts + 1,
    failure: { kind: 'rejected', message, firstAt, lastAt: at },
    dueLane: 'failed',
    dueAt: at,
  };
}

/** The request certainly had no effect, or was never sent: free to try again at `at`. */
export function released(row: FolderRow, { at, failure }: { at: number; failure?: Failure }): FolderRow {
  const attempts = row.attempts + (failure === undefined ? 0 : 1);
  const next = { ...row, intent: undefined, attempts, failure: failure ?? row.failure, waitUntil: at };
  return row.status === 'due' ? { ...next, dueLane: row.desired?.lane ?? 'live', dueAt: at } : next;
}
