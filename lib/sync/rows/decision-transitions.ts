import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import {
  dueFrom,
  isGone,
  isIgnored,
  isUnderWay,
  isUnmappable,
  lacksOnlyOwner,
  removedRow,
} from './row-status.ts';
import { changed } from './row-transitions.ts';
import { isSharer } from './sharing-transitions.ts';

// What a person decides about a folder: pure functions from row to row. `undefined`: it cannot be decided now, see
// `isUnderWay` and `isGone`, or there is nothing to write.

type At = { at: number };

/** So many companies that are not a folder's are remembered: with ids of 64 characters, 64 kB. */
const notMax = 1_000;

/** No attempt was made yet. */
const fresh = { attempts: 0, unclear: undefined, waitUntil: undefined };

/** The company that the folder writes, or shares, or will have because a person decided so. */
export const companyOf = ({ companyId, secondaryTo, decision }: FolderRow): string | undefined =>
  companyId ?? secondaryTo?.companyId ?? decision?.companyId;

/** The companies that are not the folder's any more, once it has been decided that one of them, or none, is. */
function notOf(row: FolderRow, chosen: string | undefined): string[] {
  const current = companyOf(row);
  const all = [
    ...(row.decision?.not ?? []),
    ...(row.failure?.candidates ?? []),
    ...(current === undefined ? [] : [current]),
  ];
  return [...new Set(all)].filter((id) => id !== chosen).slice(-notMax);
}

type Company = Partial<Pick<FolderRow, 'companyId' | 'applied' | 'intent' | 'decision'>>;

/** It has another company from now on, or none yet. The newest state is sent whole, as a single edit is. */
function reassigned(row: FolderRow, company: Company, at: number): FolderRow | undefined {
  const other = { companyId: undefined, applied: undefined, intent: undefined, ...company, ...fresh };
  const { desired } = row;
  if (isIgnored(row) || (isUnmappable(row) && !lacksOnlyOwner(row)))
    return { ...row, ...other, secondaryTo: undefined };
  if (desired === undefined) return undefined;
  const due = dueFrom(row, { ...desired, lane: 'live' }, at);
  return { ...due, ...other, failure: undefined, secondaryTo: undefined };
}

/**
 * This company is the folder's. An update follows, because only `holds` is known of what it holds. The companies that it
 * might have been are not.
 */
export function linked(
  row: FolderRow,
  { companyId, holds, at }: At & { companyId: string; holds?: EntityRecord | undefined },
): FolderRow | undefined {
  if (isUnderWay(row, { at }) || isGone(row)) return undefined;
  const current = companyOf(row);
  const from = current === companyId ? row.decision?.from : current;
  const before = current === companyId ? row.decision?.before : current;
  const decision = { at, companyId, from, before, not: notOf(row, companyId) };
  if (row.companyId === companyId && row.status !== 'ambiguous') return { ...row, decision };
  return reassigned(row, { companyId, applied: holds && { version: 0, record: holds, at }, decision }, at);
}

/**
 * The company is not the folder's, and neither is any that it might have been. It gets its own at the next delivery: the one
 * that it had before, if a person had linked it here. A creation of unknown outcome stays for the lookup.
 */
export function takenOff(row: FolderRow, { at }: At): FolderRow | undefined {
  const from = companyOf(row);
  if (isUnderWay(row, { at }) || (from === undefined && row.failure?.candidates === undefined))
    return undefined;
  const companyId = row.decision?.companyId === from ? row.decision?.before : undefined;
  const decision = { at, companyId, from, not: notOf(row, companyId) };
  const intent = row.companyId === undefined ? row.intent : undefined;
  if (!isGone(row)) return reassigned(row, { intent, decision }, at);
  return { ...removedRow(row), companyId: undefined, applied: undefined, decision, ...fresh };
}

/** Another folder was taken off the company that this one shares: this one writes it from now on. */
export function givenBack(
  row: FolderRow,
  { companyId, holds, at }: At & { companyId: string; holds?: EntityRecord | undefined },
): FolderRow | undefined {
  if (!isSharer(row, companyId) || row.intent !== undefined) return undefined;
  const applied = holds && { version: 0, record: holds, at };
  return reassigned(row, { companyId, applied, decision: row.decision }, at);
}

/** Another folder was taken off the company that this one writes: all of it is sent again. */
export function sentWhole(row: FolderRow, { at }: At): FolderRow | undefined {
  if ((row.status !== 'delivered' && row.status !== 'due') || isGone(row)) return undefined;
  const { record, lacksOwner } = row.desired;
  return changed(row, { rowId: row.folderId, record, at, lane: 'live', again: true, lacksOwner });
}

/** The folder is not to be synced: its link stays, nothing is sent, and it does not count as failed. */
export function ignored(row: FolderRow, { at }: At): FolderRow | undefined {
  if (isGone(row) || isIgnored(row)) return undefined;
  const failure = isUnmappable(row) ? { ...row.failure, kind: 'mapping' as const } : undefined;
  return { ...row, status: 'ignored', failure, removal: undefined, dueLane: 'ignored', dueAt: at };
}

/** The folder is synced again. What cannot be mapped now waits for a person again. */
export function unignored(row: FolderRow, { at }: At): FolderRow | undefined {
  if (!isIgnored(row)) return undefined;
  const { desired, failure, waitUntil = at } = row;
  if (failure !== undefined) return { ...row, status: 'refused', failure, dueLane: 'failed', dueAt: at };
  if (desired === undefined) return removedRow(row);
  const due = dueFrom(row, { ...desired, lane: 'live' }, Math.max(at, waitUntil));
  return { ...due, attempts: 0, unclear: undefined };
}
