import type { Clock } from '../framework/clock.ts';
import type { Count, Log } from '../framework/telemetry.ts';
import { type MatchKey, matchKeys } from '../mapping/match-keys.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { ChangeRow, ReadRows } from '../state/folder-rows.ts';
import { adopted, ambiguous, secondary } from './row-transitions.ts';

export type MatchDependencies = {
  clock: Clock;
  log: Log;
  count: Count;
  /** Match key → the companies that answer to it. */
  findCompanies(keys: readonly string[]): Promise<Map<string, string[]>>;
  linkedTo(companyId: string): Promise<string[]>;
  readRows: ReadRows;
  changeRow: ChangeRow;
};

export type MatchOptions = Pick<SyncConfig, 'match' | 'primary'> & { stage: string };

export type Matched = {
  /** To be created, or adopted and to be updated. */
  ready: FolderRow[];
  /** To come back a little later: another folder that may be the same customer's is just being delivered. */
  wait: FolderRow[];
};

/**
 * Adopt before create: a folder whose company Moovago has already is linked to it, not made again. The first kind of key
 * that finds anything decides; several companies are a person's to tell apart.
 */
export async function matchCompanies(
  rows: readonly FolderRow[],
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Matched> {
  const keysOf = new Map(
    rows.map((row) => [row, matchKeys(row.desired?.record ?? {}, options.match, options.stage)]),
  );
  const found = await dependencies.findCompanies([...keysOf.values()].flat().map(({ key }) => key));
  const taken = new Set<string>();
  const matched: Matched = { ready: [], wait: [] };
  for (const [row, keys] of keysOf) {
    const hit = keys.find(({ key }) => found.has(key));
    const companies = found.get(hit?.key ?? '') ?? [];
    if (companies.length > 0) await link(row, companies, hit, { options, dependencies, matched });
    else if (keys.some(({ key }) => taken.has(key))) matched.wait.push(row);
    else matched.ready.push(row);
    for (const { key } of keys) taken.add(key);
  }
  return matched;
}

type Linking = { options: MatchOptions; dependencies: MatchDependencies; matched: Matched };

async function link(
  row: FolderRow,
  companies: readonly string[],
  hit: MatchKey | undefined,
  { options, dependencies, matched }: Linking,
): Promise<void> {
  const { clock, count, log, changeRow } = dependencies;
  const { folderId, revision } = row;
  const at = clock.now();
  /** Decides for the row as it was read: whoever changed it meanwhile comes back to it. */
  const change = (transition: (row: FolderRow) => FolderRow) =>
    changeRow(folderId, (current) => (current?.revision === revision ? transition(current) : undefined), row);
  const [companyId = '', ...others] = companies;
  if (others.length > 0) {
    count('MatchesAmbiguous');
    log.warn('match-ambiguous', { folderId, by: hit?.kind, companyIds: companies });
    await change((current) => ambiguous(current, { candidates: companies, at }));
    return;
  }
  const holder = await holderOf(companyId, folderId, dependencies);
  if (holder?.intent !== undefined || (holder && holder.status === 'due')) {
    matched.wait.push(row);
    return;
  }
  if (holder && !isPrimary(row, holder, options)) {
    log.info('folder-secondary', { folderId, primary: holder.folderId, companyId });
    await change((current) => secondary(current, { companyId, folderId: holder.folderId }));
    return;
  }
  if (holder) {
    log.info('folder-secondary', { folderId: holder.folderId, primary: folderId, companyId });
    await changeRow(
      holder.folderId,
      (current) =>
        current?.revision === holder.revision ? secondary(current, { companyId, folderId }) : undefined,
      holder,
    );
  }
  count('CompaniesAdopted');
  log.info('company-adopted', { folderId, companyId, by: hit?.kind });
  const linked = await change((current) => adopted(current, { companyId, at }));
  if (linked) matched.ready.push(linked);
}

/** The row of the other folder that has this company now. */
async function holderOf(
  companyId: string,
  folderId: string,
  { linkedTo, readRows }: MatchDependencies,
): Promise<FolderRow | undefined> {
  const folderIds = (await linkedTo(companyId)).filter((id) => id !== folderId);
  const rows = await readRows(folderIds);
  return [...rows.values()].find((row) => row.companyId === companyId);
}

function isPrimary(row: FolderRow, holder: FolderRow, { primary }: MatchOptions): boolean {
  return primary === 'newest' && (row.desired?.at ?? 0) > (holder.desired?.at ?? 0);
}
