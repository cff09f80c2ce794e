import type { Clock } from '../framework/clock.ts';
import { type MatchKey, matchKeys } from '../mapping/match-keys.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { ReadRows } from '../state/folder-rows.ts';
import type { Claim, ClaimKey } from '../state/match-index.ts';
import { isDue } from './row-transitions.ts';

export type ClaimDependencies = {
  clock: Clock;
  newId(): string;
  readRows: ReadRows;
  claimKey: ClaimKey;
  /** Gives back a key that was taken in this turn. */
  releaseKey(key: string, turn: string): Promise<void>;
};

type ClaimOptions = Pick<SyncConfig, 'match'> & { stage: string };

/** A folder that alone has the say about its keys for now. */
export type Claimed = {
  row: FolderRow;
  keys: readonly MatchKey[];
  /** Names this attempt to deliver it. */
  turn: string;
  /** The folders that had one of its keys before. The index of companies may not know yet what they are linked to. */
  before: ReadonlySet<string>;
};

/**
 * Takes the keys that a folder may share with others, so that two new folders of one customer never make a company each:
 * all of them, or none while another folder that answers to one is being delivered. Who waits holds nothing, and all
 * take them in the same order: so no two wait for each other.
 */
export async function claimKeys(
  row: FolderRow,
  options: ClaimOptions,
  dependencies: ClaimDependencies,
): Promise<Claimed | undefined> {
  const turn = dependencies.newId();
  const keys = keysOf(row, options);
  const before = new Set<string>();
  const shared = keys.flatMap(({ kind, key }) => (kind === 'marker' ? [] : [key])).sort();
  for (const key of shared) {
    const holder = await claimKey(key, { folderId: row.folderId, turn }, options, dependencies);
    if (holder === undefined) {
      // Also what an attempt that died had taken: it is made this turn's first.
      for (const its of shared) {
        await dependencies.claimKey(its, { folderId: row.folderId, turn });
        await dependencies.releaseKey(its, turn);
      }
      return undefined;
    }
    if (holder !== row.folderId) before.add(holder);
  }
  return { row, turn, keys, before };
}

/** The folder that had the key before, or the folder itself; nothing when the key cannot be had now. */
async function claimKey(
  key: string,
  claim: Claim,
  options: ClaimOptions,
  { clock, claimKey, readRows }: ClaimDependencies,
): Promise<string | undefined> {
  const from = await claimKey(key, claim);
  if (from === undefined || from === claim.folderId) return from;
  const holder = (await readRows([from])).get(from);
  if (holder && isMaking(holder, key, options, clock.now())) return undefined;
  return (await claimKey(key, { ...claim, from })) === claim.folderId ? from : undefined;
}

const keysOf = ({ desired }: FolderRow, { match, stage }: ClaimOptions) =>
  matchKeys(desired?.record ?? {}, match, stage);

/** Whether the folder may make a company for this key, or may just have made one. */
function isMaking(row: FolderRow, key: string, options: ClaimOptions, now: number): boolean {
  const { companyId, intent, waitUntil = 0 } = row;
  if (companyId !== undefined) return false;
  if (intent?.kind === 'create' && waitUntil > now) return true;
  return isDue(row) && (intent !== undefined || keysOf(row, options).some((its) => its.key === key));
}
