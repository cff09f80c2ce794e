import { attempt } from '../../framework/attempt.ts';
import { TryLater } from '../../framework/errors.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import { lazy } from '../../framework/lazy.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { keptBy } from '../../mapping/fields-to-send.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { witnessOf } from '../../mapping/witness.ts';
import { type CompanyRecord, companiesById } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import { isNotOf } from '../rows/row-status.ts';
import { adopted, ambiguous } from '../rows/row-transitions.ts';
import { type ClaimDependencies, type Claimed, claimKeys } from './claim-keys.ts';
import { type Decision, decide } from './decide.ts';
import { type ElectionDependencies, electPrimary, yields } from './elect-primary.ts';
import type { CompaniesRead } from './refresh-companies.ts';

export type MatchDependencies = ClaimDependencies &
  ElectionDependencies & {
    telemetry: Pick<Telemetry, 'count'>;
    matchIndex: Pick<MatchIndex, 'find'>;
    /** A pass over Moovago's companies, begun after this call. */
    readCompanies(): Promise<CompaniesRead>;
  };

type MatchOptions = Pick<SyncConfig, 'match' | 'matchIgnore' | 'primary' | 'ownership'> & { stage: string };

export type Matched = {
  /** To be created, or adopted and then updated. */
  ready: FolderRow[];
  /** To be tried a little later: another folder, perhaps of the same customer, is just being delivered. */
  wait: FolderRow[];
};

/**
 * Adopt before create: if Moovago already has a folder's company, the folder is linked to it. A key proposes, a witness
 * decides; where neither is enough, a person must choose. The folder that will be primary goes first. Otherwise another folder of the customer would make the company, and it would be written twice.
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
  // Only now: the previous owner of a key may have made its company a moment ago.
  const found = await dependencies.matchIndex.find(claimed.flatMap(({ keys }) => keys.map(({ key }) => key)));
  const filledIn = filledFields(options, dependencies);
  for (const claim of claimed) {
    const { row, keys } = claim;
    // A person may have decided that one of them is not this folder's.
    const bearersOf = (key: string) =>
      (found.get(key) ?? []).filter(({ companyId }) => !isNotOf(row, companyId));
    const proposals = keys.map(({ kind, key }) => ({ kind, bearers: bearersOf(key) }));
    const decision = decide(witnessOf(row.desired?.record ?? {}, options), proposals);
    await act(row, decision, { options, dependencies, matched, filledIn });
  }
  return matched;
}

/** The folders that have the leases on their keys now. */
async function claimAll(
  rows: readonly FolderRow[],
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Map<string, Claimed>> {
  const { clock, readCompanies } = dependencies;
  const claims = new Map<string, Claimed>();
  const unseen: FolderRow[] = [];
  const claim = async (row: FolderRow, observedAt: number) => {
    const claimed = await claimKeys(row, observedAt, options, dependencies);
    if (claimed === 'unseen') unseen.push(row);
    else if (claimed !== 'wait') claims.set(row.folderId, claimed);
  };
  const inTurn = rows.toSorted(
    (one, other) => Number(yields(one, other, options)) - Number(yields(other, one, options)),
  );
  await inParallel(inTurn, (row) => claim(row, 0), 16);
  if (unseen.length === 0) return claims;
  // There may be a company that no pass has seen yet: one read of Moovago brings it into the index.
  const observedAt = clock.now();
  const pass = await attempt(readCompanies());
  if (pass.ok && pass.value.isWhole) await inParallel(unseen.splice(0), (row) => claim(row, observedAt), 16);
  return claims;
}

type Linking = {
  options: MatchOptions;
  dependencies: MatchDependencies;
  matched: Matched;
  /** What a company holds in its `fill-empty` fields. */
  filledIn: (companyId: string) => Promise<CompanyRecord | undefined>;
};

async function act(
  row: FolderRow,
  decision: Decision,
  { options, dependencies, matched, filledIn }: Linking,
): Promise<void> {
  const { clock, rows } = dependencies;
  const { count, log } = dependencies.telemetry;
  const { folderId } = row;
  const at = clock.now();
  const change = (transition: (row: FolderRow) => FolderRow) =>
    rows.change(folderId, asRead(row, transition), row);
  if (decision.kind === 'create') {
    const { contradicted } = decision;
    const companyIds = contradicted.map(({ companyId }) => companyId);
    if (companyIds.length > 0)
      log.info('match-contradicted', { folderId, by: contradicted[0]?.by, companyIds });
    matched.ready.push(row);
    return;
  }
  if (decision.kind === 'person') {
    const companyIds = decision.candidates.map(({ companyId }) => companyId);
    const { by, agree, differ } = decision.candidates[0] ?? {};
    count('MatchesAmbiguous');
    log.warn('match-ambiguous', {
      folderId,
      by,
      why: decision.why,
      agree,
      differ,
      companies: companyIds.length,
      companyIds: companyIds.slice(0, 20),
    });
    await change((current) => ambiguous(current, { candidates: companyIds, at }));
    return;
  }
  const { companyId, by, witness } = decision;
  const won = await electPrimary(row, companyId, options, dependencies);
  if (won === 'theirs') return;
  const filled = won === 'ours' ? await attempt(filledIn(companyId)) : undefined;
  if (!filled?.ok) {
    matched.wait.push(row);
    return;
  }
  count('CompaniesAdopted');
  log.info('company-adopted', { folderId, companyId, by, witness });
  const linked = await change((current) =>
    adopted(current, { recordId: companyId, at, holds: filled.value }),
  );
  if (linked) matched.ready.push(linked);
}

/** Reads Moovago at most once, and only for a tenant that has a `fill-empty` field. */
function filledFields(
  { ownership }: MatchOptions,
  { readCompanies }: MatchDependencies,
): Linking['filledIn'] {
  const read = lazy(async () => companiesById((await readCompanies()).companies));
  return async (companyId) => {
    if (!Object.values(ownership).includes('fill-empty')) return undefined;
    const company = (await read()).get(companyId);
    if (company?.unread !== undefined)
      throw new TryLater('a company of Moovago cannot be read', { system: 'Moovago', applied: 'no' });
    return company && keptBy(ownership, company);
  };
}
