import type { Clock } from '../../framework/clock.ts';
import { fieldsOfKind, type Matching, type MatchKey, matchKeys } from '../../mapping/match-keys.ts';
import { compareWitnesses, witnessOf } from '../../mapping/witness.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { Bearer, Claim, MatchIndex } from '../../state/match-index.ts';
import { isDeleted, isDue } from '../rows/row-status.ts';

export type ClaimDependencies = {
  clock: Clock;
  newId(): string;
  rows: Pick<FolderRows, 'read'>;
  matchIndex: Pick<MatchIndex, 'claim' | 'release' | 'contradict'>;
};

/** A folder that has the leases on its keys for now. */
export type Claimed = { row: FolderRow; keys: readonly MatchKey[] };

/**
 * Takes the leases on the keys that a folder may share with others. So two new folders of one customer never make a
 * company each. It takes all of them, or none while another folder with one of the keys is being delivered. A folder
 * that waits has no lease, and all folders take keys in the same order. So no two folders wait for each other. A key stays with a
 * folder that contradicts: its value is shared, and tells nothing about either.
 * @param observedAt when the last pass over Moovago's companies began that the index includes, in milliseconds since the
 * epoch
 * @returns `wait` while another folder is being delivered. `unseen`: the previous owner may have created a company
 * after our last list of companies. Checked before the key is taken, because taking it hides the previous owner
 */
export async function claimKeys(
  row: FolderRow,
  observedAt: number,
  options: Matching,
  dependencies: ClaimDependencies,
): Promise<Claimed | 'wait' | 'unseen'> {
  const keys = keysOf(row, options);
  const shared = keys
    .filter(({ kind }) => kind !== 'marker')
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const before = new Map<string, FolderRow | undefined>();
  const claim = { folderId: row.folderId, token: dependencies.newId() };
  for (const key of shared) {
    const taken = await takeKey(key, row, { ...claim, observedAt }, options, dependencies);
    if (taken === 'contradicted') continue;
    if (typeof taken === 'string') {
      const ids = shared.map((one) => one.key);
      await giveAllBack(ids, claim, before, dependencies);
      return taken;
    }
    if (taken.from !== row.folderId) before.set(key.key, taken.owner);
  }
  return { row, keys };
}

/** Releases also keys of a crashed attempt, by re-taking them with this attempt's id. */
async function giveAllBack(
  keys: readonly string[],
  claim: Claim,
  before: ReadonlyMap<string, FolderRow | undefined>,
  { matchIndex }: ClaimDependencies,
): Promise<void> {
  for (const key of keys) {
    await matchIndex.claim(key, claim);
    await matchIndex.release(key, claim.token, before.get(key)?.folderId);
  }
}

/** Takes one key. Returns its previous owner, or why the key is not available now. */
async function takeKey(
  { kind, key }: MatchKey,
  row: FolderRow,
  { observedAt, ...claim }: Claim & { observedAt: number },
  options: Matching,
  { clock, matchIndex, rows }: ClaimDependencies,
): Promise<{ from: string; owner: FolderRow | undefined } | 'wait' | 'unseen' | 'contradicted'> {
  const from = await matchIndex.claim(key, claim);
  if (from === undefined) return 'wait';
  if (from.folderId === claim.folderId) return { from: from.folderId, owner: undefined };
  const owner = (await rows.read([from.folderId])).get(from.folderId);
  if (owner && (await contradicts(row, owner, { kind, key }, options, matchIndex))) return 'contradicted';
  if (owner && isMaking(owner, key, options, clock.now())) return 'wait';
  if (owner && mayHaveMade(owner, observedAt)) return 'unseen';
  const its = owner && companyFor(owner, key, options);
  const now = await matchIndex.claim(key, { ...claim, from, its });
  return now?.folderId === claim.folderId ? { from: from.folderId, owner } : 'wait';
}

/** Whether the owner of a key is another customer, so that the key tells nothing about either. It is recorded with the key. */
async function contradicts(
  row: FolderRow,
  owner: FolderRow,
  { kind, key }: MatchKey,
  options: Matching,
  matchIndex: ClaimDependencies['matchIndex'],
): Promise<boolean> {
  if (!keysOf(owner, options).some((its) => its.key === key)) return false;
  const ours = witnessOf(row.desired?.record ?? {}, options);
  const theirs = witnessOf(owner.desired?.record ?? {}, options);
  if (compareWitnesses(ours, theirs, fieldsOfKind(kind)).is !== 'contradicts') return false;
  await matchIndex.contradict(key, [ours, theirs]);
  return true;
}

const keysOf = ({ desired }: FolderRow, options: Matching) => matchKeys(desired?.record ?? {}, options);

/** The company of a folder, if it has the key: by what was sent of it, or by what will be sent. */
function companyFor(owner: FolderRow, key: string, options: Matching): Bearer | undefined {
  const { applied, companyId = owner.secondaryTo?.companyId, desired } = owner;
  if (companyId === undefined || isDeleted(owner)) return undefined;
  const records = [applied?.record, desired?.record];
  const record = records.find((one) => one && matchKeys(one, options).some((its) => its.key === key));
  return record && { companyId, witness: witnessOf(record, options) };
}

/** Whether the folder may make a company for this key, or may just have made one. */
function isMaking(row: FolderRow, key: string, options: Matching, now: number): boolean {
  const { companyId, intent, waitUntil = 0 } = row;
  if (companyId !== undefined) return false;
  if (intent?.kind === 'create' && waitUntil > now) return true;
  return isDue(row) && (intent !== undefined || keysOf(row, options).some((its) => its.key === key));
}

/** Whether its creation has an unknown outcome that no lookup has settled, and no pass since then. */
const mayHaveMade = ({ companyId, intent, waitUntil = 0 }: FolderRow, observedAt: number) =>
  companyId === undefined && intent !== undefined && Math.max(intent.at, waitUntil) > observedAt;
