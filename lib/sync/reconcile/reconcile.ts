import { chunks } from '../../framework/chunks.ts';
import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { companiesById } from '../../moovago/company.ts';
import type { Pace } from '../../pace/pace.ts';
import type { Fingerprints } from '../../state/fingerprints.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead, type FolderRows } from '../../state/folder-rows.ts';
import type { CompaniesRead } from '../match/refresh-companies.ts';
import { isNotOf } from '../rows/row-status.ts';
import {
  type Counts,
  findCandidates,
  type Marks,
  type Misplaced,
  readMarks,
} from './reconcile-candidates.ts';
import { type Finding, type Pass, reconcileRow } from './reconcile-row.ts';
import { stripEnded } from './strip-ended.ts';

export type ReconcileOptions = Pick<SyncConfig, 'ownership' | 'blanks' | 'removalLimit' | 'settleAfter'> & {
  stage: string;
};

export type ReconcileDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  pace: Pick<Pace, 'isBulkTime'>;
  /** A clean pass over all companies of the team, begun after this call. */
  readCompanies(): Promise<CompaniesRead>;
  fingerprints: Pick<Fingerprints, 'load'>;
  rows: Pick<FolderRows, 'pages' | 'ended' | 'read' | 'change' | 'linkedTo'>;
};

/** How many rows were handled, by kind; `misplaced` ones are only reported. */
type Done = Record<Finding['kind'], number> & { misplaced: number };

/** `held`: so many companies were missing that this was not believed. Everything else was compared and changed. */
export type Reconciled =
  | { state: 'skipped' }
  | (Counts & Done & { state: 'held'; missing: number })
  | (Counts & Done & { state: 'complete' });

/** What follows from a company that is missing: left out while more are missing than is believed. */
const ofMissing: readonly Finding['kind'][] = ['deleted', 'removed'];

/** Rows that are read and changed together. */
const rowsPerBatch = 100;

/**
 * Compares all of Moovago's companies with all rows, in the bulk window only. It sends fields of ours again that
 * drifted, wakes rows that were forgotten, and strips those of customers who are gone. It leaves deleted and duplicate companies to a person. By itself it
 * creates and deletes nothing in Moovago.
 */
export async function reconcile(
  options: ReconcileOptions,
  dependencies: ReconcileDependencies,
): Promise<Reconciled> {
  const { clock, rows, fingerprints } = dependencies;
  const { isBulkTime } = dependencies.pace;
  const { count, log } = dependencies.telemetry;
  const began = clock.now();
  if (!isBulkTime(began)) {
    log.info('reconcile-skipped', { reason: 'business hours' });
    return { state: 'skipped' };
  }
  const { companies, readBack, isWhole } = await dependencies.readCompanies();
  const marks = readMarks(companies, options.stage);
  const settledBy = began - options.settleAfter;
  const byId = companiesById(companies);
  const pass: Pass = { ...options, companies: byId, readBack, isWhole, began, settledBy, isBulkTime };

  const known = await fingerprints.load();
  const found = await findCandidates(rows.pages(), known, marks, pass);
  const { folderIds, missing, misplaced, ...counts } = found;
  count('RecordsCompared', counts.compared);
  const { atLeast, share } = options.removalLimit;
  const limit = Math.max(atLeast, share * counts.linked);
  const isHeld = missing > limit;
  if (isHeld)
    log.error('reconcile-held', { missing, limit, linked: counts.linked, companies: companies.length });
  const held: ReadonlySet<Finding['kind']> = new Set(isHeld ? ofMissing : []);
  const done = await applyFindings(folderIds, { marks, held, pass }, dependencies);
  await stripEnded(pass, dependencies);
  const report = { ...counts, ...done, misplaced: await reportMisplaced(misplaced, dependencies) };
  count('RecordsDrifted', report.drifted);
  count('CompaniesDoubled', report.doubled);
  count('CompaniesDeleted', isHeld ? missing : report.deleted);
  log.info('reconciled', report);
  return isHeld ? { state: 'held', missing, ...report } : { state: 'complete', ...report };
}

/** What the rows are compared with. `held`: the kinds of findings that are left out. */
type Audit = { marks: Marks; held: ReadonlySet<Finding['kind']>; pass: Pass };

/** Judges the candidates once more, as they are now, and stores the result. */
async function applyFindings(
  folderIds: readonly string[],
  audit: Audit,
  dependencies: ReconcileDependencies,
): Promise<Record<Finding['kind'], number>> {
  const done = {
    overdue: 0,
    drifted: 0,
    noted: 0,
    deleted: 0,
    merged: 0,
    doubled: 0,
    resolved: 0,
    removed: 0,
  };
  for (const ids of chunks(folderIds, rowsPerBatch)) {
    const rows = await dependencies.rows.read(ids);
    const kinds = await inParallel(rows.values(), (row) => applyFinding(row, audit, dependencies), 16);
    for (const kind of kinds) if (kind !== undefined) done[kind]++;
  }
  return done;
}

async function applyFinding(
  row: FolderRow,
  { marks, held, pass }: Audit,
  dependencies: ReconcileDependencies,
): Promise<Finding['kind'] | undefined> {
  const { folderId, companyId } = row;
  const marked = await ownOf(row, marks.companies.get(folderId) ?? [], dependencies);
  const { finding } = reconcileRow(row, marked, pass);
  if (finding === undefined || held.has(finding.kind)) return undefined;
  const { kind, next, companyIds, fields } = finding;
  const saved = await dependencies.rows.change(
    folderId,
    asRead(row, () => next),
    row,
  );
  if (saved === undefined) return undefined;
  const { log } = dependencies.telemetry;
  const write = kind === 'deleted' || kind === 'doubled' ? log.warn : log.info;
  write(eventOf[kind], { folderId, companyId, companyIds, fields });
  return kind;
}

const eventOf: Record<Finding['kind'], string> = {
  overdue: 'row-overdue',
  drifted: 'company-drifted',
  noted: 'form-noted',
  deleted: 'company-deleted',
  merged: 'company-merged',
  doubled: 'company-doubled',
  resolved: 'row-resolved',
  removed: 'folder-removed',
};

/** Ignores markers on companies that are linked to another folder (the note was copied). */
async function ownOf(
  { folderId, companyId }: FolderRow,
  marked: readonly string[],
  { rows }: ReconcileDependencies,
): Promise<string[]> {
  const own = await inParallel(
    marked,
    async (id) => id === companyId || (await rows.linkedTo(id)).every((other) => other === folderId),
    8,
  );
  return marked.filter((_, index) => own[index]);
}

/** Reports companies that bear another folder's marker, except those that both share, or that a person took from it. */
async function reportMisplaced(
  misplaced: readonly Misplaced[],
  { rows, telemetry }: ReconcileDependencies,
): Promise<number> {
  const found = await rows.read(misplaced.map(({ markedFor }) => markedFor));
  const reported = misplaced.filter(({ companyId, markedFor }) => {
    const row = found.get(markedFor);
    return row === undefined || (row.secondaryTo?.companyId !== companyId && !isNotOf(row, companyId));
  });
  for (const entry of reported) telemetry.log.warn('company-misplaced', entry);
  return reported.length;
}
