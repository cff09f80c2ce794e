import { changedFields } from '../../mapping/changed-fields.ts';
import { filledBy, type Ownership } from '../../mapping/fields-to-send.ts';
import { goneSuffix } from '../../mapping/gone-suffix.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import {
  dueFrom,
  isDeleted,
  isDue,
  isIgnored,
  isOver,
  isUnmappable,
  nextVersion,
  removedRow,
  withoutChoice,
} from './row-status.ts';

// What happens to the row of a folder that is gone from Clavus: pure functions from row to row.

type Gone = {
  policy: 'keep' | 'flag' | 'delete';
  at: number;
  /** When the last complete pass over Moovago's companies began: it has found what was made by then. */
  observedAt: number;
};

/** No attempt was made yet. */
const fresh = { attempts: 0, unclear: undefined, waitUntil: undefined };
const withoutCompany = (row: FolderRow) => ({
  companyId: undefined,
  applied: undefined,
  intent: undefined,
  ...withoutChoice(row),
  ...fresh,
});

/**
 * The folder is gone from Clavus. Its company is left as it is (`keep`), is marked as gone in its name (`flag`), or is
 * deleted. A company that the folder never wrote is not its own; a company deleted in Moovago no longer exists.
 * `undefined` while a request of unknown outcome settles: the next scan asks again. A refused request is never sent
 * again, so time alone settles it. A creation may have made a company even so: it is settled once a later pass has read
 * the companies.
 */
export function gone(row: FolderRow | undefined, how: Gone): FolderRow | undefined {
  if (row === undefined || row.status === 'removed') return undefined;
  // It stays left out, also if it comes back one day.
  return isIgnored(row) ? { ...row, desired: undefined, failure: undefined } : goneFrom(row, how);
}

function goneFrom(row: FolderRow, { policy, at, observedAt }: Gone): FolderRow | undefined {
  const settledBy = row.intent?.kind === 'create' ? observedAt : at;
  if (row.intent !== undefined && (isDue(row) || (row.waitUntil ?? 0) > settledBy)) return undefined;
  // If its company was made even so, what was sent identifies it.
  if (row.companyId === undefined) return removedRow(row);
  const isItsOwn = (row.applied?.version ?? 0) > 0 && !isDeleted(row);
  if (!isItsOwn) return { ...removedRow(row), ...withoutCompany(row) };
  if (policy === 'keep') return removedRow(row);
  const record = row.applied?.record ?? {};
  const name = `${record.name ?? row.desired?.record.name ?? ''}${goneSuffix}`;
  const desired = {
    version: nextVersion(row),
    record: policy === 'flag' ? { ...record, name } : record,
    at,
    lane: 'bulk' as const,
  };
  const due = { ...dueFrom(row, desired, at), failure: undefined, removal: policy };
  return { ...due, ...fresh };
}

/**
 * Moovago confirmed that the company is deleted. If the folder came back meanwhile, it gets a new one; if it came back and cannot
 * be mapped, it keeps that reason.
 */
export function deleted(row: FolderRow, { version, at }: { version: number; at: number }): FolderRow {
  if (isUnmappable(row) || isIgnored(row)) return { ...row, ...withoutCompany(row) };
  if (isDue(row) && row.desired.version > version)
    return { ...dueFrom(row, row.desired, at), ...withoutCompany(row) };
  return { ...removedRow(row), ...withoutCompany(row) };
}

/** So long it is remembered what a creation of unknown outcome sent, in milliseconds: 30 days. */
export const creationKeptMs = 30 * 24 * 3_600_000;

/**
 * The removal is done: the row says no more of the customer. It keeps the ids and the version, so that a folder that comes
 * back is sent whole to the company that it had. Of a creation of unknown outcome, what was sent stays for a while: it
 * identifies its company. `undefined` if the removal is not done, or if nothing is left to drop.
 */
export function stripped(
  row: FolderRow,
  { ownership, at }: { ownership: Ownership; at: number },
): FolderRow | undefined {
  if (!isOver(row)) return undefined;
  const { applied, forms, desired } = row;
  const intent = row.intent && row.intent.at + creationKeptMs > at ? row.intent : undefined;
  const record = filledBy(ownership, applied?.record ?? {});
  const isLeft = Object.keys(changedFields(record, applied?.record ?? {})).length > 0;
  const isKept = applied !== undefined && (isLeft || applied.isDoubted !== true);
  if (desired === undefined && forms === undefined && intent === row.intent && !isKept) return undefined;
  // A company that the folder never wrote stays one.
  const version = applied?.version === 0 ? 0 : nextVersion(row) - 1;
  const bare = {
    desired: undefined,
    forms: undefined,
    applied: applied && { ...applied, version, record, isDoubted: true },
    intent,
    waitUntil: intent && row.waitUntil,
  };
  return isIgnored(row) ? { ...row, ...bare } : { ...removedRow(row), ...bare };
}
