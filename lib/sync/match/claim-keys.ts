import type { Clock } from '../../framework/clock.ts';
import { type MatchKey, matchKeys } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { ReadRows } from '../../state/folder-rows.ts';
import type { Claim, ClaimKey } from '../../state/match-index.ts';
import { isDeleted, isDue } from '../rows/row-transitions.ts';

export type ClaimDependencies = {
  clock: Clock;
  newId(): string;
  readRows: ReadRows;
  claimKey: ClaimKey;
  /** Gives back a key that was taken in this turn, to the folder that had it before. */
  releaseKey(key: string, turn: string, to?: string): Promise<void>;
};

type ClaimOptions = Pick<SyncConfig, 'match'> & { stage: string };

/** A folder that alone has the say about its keys for now. */
export type Claimed = { row: FolderRow; keys: readonly MatchKey[] };

/**
 * Takes the keys that a folder may share with others, so that two new folders of one customer never make a company each:
 * all of them, or none while another folder that answers to one is being delivered. Who waits holds nothing, and all
 * take them in the same order: so no two wait for each other.
 * @param lookedAt when the last look at Moovago's companies began of which the index knows, in milliseconds since the epoch
 * @returns `wait` while another folder is being delivered; `unseen` where one came to rest that may have made a company
 * since that look. Not after it has the key: who comes next would not know that from whom.
 */
export async function claimKeys(
  row: FolderRow,
  lookedAt: number,
  options: ClaimOptions,
  dependencies: ClaimDependencies,
): Promise<Claimed | 'wait' | 'unseen'> {
  const keys = keysOf(row, options);
  const shared = keys.flatMap(({ kind, key }) => (kind === 'marker' ? [] : [key])).sort();
  const before = new Map<string, FolderRow | undefined>();
  const claim = { folderId: row.folderId, turn: dependencies.newId() };
  for (const key of shared) {
    const taken = await takeKey(key, { ...claim, lookedAt }, options, dependencies);
    if (typeof taken === 'string') {
      await giveAllBack(shared, claim, before, dependencies);
      return taken;
    }
    if (taken.from !== row.folderId) before.set(key, taken.holder);
  }
  return { row, keys };
}

/** Also what an attempt that died had taken: it is made this turn's first. */
async function giveAllBack(
  keys: readonly string[],
  claim: Claim,
  before: ReadonlyMap<string, FolderRow | undefined>,
  { claimKey, releaseKey }: ClaimDependencies,
): Promise<void> {
  for (const key of keys) {
    await claimKey(key, claim);
    await releaseKey(key, claim.turn, before.get(key)?.folderId);
  }
}

/** The folder that had the key before, if another one had; or why the key cannot be had now. */
async function takeKey(
  key: string,
  { lookedAt, ...claim }: Claim & { lookedAt: number },
  options: ClaimOptions,
  { clock, claimKey, readRows }: ClaimDependencies,
): Promise<{ from: string; holder: FolderRow | undefined } | 'wait' | 'unseen'> {
  const from = await claimKey(key, claim);
  if (from === undefined) return 'wait';
  if (from.folderId === claim.folderId) return { from: from.folderId, holder: undefined };
  const holder = (await readRows([from.folderId])).get(from.folderId);
  if (holder && isMaking(holder, key, options, clock.now())) return 'wait';
  if (holder && mayHaveMade(holder, lookedAt)) return 'unseen';
  const its = holder && companyFor(holder, key, options);
  const now = await claimKey(key, { ...claim, from, its });
  return now?.folderId === claim.folderId ? { from: from.folderId, holder } : 'wait';
}

const keysOf = ({ desired }: FolderRow, { match, stage }: ClaimOptions) =>
  matchKeys(desired?.record ?? {}, match, stage);

/** The company that a folder has, if it answers to the key, as what was sent of it says or what will be. */
function companyFor(holder: FolderRow, key: string, { match, stage }: ClaimOptions): string | undefined {
  const { applied, companyId = holder.secondaryTo?.companyId, desired } = holder;
  if (companyId === undefined || isDeleted(holder)) return undefined;
  const records = [applied?.record, desired?.record];
  const keys = records.flatMap((record) => (record ? matchKeys(record, match, stage) : []));
  return keys.some((its) => its.key === key) ? companyId : undefined;
}

/** Whether the folder may make a company for this key, or may just have made one. */
function isMaking(row: FolderRow, key: string, options: ClaimOptions, now: number): boolean {
  const { companyId, intent, waitUntil = 0 } = row;
  if (companyId !== undefined) return false;
  if (intent?.kind === 'create' && waitUntil > now) return true;
  return isDue(row) && (intent !== undefined || keysOf(row, options).some((its) => its.key === key));
}

/** Whether it came to rest with a creation of unknown outcome that no look has settled, nor one since then. */
const mayHaveMade = ({ companyId, intent, waitUntil = 0 }: FolderRow, lookedAt: number) =>
  companyId === undefined && intent !== undefined && Math.max(intent.at, waitUntil) > lookedAt;
