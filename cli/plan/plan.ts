import type { CompanyField, CompanyRecord } from '../../lib/moovago/company.ts';
import type { Lane } from '../../lib/moovago/slot.ts';
import type { CreationsWait } from '../../lib/state/directory.ts';
import type { Hidden } from '../sync-report.ts';

type FieldValue = string | string[];

/** `old`: what Moovago holds; null for nothing, absent where nobody can know. */
export type FieldChange = { field: CompanyField; old?: FieldValue | null; new: FieldValue };

/** `lane`: `live` is sent at any time, `bulk` outside business hours. */
export type PlannedCreate = { folderId: string; lane: Lane; fields: CompanyRecord };
type PlannedUpdate = { folderId: string; companyId: string; lane: Lane; changes: FieldChange[] };
export type PlannedAdopt = {
  folderId: string;
  companyId: string;
  name: string;
  /** As Moovago has it now. */
  companyName: string;
  /** The kind of key by which it is recognised, as in `match`. */
  by: string;
  /** Why, in words. */
  because: string;
  /** What both have, and not the same. */
  differ: string[];
  lane: Lane;
  /** What is then sent to it. */
  changes: FieldChange[];
};
export type PlannedAmbiguous = {
  folderId: string;
  name: string;
  by: string;
  /** What is the same and what is not, in words. */
  because: string;
  candidates: { companyId: string; name: string }[];
};
/** A folder that has a company, and that Clavus does not show any more. */
export type PlannedRemoval = {
  folderId: string;
  companyId: string | null;
  name: string;
  policy: 'keep' | 'flag' | 'delete';
  /** `held`: more than removalLimit allows are gone at once, so none is removed before somebody approves it. */
  held: boolean;
  /** Two scans in a row have missed it, so this one removes it. Else the next one does. */
  confirmed: boolean;
};
type PlannedUnmappable = { folderId: string; field: string; reason: string };
/** A folder that shares the company of another one, which writes it. */
export type PlannedSecondary = {
  folderId: string;
  name: string;
  primary: string;
  primaryName: string;
  /** The kind of key that both answer to, as in `match`; null where each has another one in common with the company. */
  by: string | null;
  /** Why, in words; blank if that is of an older version. */
  because: string;
  /** What both have, and not the same. */
  differ: string[];
};

export type PlannedChanges = {
  creates: PlannedCreate[];
  updates: PlannedUpdate[];
  adopts: PlannedAdopt[];
  ambiguous: PlannedAmbiguous[];
  removals: PlannedRemoval[];
  unmappable: PlannedUnmappable[];
  secondary: PlannedSecondary[];
};

export type Plan = PlannedChanges & {
  /** Whether every folder was seen that was asked for. */
  complete: boolean;
  /** Clavus' list ends before its end. */
  hidden: Hidden | null;
  totals: Record<keyof PlannedChanges, number> & {
    /** Folders that were read. */
    scanned: number;
    /** Those of them for which nothing is to be done. */
    unchanged: number;
    /** Folders that Clavus shows and that cannot be read. */
    unreadable: number;
    /** Folders whose changes would still wait in the end. */
    waiting: number;
    /** Folders that need attention beside those of the plan, mostly from earlier: `status` lists them. */
    standing: number;
    /** Folders that a person left out. */
    leftOut: number;
  };
  /** What holds changes back in the end. */
  waitsFor: { why: 'pilot' } | CreationsWait | null;
  /** Requests to Moovago. `reading`: its team and companies, before anything else. */
  requests: { reading: number; documents: number; readBacks: number; total: number };
  /** When it would begin and when its last request would leave, in ISO 8601; the latter null when nothing is sent. */
  startsAt: string;
  endsAt: string | null;
};
