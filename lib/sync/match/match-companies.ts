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
import { type Candidate, type Decision, decide, type Proposal } from './decide.ts';
import { type ElectionDependencies, electPrimary, yields } from './elect-primary.ts';
import type { CompaniesRead } from './refresh-companies.ts';

/** So many folders of one customer share its company in one turn. The others do in the next one. */
const roundsMax = 25;
/** How many companies a log line and a row name. */
const companiesNamed = 20;

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
 * decides; where neither is enough, a person must choose. The folder that will be primary goes first. Otherwise another
 * folder of the customer would make the company, and it would be written twice.
 */
export async function matchCompanies(
  rows: readonly FolderRow[],
  options: MatchOptions,
  dependencies: MatchDependencies,
): Promise<Matched> {
  const matched: Matched = { ready: [], wait: [] };
  const linking = { options, dependencies, matched, filledIn: filledFields(options, dependencies) };
  let open = rows;
  for (let round = 0; round < roundsMax; round++) {
    const claims = await claimAll(open, round === 0, linking);
    const claimed = open.flatMap(({ folderId }) => claims.get(folderId) ?? []);
    open = open.filter(({ folderId }) => !claims.has(folderId));
    const before = matched.ready.length + matched.wait.length;
    await matchClaimed(claimed, linking);
    // A folder that shares a company, or waits for a person, needs its keys no more: the next one may have them at once.
    const settled = claimed.length - (matched.ready.length + matched.wait.length - before);
    if (settled === 0 || open.length === 0) break;
  }
  matched.wait.push(...open);
  return matched;
}

async function matchClaimed(claimed: readonly Claimed[], linking: Linking): Promise<void> {
  // Only now: the previous owner of a key may have made its company a moment ago.
  const { matchIndex } = linking.dependencies;
  const found = await matchIndex.find(claimed.flatMap(({ keys }) => keys.map(({ key }) => key)));
  for (const { row, keys } of claimed)
    await act(
      row,
      keys.map(({ kind, key }) => ({ kind, bearers: found.get(key) ?? [] })),
      linking,
    );
}

/** The folders that have the leases on their keys now. */
async function claimAll(
  rows: readonly FolderRow[],
  mayRead: boolean,
  { options, dependencies }: Linking,
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
  if (unseen.length === 0 || !mayRead) return claims;
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

/** A person said which company it is. */
const byPerson: Omit<Candidate, 'companyId'> = { by: 'person', agree: [], differ: [] };

async function act(row: FolderRow, proposals: readonly Proposal[], linking: Linking): Promise<void> {
  const chosen = row.decision?.companyId;
  if (chosen !== undefined)
    return adopt(row, { kind: 'adopt', companyId: chosen, ...byPerson }, proposals, linking);
  const folder = witnessOf(row.desired?.record ?? {}, linking.options);
  const decision = decide(folder, proposals, (companyId) => isNotOf(row, companyId));
  if (decision.kind === 'adopt') return adopt(row, decision, proposals, linking);
  const { matched, dependencies } = linking;
  if (decision.kind === 'wait') {
    matched.wait.push(row);
    return;
  }
  if (decision.kind === 'person') return askPerson(row, decision, dependencies);
  const [first] = decision.contradicted;
  const companyIds = decision.contradicted.map(({ companyId }) => companyId).slice(0, companiesNamed);
  if (first !== undefined)
    dependencies.telemetry.log.info('match-contradicted', {
      folderId: row.folderId,
      by: first.by,
      companyIds,
    });
  matched.ready.push({ ...row, match: first && { ...reasonOf(first), contradicted: companyIds } });
}

/** Links the folder to a company, or makes it secondary to the folder that has the company, if it is the same customer's. */
async function adopt(
  before: FolderRow,
  decision: Extract<Decision, { kind: 'adopt' }>,
  proposals: readonly Proposal[],
  linking: Linking,
): Promise<void> {
  const { options, dependencies, matched, filledIn } = linking;
  const { companyId, by, witness } = decision;
  const match = reasonOf(decision);
  const row = { ...before, match };
  const { folderId } = row;
  const { count, log } = dependencies.telemetry;
  const won = await electPrimary(row, companyId, options, dependencies);
  if (won === 'theirs') return;
  if (won === 'another') {
    log.info('match-contradicted', { folderId, by, companyIds: [companyId] });
    return act(before, without(companyId, proposals), linking);
  }
  const filled = won === 'ours' ? await attempt(filledIn(companyId)) : undefined;
  if (!filled?.ok) {
    matched.wait.push(before);
    return;
  }
  const at = dependencies.clock.now();
  const link = (current: FolderRow) =>
    adopted({ ...current, match }, { recordId: companyId, at, holds: filled.value });
  const linked = await dependencies.rows.change(folderId, asRead(row, link), row);
  if (linked === undefined) return;
  count('CompaniesAdopted');
  log.info('company-adopted', { folderId, companyId, by, witness });
  matched.ready.push(linked);
}

async function askPerson(
  before: FolderRow,
  { candidates, why }: Extract<Decision, { kind: 'person' }>,
  { clock, rows, telemetry }: MatchDependencies,
): Promise<void> {
  const companyIds = candidates.map(({ companyId }) => companyId);
  const [first] = candidates;
  const match = first && reasonOf(first);
  const { folderId } = before;
  telemetry.count('MatchesAmbiguous');
  telemetry.log.warn('match-ambiguous', {
    folderId,
    ...match,
    why,
    companies: companyIds.length,
    companyIds: companyIds.slice(0, companiesNamed),
  });
  const at = clock.now();
  const wait = (current: FolderRow) => ambiguous({ ...current, match }, { candidates: companyIds, at });
  await rows.change(folderId, asRead(before, wait), before);
}

const reasonOf = ({ by, witness, agree, differ }: Candidate): NonNullable<FolderRow['match']> => ({
  by,
  witness,
  agree,
  differ,
});

const without = (companyId: string, proposals: readonly Proposal[]): Proposal[] =>
  proposals.map(({ kind, bearers }) => ({
    kind,
    bearers: bearers.filter((bearer) => bearer.companyId !== companyId),
  }));

/** Reads Moovago at most once, and only for a tenant that has a `fill-empty` field. */
function filledFields(
  { ownership }: MatchOptions,
  { readCompanies }: MatchDependencies,
): Linking['filledIn'] {
  const read = lazy(async () => companiesById((await readCompanies()).companies));
  return async (companyId) => {
    if (!Object.values(ownership).includes('fill-empty')) return undefined;
    const company = (await read()).get(companyId);
    // What it holds may be a rep's: without a look at it, nothing is written.
    if (company === undefined || company.unread !== undefined)
      throw new TryLater('a company of Moovago cannot be read', { system: 'Moovago', applied: 'no' });
    return keptBy(ownership, company);
  };
}
