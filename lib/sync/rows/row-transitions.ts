import { changedFields } from '../../mapping/changed-fields.ts';
import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { Failure, FolderRow, Intent } from '../../state/folder-row.ts';
import {
  atRest,
  type DueRow,
  dueFrom,
  isDeleted,
  isDue,
  isElsewhere,
  isGone,
  isIgnored,
  isUnmappable,
  lacksOnlyOwner,
  nextVersion,
  ownerField,
  removedRow,
  type ServiceFailure,
  withoutChoice,
} from './row-status.ts';

// What can happen to a folder's row: pure functions from row to row. `undefined`: nothing to write.

type Change = {
  rowId: string;
  record: EntityRecord;
  at: number;
  lane: Lane;
  /** It must be sent again, whole, whatever is known of it. */
  again?: boolean;
  /** Why the record has no owner, although Clavus names one. */
  lacksOwner?: string | undefined;
};

const blank = (rowId: string) => ({ folderId: rowId, revision: 0, writeId: '', attempts: 0 });

const sameRecord = (one: EntityRecord, other: EntityRecord) =>
  Object.keys(changedFields(one, other)).length === 0 && Object.keys(changedFields(other, one)).length === 0;

/** Clavus now maps to another record: a new version, due in its lane. */
export function changed(
  row: FolderRow | undefined,
  { rowId, record, at, lane, again = false, lacksOwner }: Change,
): FolderRow | undefined {
  if (row === undefined) {
    const desired = { version: 1, record, at, lane, lacksOwner };
    return { ...blank(rowId), status: 'due', desired, dueLane: lane, dueAt: at };
  }
  const { desired, failure, applied, intent } = row;
  const isSame =
    desired !== undefined && sameRecord(desired.record, record) && desired.lacksOwner === lacksOwner;
  if (isSame && !again && !isGone(row) && failure?.kind !== 'mapping') return undefined;
  const version = nextVersion(row);
  // A company deleted by hand is not made again because its folder changed: the operator has to ask for it.
  const next = { version, record, at, lane, lacksOwner };
  // What is left out stays so: only the newest state is kept.
  if (isIgnored(row)) return { ...row, desired: next, failure: undefined };
  if (isDeleted(row) && !again) return { ...row, desired: next };
  // A change that waits in the live lane stays there, even if it becomes part of a bulk change.
  const nextLane = isDue(row) && row.desired.lane === 'live' ? 'live' : lane;
  const waitUntil = intent && row.waitUntil;
  const doubted = again && applied ? { ...applied, isDoubted: true } : applied;
  return {
    ...dueFrom(row, { ...next, lane: nextLane }, Math.max(at, waitUntil ?? at)),
    ...(isDeleted(row)
      ? { companyId: undefined, applied: undefined, ...withoutChoice(row) }
      : { applied: doubted }),
    attempts: 0,
    unclear: undefined,
    waitUntil,
  };
}

/**
 * The folder cannot be mapped: what Moovago holds stays, and the reason is stored for people who ask. The folder is in
 * Clavus, so its removal is off.
 */
export function unmappable(
  row: FolderRow | undefined,
  { rowId, field, reason, at }: { rowId: string; field: string; reason: string; at: number },
): FolderRow | undefined {
  const failure = { kind: 'mapping', message: reason, field, firstAt: at, lastAt: at } as const;
  if (row?.failure?.kind === 'mapping' && row.failure.message === reason) return undefined;
  if (row && isIgnored(row)) return { ...row, failure };
  return {
    ...(row ?? blank(rowId)),
    status: 'refused',
    failure,
    removal: undefined,
    dueLane: 'failed',
    dueAt: at,
    // A request of unknown outcome still has to settle.
    waitUntil: row?.intent && row.waitUntil,
  };
}

/**
 * Only the owner of the folder cannot be mapped. A company that is there gets the rest, and keeps the owner that it has.
 * None is created without an owner: the folder waits for one, or for a company.
 */
export function ownerless(
  row: FolderRow | undefined,
  change: Change & { lacksOwner: string },
): FolderRow | undefined {
  const { record, lacksOwner } = change;
  const isKnown = row !== undefined && lacksOnlyOwner(row) && row.desired?.lacksOwner === lacksOwner;
  if (isKnown && row.companyId === undefined && sameRecord(row.desired?.record ?? {}, record))
    return undefined;
  const next = changed(row, change);
  return (next ?? row)?.companyId === undefined ? withoutCreation(next ?? row, change) : next;
}

const withoutCreation = (
  row: FolderRow | undefined,
  { rowId, lacksOwner, at }: { rowId: string; lacksOwner: string; at: number },
) => unmappable(row, { rowId, field: ownerField, reason: lacksOwner, at });

/** A request is about to leave. No other one may leave until its outcome is known, or has settled. */
export function intended(row: DueRow, intent: Intent, settlesAt: number): DueRow {
  return { ...row, intent, waitUntil: settlesAt, dueLane: row.desired.lane, dueAt: settlesAt };
}

/** Moovago confirmed a write: `record` is what it now holds. The row stays due if Clavus has a newer version. */
export function delivered(
  row: FolderRow,
  { recordId, version, record, at }: { recordId: string; version: number; record: EntityRecord; at: number },
): FolderRow {
  const applied = version > (row.applied?.version ?? 0) ? { version, record, at } : row.applied;
  const cleared = { intent: undefined, attempts: 0, unclear: undefined, waitUntil: undefined };
  const next = { ...row, companyId: recordId, applied, ...cleared };
  if (lacksOnlyOwner(next) && next.desired) return withCompany(next, next.desired, at);
  // If Clavus made the folder unmappable meanwhile, that reason stays.
  if (next.status === 'refused') return { ...next, secondaryTo: undefined };
  if (row.status === 'secondary') return row;
  if (isIgnored(next)) return { ...next, secondaryTo: undefined };
  if (next.desired === undefined || next.status === 'removed') return removedRow(next);
  if (next.desired.version > version)
    return { ...dueFrom(next, next.desired, at), removal: row.removal, secondaryTo: undefined };
  if (next.removal !== undefined) return removedRow(next);
  return { ...next, ...atRest, status: 'delivered', desired: next.desired, secondaryTo: undefined };
}

/**
 * Moovago refused this version. The intent stays: an error in an answer does not prove that nothing was applied. So
 * nothing is created before a lookup has settled it.
 */
export function refused(
  row: FolderRow,
  { version, message, recordId, at }: { version: number; message: string; recordId?: string; at: number },
): FolderRow {
  if (isElsewhere(row)) return row;
  // Refused, but made: then the outcome is known.
  const made =
    recordId === undefined ? row : { ...row, companyId: recordId, intent: undefined, waitUntil: undefined };
  // Clavus has a newer version: it may pass, once the refused request has settled.
  if (isDue(made) && made.desired.version > version)
    return { ...made, dueLane: made.desired.lane, dueAt: made.waitUntil ?? at };
  // If Clavus made the folder unmappable meanwhile, that reason stays.
  if (made.status !== 'due') return made;
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
  { at, failure, before }: { at: number; failure?: ServiceFailure; before?: Intent },
): FolderRow {
  if (row.intent === undefined) return row;
  // The earlier request was counted when this one replaced it. It is counted again when the next one replaces it.
  const wasCounted = before !== undefined && before.isSlowed !== true;
  const unknownOutcomes = wasCounted ? Math.max(0, (row.unclear ?? 0) - 1) : row.unclear;
  const next = { ...row, intent: before, unclear: unknownOutcomes, waitUntil: at };
  // If Clavus made the folder unmappable meanwhile, it is not sent, and that reason stays.
  if (!isDue(next)) return next;
  const due = { ...next, dueLane: next.desired.lane, dueAt: at };
  if (failure === undefined) return due;
  const firstAt = next.failure?.firstAt ?? failure.firstAt;
  return { ...due, attempts: row.attempts + 1, failure: { ...failure, firstAt } };
}

/** An existing company is this folder's from now on. An update follows, because only `holds` is known of what it holds. */
export function adopted(
  row: FolderRow,
  { recordId, at, holds }: { recordId: string; at: number; holds?: EntityRecord | undefined },
): FolderRow {
  if (row.status === 'secondary') return row;
  const next = {
    ...row,
    companyId: recordId,
    intent: undefined,
    applied: holds && { version: 0, record: holds, at },
    attempts: 0,
    unclear: undefined,
    waitUntil: undefined,
  };
  if (next.status === 'removed') return next;
  if (isIgnored(next)) return { ...next, secondaryTo: undefined };
  if (isUnmappable(next) && !lacksOnlyOwner(next)) return { ...next, secondaryTo: undefined };
  return next.desired === undefined ? next : withCompany(next, next.desired, at);
}

/** It has a company of its own now, which needs an update. */
const withCompany = (row: FolderRow, desired: DueRow['desired'], at: number): DueRow => ({
  ...dueFrom(row, desired, at),
  failure: undefined,
  removal: row.removal,
  secondaryTo: undefined,
});

/** Lookups without a result after which a person must act on a creation. */
const absencesMax = 3;

/**
 * Moovago asked to slow down, and may have applied the request. It is looked up, or sent again, at a moment. That does
 * not count as an unclear outcome: it says nothing about the record.
 */
export function slowed(row: FolderRow, { at }: { at: number }): FolderRow {
  if (row.intent === undefined) return row;
  const next = { ...row, intent: { ...row.intent, isSlowed: true }, waitUntil: at };
  return isDue(next) ? { ...next, dueLane: next.desired.lane, dueAt: at } : next;
}

/** Requests for this version without a clear answer, including the one that has just settled. */
export const countUnknownOutcomes = ({ unclear = 0, intent }: FolderRow): number =>
  intent === undefined || intent.isSlowed ? unclear : unclear + 1;

/**
 * A lookup found no company. So the creation had no effect, and may be sent again, but not for ever.
 */
export function confirmedAbsent(row: FolderRow, { at }: { at: number }): FolderRow {
  const unknownOutcomes = countUnknownOutcomes(row);
  const next = { ...row, intent: undefined, unclear: unknownOutcomes, waitUntil: undefined };
  if (!isDue(next)) return next;
  if (unknownOutcomes < absencesMax) return { ...next, dueLane: next.desired.lane, dueAt: at };
  const message = `Moovago gave no clear answer to this creation ${unknownOutcomes} times, and has no such company`;
  return parked(next, { kind: 'service', message, at });
}

/** Left to a person, with the reason. A newer version of the folder, or `retry`, makes the row due again. */
export function parked(
  row: FolderRow,
  { kind, message, at }: { kind: Failure['kind']; message: string; at: number },
): FolderRow {
  if (isElsewhere(row)) return row;
  const firstAt = row.failure?.kind === kind ? row.failure.firstAt : at;
  const failure = { kind, message, firstAt, lastAt: at };
  return { ...row, status: 'parked', failure, dueLane: 'failed', dueAt: at, waitUntil: undefined };
}

const ambiguityOf = (candidates: number) =>
  candidates === 1
    ? "one company in Moovago may be this folder's, and too little is the same: choose it with link, or none with unlink"
    : `${candidates} companies in Moovago may be this folder's: choose one with link, or none with unlink`;

/**
/**
 * So many of the companies that may be a folder's are kept. When all but one of these are gone, it is matched again, and
 * finds the others.
 */
const candidatesMax = 100;

/**
 * Companies may be this folder's, and a person must choose. `companyId`: the company that is certainly ours, if
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
  if (isElsewhere(row)) return row;
  const failure: Failure = {
    kind: 'match',
    message: ambiguityOf(candidates.length),
    candidates: candidates.slice(0, candidatesMax),
    firstAt: row.failure?.kind === 'match' ? row.failure.firstAt : at,
    lastAt: at,
  };
  // If none is certainly ours, the creation stays open: another lookup comes before the next creation.
  const intent = companyId === undefined ? row.intent : undefined;
  const next = { ...row, intent, companyId: companyId ?? row.companyId, removal: undefined };
  return { ...next, status: 'ambiguous', failure, dueLane: 'failed', dueAt: at, waitUntil: undefined };
}
