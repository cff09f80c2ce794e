import { changedFields } from '../../mapping/changed-fields.ts';
import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { Failure, FolderRow, Intent } from '../../state/folder-row.ts';

// What can happen to a folder's row: pure functions from row to row. `undefined`: nothing to write.

type Wanted = {
  folderId: string;
  record: EntityRecord;
  at: number;
  lane: Lane;
  /** It must be sent again, whole, whatever is known of it. */
  again?: boolean;
};

const blank = (folderId: string): FolderRow => ({
  folderId,
  revision: 0,
  writeId: '',
  status: 'due',
  attempts: 0,
});

const failedAt = (at: number) => ({ dueLane: 'failed', dueAt: at, waitUntil: undefined }) as const;
const atRest = { dueLane: undefined, dueAt: undefined, waitUntil: undefined };

const sameRecord = (one: EntityRecord, other: EntityRecord) =>
  Object.keys(changedFields(one, other)).length === 0 && Object.keys(changedFields(other, one)).length === 0;

/** The next version: higher than both `desired` and `applied`. */
export const nextVersion = ({ desired, applied }: FolderRow) =>
  Math.max(desired?.version ?? 0, applied?.version ?? 0) + 1;

/** Whether Moovago lacks the newest desired state, and nothing but time stands in the way. */
export const isDue = (row: FolderRow) => row.status === 'due' && row.desired !== undefined;

/** Left to a person, because its company was deleted in Moovago. */
export const isDeleted = ({ status, failure }: FolderRow) =>
  status === 'parked' && failure?.kind === 'deleted';

/** The same folder without the company that is gone. */
const withoutCompany = (row: FolderRow): FolderRow => ({
  ...row,
  companyId: undefined,
  applied: undefined,
  failure: undefined,
});

/** A new version leaves the reasons of the old one behind, but for a service that fails, whatever it is sent. */
const ofService = (failure: Failure | undefined) => (failure?.kind === 'service' ? failure : undefined);

/** Clavus now maps to another record: a new version, due in its lane. */
export function wanted(
  row: FolderRow | undefined,
  { folderId, record, at, lane, again = false }: Wanted,
): FolderRow | undefined {
  const known = row ?? blank(folderId);
  const before = again && isDeleted(known) ? withoutCompany(known) : known;
  const same = before.desired !== undefined && sameRecord(before.desired.record, record);
  const isGone = before.status === 'removed' || before.removal !== undefined;
  if (same && !again && !isGone && before.failure?.kind !== 'mapping') return undefined;
  const version = nextVersion(before);
  // A company deleted by hand is not made again because its folder changed: the operator has to ask for it.
  if (isDeleted(before)) return { ...before, desired: { version, record, at, lane } };
  // A change that waits in the live lane stays there, even if it becomes part of a bulk change.
  const nextLane = isDue(before) && before.desired?.lane === 'live' ? 'live' : lane;
  return {
    ...before,
    status: 'due',
    failure: ofService(before.failure),
    removal: undefined,
    desired: { version, record, at, lane: nextLane },
    applied: again && before.applied ? { ...before.applied, isDoubted: true } : before.applied,
    attempts: 0,
    unclear: undefined,
    waitUntil: before.intent ? before.waitUntil : undefined,
    dueLane: nextLane,
    dueAt: before.intent ? Math.max(at, before.waitUntil ?? at) : at,
  };
}

/** The folder cannot be mapped: what Moovago holds stays, and the reason is stored for people who ask. */
export function unmappable(
  row: FolderRow | undefined,
  { folderId, field, reason, at }: { folderId: string; field: string; reason: string; at: number },
): FolderRow | undefined {
  const before = row ?? blank(folderId);
  if (isUnmappable(before) && before.failure?.message === reason) return undefined;
  const failure: Failure = { kind: 'mapping', message: reason, field, firstAt: at, lastAt: at };
  // A request of unknown outcome still has to settle.
  return {
    ...before,
    status: 'refused',
    failure,
    ...failedAt(at),
    waitUntil: before.intent && before.waitUntil,
  };
}

/** A request is about to leave. No other one may leave until its outcome is known, or has settled. */
export function intended(row: FolderRow, intent: Intent, settlesAt: number): FolderRow {
  return { ...row, intent, waitUntil: settlesAt, dueAt: settlesAt };
}

/** Moovago confirmed a write: `record` is what it now holds. The row stays due if Clavus has a newer version. */
export function delivered(
  row: FolderRow,
  {
    companyId,
    version,
    record,
    at,
  }: { companyId: string; version: number; record: EntityRecord; at: number },
): FolderRow {
  const settled = { intent: undefined, attempts: 0, unclear: undefined, waitUntil: undefined };
  const next: FolderRow = { ...row, companyId, secondaryTo: undefined, ...settled };
  if (version > (row.applied?.version ?? 0)) next.applied = { version, record, at };
  // If Clavus made the folder unmappable meanwhile, that reason stays.
  if (row.status === 'refused') return next;
  if (row.desired !== undefined && row.desired.version > version)
    return { ...next, dueLane: row.desired.lane, dueAt: at };
  if (row.removal !== undefined) return atRestWithoutFolder(next);
  return { ...next, status: 'delivered', failure: undefined, ...atRest };
}

/**
 * Moovago refused this version. The intent stays: an error in an answer does not prove that nothing was applied. So
 * nothing is created before a lookup has settled it.
 */
export function refused(
  row: FolderRow,
  { version, message, companyId, at }: { version: number; message: string; companyId?: string; at: number },
): FolderRow {
  // Refused, but made: then the outcome is known.
  const made = companyId === undefined ? row : { ...row, companyId, intent: undefined, waitUntil: undefined };
  // Clavus has a newer version: it may pass, once the refused request has settled.
  if (row.status === 'due' && row.desired !== undefined && row.desired.version > version)
    return { ...made, dueAt: made.waitUntil ?? at };
  // If Clavus made the folder unmappable meanwhile, that reason stays.
  if (row.status === 'refused') return made;
  const firstAt = row.failure?.kind === 'rejected' ? row.failure.firstAt : at;
  return {
    ...made,
    status: 'refused',
    attempts: row.attempts + 1,
    failure: { kind: 'rejected', message, firstAt, lastAt: at },
    dueLane: 'failed',
    dueAt: at,
  };
}

/**
 * The request certainly had no effect, or was never sent: it may be tried again at `at`.
 * @param before the intent that this one replaced: an earlier request of unknown outcome stays unknown
 */
export function released(
  row: FolderRow,
  { at, failure, before }: { at: number; failure?: Failure; before?: Intent },
): FolderRow {
  // The earlier request was counted when this one replaced it. It is counted again when the next one replaces it.
  const unclear = before === undefined ? row.unclear : (row.unclear ?? 1) - 1;
  const next: FolderRow = { ...row, intent: before, unclear, waitUntil: at };
  // If Clavus made the folder unmappable meanwhile, it is not sent, and that reason stays.
  if (row.status !== 'due') return next;
  const due: FolderRow = { ...next, dueLane: row.desired?.lane ?? 'live', dueAt: at };
  if (failure === undefined) return due;
  const firstAt = row.failure?.kind === failure.kind ? row.failure.firstAt : failure.firstAt;
  return { ...due, attempts: row.attempts + 1, failure: { ...failure, firstAt } };
}

/** An existing company is this folder's from now on. An update follows, because only `holds` is known of what it holds. */
export function adopted(
  row: FolderRow,
  { companyId, at, holds }: { companyId: string; at: number; holds?: EntityRecord | undefined },
): FolderRow {
  const next: FolderRow = {
    ...row,
    companyId,
    intent: undefined,
    secondaryTo: undefined,
    applied: holds && { version: 0, record: holds, at },
    attempts: 0,
    unclear: undefined,
    waitUntil: undefined,
  };
  if (row.desired === undefined || row.failure?.kind === 'mapping') return next;
  return { ...next, status: 'due', failure: undefined, dueLane: row.desired.lane, dueAt: at };
}

/** Lookups without a result after which a person must act on a creation. */
const emptyLooksMax = 3;

/** A lookup found no company. So the creation had no effect, and may be sent again, but not for ever. */
export function lookedUpEmpty(row: FolderRow, { at }: { at: number }): FolderRow {
  const unclear = (row.unclear ?? 0) + 1;
  const next = { ...row, intent: undefined, unclear, waitUntil: undefined };
  if (row.status !== 'due') return next;
  if (unclear < emptyLooksMax) return { ...next, dueAt: at };
  return parked(next, {
    kind: 'service',
    message: `Moovago gave no clear answer to this creation ${unclear} times, and has no such company`,
    at,
  });
}

/** Left to a person, with the reason. A newer version of the folder, or `retry`, makes the row due again. */
export function parked(
  row: FolderRow,
  { kind, message, at }: { kind: Failure['kind']; message: string; at: number },
): FolderRow {
  const firstAt = row.failure?.kind === kind ? row.failure.firstAt : at;
  return { ...row, status: 'parked', failure: { kind, message, firstAt, lastAt: at }, ...failedAt(at) };
}

/**
 * Several companies may be this folder's: a person must choose. `companyId`: the company that is certainly ours, if
 * any.
 */
export function ambiguous(
  row: FolderRow,
  {
    candidates,
    companyId,
    at,
  }: { candidates: readonly string[]; companyId?: string | undefined; at: number },
): FolderRow {
  const failure: Failure = {
    kind: 'match',
    message: `${candidates.length} companies in Moovago may be this folder's: merge them there, then retry`,
    candidates: [...candidates],
    firstAt: row.failure?.kind === 'match' ? row.failure.firstAt : at,
    lastAt: at,
  };
  // If none is certainly ours, the creation stays open: another lookup comes before the next creation.
  const intent = companyId === undefined ? row.intent : undefined;
  const next = { ...row, intent, companyId: companyId ?? row.companyId };
  return { ...next, status: 'ambiguous', failure, ...failedAt(at) };
}

/** Whether Clavus' newest state of the folder cannot be mapped: an older one must not be sent. */
export const isUnmappable = ({ status, failure }: FolderRow) =>
  status === 'refused' && failure?.kind === 'mapping';

/**
 * Another folder of the same customer writes the company. A folder that is gone from Clavus only leaves it; an unmappable one
 * keeps its reason.
 */
export function secondary(row: FolderRow, secondaryTo: { companyId: string; folderId: string }): FolderRow {
  const without = { ...row, companyId: undefined, applied: undefined };
  if (row.status === 'removed') return without;
  const shared = { ...without, secondaryTo, intent: undefined };
  if (isUnmappable(row)) return { ...shared, waitUntil: undefined };
  return { ...shared, status: 'secondary', failure: undefined, ...atRest };
}

/** Whether the folder shares this company, which another one writes: also while it is due, or cannot be mapped. */
export const isSharer = (row: FolderRow, companyId: string): boolean =>
  row.status !== 'removed' && row.companyId === undefined && row.secondaryTo?.companyId === companyId;

/**
 * The folder that wrote the shared company is gone: this one may write it. One that is due does so anyway; an unmappable one
 * waits until it can be mapped, and shares the company until then.
 */
export const left = (row: FolderRow, { at }: { at: number }): FolderRow | undefined =>
  row.status === 'secondary'
    ? { ...row, status: 'due', attempts: 0, dueLane: row.desired?.lane ?? 'live', dueAt: at }
    : undefined;

/** Nothing is left to do for a folder that is gone. */
export const atRestWithoutFolder = (row: FolderRow): FolderRow => ({
  ...row,
  status: 'removed',
  removal: undefined,
  failure: undefined,
  ...atRest,
});
