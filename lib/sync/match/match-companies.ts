import { attempt } from '../../framework/attempt.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import { lazy } from '../../framework/lazy.ts';
import type { Count } from '../../framework/telemetry.ts';
import { keptBy } from '../../mapping/fields-to-send.ts';
import type { MatchKey } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { CompanyRecord } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead } from '../../state/folder-rows.ts';
import { adopted, ambiguous } from '../rows/row-transitions.ts';
import { type ClaimDependencies, type Claimed, claimKeys } from './claim-keys.ts';
import { type ContestDependencies, contestCompany, givesWay } from './contest-company.ts';
import type { CompaniesRead } from './refresh-companies.ts';

export type MatchDependencies = ClaimDependencies &
  ContestDependencies & {
    count: Count;
    /** Match key → the companies that answer to it. */
    findCompanies(keys: readonly string[]): Promise<Map<string, string[]>>;
    /** A pass over Moovago's companies, begun after this call. */
    readCompanies(): Promise<CompaniesRead>;
  };

type MatchOptions = Pick<SyncConfig, 'match' | 'primary' | 'ownership'> & { stage: string };

export type Matched = {
  /** To be created, or adopted and to be updated. */
  ready: FolderRow[];
  /** To come back a little later: another folder that may be the same customer's is just being delivered. */
  wait: FolderRow[];
};

/**
 * Adopt before create: a folder whose company Moovago has already is linked to it, not made again. The first kind of key
 * that finds anything decides; several companies are a person's to tell apart. Whoever has the say about a company comes
 * first: made by another folder of the customer, it would have to be written once more.
 */
export async function matchCompanies(
  rows: readonly FolderRow[],
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Matched> {
  const matched: Matched = { ready: [], wait: [] };
  const claims = await claimAll(rows, options, dependencies);
  const claimed = rows.flatMap(({ folderId }) => claims.get(folderId) ?? []);
  matched.wait.push(...rows.filter(({ folderId }) => !claims.has(folderId)));
  // Only now: whoever had a key before may have made its company a moment ago.
  const found = await dependencies.findCompanies(claimed.flatMap(({ keys }) => keys.map(({ key }) => key)));
  const filledIn = filledFields(options, dependencies);
  for (const claim of claimed) {
    const hit = claim.keys.find(({ key }) => found.has(key));
    const companies = found.get(hit?.key ?? '') ?? [];
    if (companies.length > 0) await link(claim, companies, hit, { options, dependencies, matched, filledIn });
    else matched.ready.push(claim.row);
  }
  return matched;
}

/** Those that have the say about their keys now, by folder. */
async function claimAll(
  rows: readonly FolderRow[],
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Map<string, Claimed>> {
  const { clock, readCompanies } = dependencies;
  const claims = new Map<string, Claimed>();
  const unseen: FolderRow[] = [];
  const claim = async (row: FolderRow, lookedAt: number) => {
    const claimed = await claimKeys(row, lookedAt, options, dependencies);
    if (claimed === 'unseen') unseen.push(row);
    else if (claimed !== 'wait') claims.set(row.folderId, claimed);
  };
  const inTurn = rows.toSorted(
    (one, other) => Number(givesWay(one, other, options)) - Number(givesWay(other, one, options)),
  );
  await inParallel(inTurn, (row) => claim(row, 0), 16);
  if (unseen.length === 0) return claims;
  // There may be a company that nobody has seen yet: one look at Moovago brings it into the index.
  const lookedAt = clock.now();
  if ((await attempt(readCompanies())).ok)
    await inParallel(unseen.splice(0), (row) => claim(row, lookedAt), 16);
  return claims;
}

type Linking = {
  options: MatchOptions;
  dependencies: MatchDependencies;
  matched: Matched;
  /** What a company holds of the fields that belong to who fills them in first. */
  filledIn: (companyId: string) => Promise<CompanyRecord | undefined>;
};

async function link(
  { row }: Claimed,
  companies: readonly string[],
  hit: MatchKey | undefined,
  { options, dependencies, matched, filledIn }: Linking,
): Promise<void> {
  const { clock, count, log, changeRow } = dependencies;
  const { folderId } = row;
  const at = clock.now();
  const change = (transition: (row: FolderRow) => FolderRow) =>
    changeRow(folderId, asRead(row, transition), row);
  const [companyId = '', ...others] = companies;
  if (others.length > 0) {
    count('MatchesAmbiguous');
    log.warn('match-ambiguous', { folderId, by: hit?.kind, companyIds: companies });
    await change((current) => ambiguous(current, { candidates: companies, at }));
    return;
  }
  const won = await contestCompany(row, companyId, options, dependencies);
  if (won === 'theirs') return;
  const filled = won === 'ours' ? await attempt(filledIn(companyId)) : undefined;
  if (!filled?.ok) {
    matched.wait.push(row);
    return;
  }
  count('CompaniesAdopted');
  log.info('company-adopted', { folderId, companyId, by: hit?.kind });
  const linked = await change((current) => adopted(current, { companyId, at, holds: filled.value }));
  if (linked) matched.ready.push(linked);
}

/** One look at Moovago, and only for a tenant that leaves a field to whoever fills it in first. */
function filledFields(
  { ownership }: MatchOptions,
  { readCompanies }: MatchDependencies,
): Linking['filledIn'] {
  const read = lazy(readCompanies);
  return async (companyId) => {
    if (!Object.values(ownership).includes('fill-empty')) return undefined;
    const company = (await read()).companies.find(({ id }) => id === companyId);
    return company && keptBy(ownership, company);
  };
}
