import type { Clock } from '../framework/clock.ts';
import { inParallel } from '../framework/in-parallel.ts';
import type { Count, Log } from '../framework/telemetry.ts';
import { type MatchKey, matchKeys } from '../mapping/match-keys.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { ChangeRow, ReadRows } from '../state/folder-rows.ts';
import { adopted, ambiguous, isDue, secondary } from './row-transitions.ts';

export type MatchDependencies = {
  clock: Clock;
  log: Log;
  count: Count;
  /** Match key → the companies that answer to it. */
  findCompanies(keys: readonly string[]): Promise<Map<string, string[]>>;
  /** Takes a match key for a folder, if it is free or `from`'s; gives back the folder that has it now. */
  claimKey(key: string, folderId: string, from?: string): Promise<string>;
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

/** A folder that alone has the say about its keys for now. */
type Claimed = {
  row: FolderRow;
  keys: readonly MatchKey[];
  /** The folders that had one of its keys before. The index of companies may not know yet what they are linked to. */
  before: ReadonlySet<string>;
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
  const matched: Matched = { ready: [], wait: [] };
  const claims = await inParallel(
    rows,
    async (row) => {
      const claimed = await claimKeys(row, options, dependencies);
      if (claimed === undefined) matched.wait.push(row);
      return claimed === undefined ? [] : [claimed];
    },
    16,
  );
  const claimed = claims.flat();
  // Only now: whoever had a key before may have made its company a moment ago.
  const found = await dependencies.findCompanies(claimed.flatMap(({ keys }) => keys.map(({ key }) => key)));
  for (const claim of claimed) {
    const hit = claim.keys.find(({ key }) => found.has(key));
    const companies = found.get(hit?.key ?? '') ?? [];
    if (companies.length > 0) await link(claim, companies, hit, { options, dependencies, matched });
    else matched.ready.push(claim.row);
  }
  return matched;
}

/**
 * Takes the keys that a folder may share with others, so that two new folders of one customer never make a company each:
 * nothing while another folder that answers to one of them is being delivered. In the order of the keys, so that no two
 * folders wait for each other.
 */
async function claimKeys(
  row: FolderRow,
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Claimed | undefined> {
  const { folderId } = row;
  const keys = keysOf(row, options);
  const before = new Set<string>();
  const shared = keys.flatMap(({ kind, key }) => (kind === 'marker' ? [] : [key]));
  for (const key of shared.sort()) {
    const holderId = await dependencies.claimKey(key, folderId);
    if (holderId === folderId) continue;
    const holder = (await dependencies.readRows([holderId])).get(holderId);
    if (holder && isMaking(holder, key, options, dependencies.clock.now())) return undefined;
    if ((await dependencies.claimKey(key, folderId, holderId)) !== folderId) return undefined;
    before.add(holderId);
  }
  return { row, keys, before };
}

const keysOf = ({ desired }: FolderRow, { match, stage }: MatchOptions) =>
  matchKeys(desired?.record ?? {}, match, stage);

/** Whether the folder may make a company for this key, or may just have made one. */
function isMaking(row: FolderRow, key: string, options: MatchOptions, now: number): boolean {
  const { companyId, intent, waitUntil = 0 } = row;
  if (companyId !== undefined) return false;
  if (intent?.kind === 'create' && waitUntil > now) return true;
  return isDue(row) && (intent !== undefined || keysOf(row, options).some((its) => its.key === key));
}

type Linking = { options: MatchOptions; dependencies: MatchDependencies; matched: Matched };

async function link(
  { row, before }: Claimed,
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
  const holder = await holderOf(companyId, folderId, before, dependencies);
  // One that Moovago refused is not waited for, once no late request of it can change anything.
  if (holder && (isDue(holder) || (holder.intent && (holder.waitUntil ?? 0) > at))) {
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
  before: ReadonlySet<string>,
  { linkedTo, readRows }: MatchDependencies,
): Promise<FolderRow | undefined> {
  const candidates = new Set([...(await linkedTo(companyId)), ...before]);
  candidates.delete(folderId);
  const rows = await readRows([...candidates]);
  return [...rows.values()].find((row) => row.companyId === companyId);
}

function isPrimary(row: FolderRow, holder: FolderRow, { primary }: MatchOptions): boolean {
  return primary === 'newest' && (row.desired?.at ?? 0) > (holder.desired?.at ?? 0);
}
