import { hash } from 'node:crypto';
import { pickFields } from '../../mapping/fields-to-send.ts';
import {
  type CompaniesById,
  type Company,
  type CompanyField,
  type CompanyRecord,
  textFields,
} from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { deletedInMoovago, doubled, drifted, dueAgain, merged } from '../rows/reconcile-transitions.ts';
import { deleted } from '../rows/removal-transitions.ts';
import { isDeleted, isElsewhere, isNotOf, nextVersion } from '../rows/row-status.ts';
import { type DriftOptions, driftedFields } from './drifted-fields.ts';

/**
 * How long a change may wait although it could be sent, in milliseconds. At full pace, an hour is more than 400,000
 * records.
 */
const overdueMs = 60 * 60_000;

const companyFields: readonly CompanyField[] = [...textFields, 'ownerIds'];

/** What a pass over Moovago's companies found, and when. Moments are milliseconds since the epoch. */
export type Pass = DriftOptions & {
  companies: CompaniesById;
  /** Whether a company that is not among them is deleted. */
  isWhole: boolean;
  /** When it began. */
  began: number;
  /** What was delivered until then has settled, and so has every request before. */
  settledBy: number;
  isBulkTime(at: number): boolean;
};

/** What to do about a row. `next` is the row as it should be, made from exactly the revision that was read. */
export type Finding = {
  kind: 'overdue' | 'drifted' | 'noted' | 'deleted' | 'merged' | 'doubled' | 'resolved' | 'removed';
  next: FolderRow;
  companyIds?: readonly string[];
  fields?: readonly string[];
};

export type Verdict = {
  /** Whether Moovago's company was compared with what was delivered. */
  compared?: true;
  /** Whether Moovago keeps a field in another form than it was sent. */
  hasAcceptedForm?: true;
  finding?: Finding;
};

/**
 * Judges one row by a pass over Moovago's companies.
 * @param marked the companies that bear the folder's marker, the oldest first
 */
export function reconcileRow(row: FolderRow, marked: readonly string[], pass: Pass): Verdict {
  const { status, companyId, failure } = row;
  const at = pass.began;
  if (status === 'due')
    return isOverdue(row, pass) ? { finding: { kind: 'overdue', next: dueAgain(row, { at }) } } : {};
  if (!isAtRest(row, pass)) return {};
  const others = [...new Set([...(failure?.candidates ?? []), ...marked])].filter(
    (id) => id !== companyId && pass.companies.has(id) && !isNotOf(row, id),
  );
  // One of several candidates is left: the worker matches it again.
  if (companyId === undefined)
    return status === 'ambiguous' && others.length === 1 ? resolved(row, pass) : {};
  const company = pass.companies.get(companyId);
  if (company === undefined) return withoutCompany(row, others, pass);
  // The company is back, or its duplicates are gone.
  if (isDeleted(row) || (status === 'ambiguous' && others.length === 0)) return resolved(row, pass);
  if (status !== 'delivered') return {};
  return others.length > 0 ? isDoubled(row, [companyId, ...others], pass) : compare(row, company, pass);
}

/**
 * Whether this pass may judge the row. Not if a request is under way, or a delivery is too recent for the pass. Not if
 * it is secondary, removed, left out or unmappable either.
 */
function isAtRest(row: FolderRow, { settledBy }: Pass): boolean {
  const { intent, applied, failure } = row;
  if (isElsewhere(row) || failure?.kind === 'mapping') return false;
  return Math.max(intent?.at ?? 0, applied?.at ?? 0, failure?.lastAt ?? 0) <= settledBy;
}

/** Desired for more than an hour in which its lane could be sent, and without an order to wait. */
function isOverdue({ desired, waitUntil = 0 }: FolderRow, { began, isBulkTime }: Pass): boolean {
  const since = began - overdueMs;
  if (desired === undefined || desired.at > since || waitUntil > began) return false;
  return desired.lane === 'live' || isBulkTime(since);
}

const resolved = (row: FolderRow, { began }: Pass): Verdict => ({
  finding: { kind: 'resolved', next: dueAgain(row, { at: began }) },
});

const isDoubled = (row: FolderRow, candidates: readonly string[], { began }: Pass): Verdict => ({
  finding: { kind: 'doubled', next: doubled(row, { candidates, at: began }), companyIds: candidates },
});

function withoutCompany(row: FolderRow, others: readonly string[], pass: Pass): Verdict {
  if (!pass.isWhole) return {};
  const at = pass.began;
  const [companyId, ...more] = others;
  if (more.length > 0) return row.status === 'ambiguous' ? {} : isDoubled(row, others, pass);
  if (companyId !== undefined)
    return { finding: { kind: 'merged', next: merged(row, { companyId, at }), companyIds: [companyId] } };
  // Gone from Clavus as well: nothing of it is needed any more.
  if (row.removal !== undefined)
    return { finding: { kind: 'removed', next: deleted(row, { version: nextVersion(row), at }) } };
  return isDeleted(row) ? {} : { finding: { kind: 'deleted', next: deletedInMoovago(row, { at }) } };
}

/** Sends again what drifted, but never twice for the same pair. What comes back even so is Moovago's own form. */
function compare(row: FolderRow, company: Company, pass: Pass): Verdict {
  const { desired, applied, forms = {} } = row;
  if (desired === undefined || applied === undefined) return {};
  const actual = driftedFields({ applied: applied.record, desired: desired.record }, company, pass);
  const comparisons = companyFields.map((field) => {
    const before = forms[field] ?? {};
    const value = actual[field];
    const pair = value === undefined ? undefined : pairOf(desired.record[field], value);
    return { field, before, ...formAfter(before, pair) };
  });
  const noted = comparisons.filter(
    ({ before, form }) => form.own !== before.own || form.resent !== before.resent,
  );
  const again = comparisons.filter(({ isSentAgain }) => isSentAgain).map(({ field }) => field);
  const next = { ...forms, ...Object.fromEntries(noted.map(({ field, form }) => [field, form])) };

  const verdict: Verdict = { compared: true };
  if (Object.keys(actual).length > again.length) verdict.hasAcceptedForm = true;
  if (again.length > 0) {
    const repaired = pickFields(actual, (field) => again.some((name) => name === field));
    const after = drifted(row, { actual: repaired, forms: next, at: pass.began });
    verdict.finding = { kind: 'drifted', next: after, fields: again };
  } else if (noted.length > 0)
    verdict.finding = {
      kind: 'noted',
      next: { ...row, forms: next },
      fields: noted.map(({ field }) => field),
    };
  return verdict;
}

type Form = NonNullable<FolderRow['forms']>[string];

/** @param pair what is sent and what Moovago holds instead; absent if Moovago holds what was sent */
function formAfter(form: Form, pair: string | undefined): { form: Form; isSentAgain: boolean } {
  const { own: acceptedForm, resent: resentForm } = form;
  if (pair === undefined || pair === acceptedForm)
    return { form: { ...form, resent: undefined }, isSentAgain: false };
  if (pair === resentForm) return { form: { ...form, resent: undefined, own: pair }, isSentAgain: false };
  return { form: { ...form, resent: pair }, isSentAgain: true };
}

type Value = CompanyRecord[CompanyField];

/** Twelve characters that change with what is sent, or with what comes back. The order of owners does not count. */
function pairOf(sent: Value, actual: Value): string {
  const canonical = [sent, actual].map((value) => (typeof value === 'string' ? value : value?.toSorted()));
  return hash('sha256', JSON.stringify(canonical)).slice(0, 12);
}
