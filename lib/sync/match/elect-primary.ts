import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { companyKey, type Matching } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead, type FolderRows } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import { isDecided, isDue, isIgnored, isUnderWay } from '../rows/row-status.ts';
import { parted, secondary } from '../rows/sharing-transitions.ts';
import { mayBeSameCustomer } from './same-customer.ts';

export type ElectionDependencies = {
  clock: Clock;
  telemetry: Pick<Telemetry, 'log' | 'count'>;
  newId(): string;
  rows: Pick<FolderRows, 'read' | 'change'>;
  matchIndex: Pick<MatchIndex, 'claim' | 'share'>;
};

type ElectionOptions = Pick<SyncConfig, 'primary'> & Matching;

/**
 * Elects the primary: of several folders that share a company, the one that may write it. Another folder takes over if
 * the primary has left the company, or yields to it; never while the primary is being delivered.
 * Runs before a folder is linked to the company, and again when it is linked, before its first write. A linked folder
 * that has claimed the company since then cannot be overtaken unnoticed. The folder that takes over has read that row,
 * and its claim fails if there was another claim since.
 * @returns `theirs` if the folder is secondary from now on; `later` if that cannot be decided yet; `another` if the
 * company is another customer's. Its folder keeps it, and a linked one parts from it
 */
export async function electPrimary(
  row: FolderRow,
  companyId: string,
  options: ElectionOptions,
  dependencies: ElectionDependencies,
): Promise<'ours' | 'theirs' | 'later' | 'another'> {
  const { clock, newId, rows, matchIndex } = dependencies;
  const { folderId } = row;
  const key = companyKey(companyId);
  const claim = { folderId, token: newId() };
  const from = await matchIndex.claim(key, claim);
  if (from?.folderId === folderId) return 'ours';
  if (from === undefined) return 'later';
  const owner = (await rows.read([from.folderId])).get(from.folderId);
  if (owner?.companyId === companyId) {
    // Of a customer who is gone from Clavus, only the ids are known: nothing contradicts.
    const isKnown = owner.desired !== undefined && !isDecided(row, companyId);
    if (isKnown && !mayBeSameCustomer(recordOf(row), recordOf(owner), options)) {
      const part = asRead(row, (current) => parted(current, { at: clock.now() }));
      if (row.companyId === companyId) await rows.change(folderId, part, row);
      return 'another';
    }
    const won = await decidePrimary(owner, row, companyId, options, dependencies);
    if (won !== 'ours' || row.companyId !== companyId) return won;
  }
  const now = await matchIndex.claim(key, { ...claim, from });
  return now?.folderId === folderId ? 'ours' : 'later';
}

const recordOf = ({ desired }: FolderRow) => desired?.record ?? {};

/** Makes one of two folders that are linked to a company secondary to the other. */
async function decidePrimary(
  owner: FolderRow,
  row: FolderRow,
  companyId: string,
  options: ElectionOptions,
  { clock, telemetry, rows, matchIndex }: ElectionDependencies,
): Promise<'ours' | 'theirs' | 'later'> {
  // The connector does not wait for a folder that Moovago refused, once no late request of it can change anything.
  if (isDue(owner) || isUnderWay(owner, { at: clock.now() })) return 'later';
  const [loser, winner] = yields(owner, row, options) ? [owner, row] : [row, owner];
  // Only once the winner is linked: if it turned to another company meanwhile, no folder would write this one.
  if (winner === row && row.companyId !== companyId) return 'ours';
  telemetry.log.info('folder-secondary', { folderId: loser.folderId, primary: winner.folderId, companyId });
  const to = { companyId, folderId: winner.folderId };
  // First: if the winner is gone one day, the connector must know which folders are left.
  if (loser.status !== 'removed') await matchIndex.share(companyKey(companyId), loser.folderId);
  const lost = await rows.change(
    loser.folderId,
    asRead(loser, (current) => secondary({ ...current, match: loser.match }, to)),
    loser,
  );
  if (lost !== undefined) telemetry.count('CompaniesShared');
  if (loser === row) return 'theirs';
  return lost === undefined ? 'later' : 'ours';
}

/** A folder that is gone from Clavus, or left out, yields its company to any other folder of the same customer. */
export const yields = (owner: FolderRow, row: FolderRow, { primary }: Pick<SyncConfig, 'primary'>) =>
  owner.status === 'removed' ||
  isIgnored(owner) ||
  (primary === 'newest' && (row.desired?.at ?? 0) > (owner.desired?.at ?? 0));

/** The rows that may be delivered. A folder that never wrote its company must first be elected as its primary. */
export async function electPrimaries(
  rows: readonly FolderRow[],
  options: ElectionOptions,
  dependencies: ElectionDependencies,
): Promise<{ ready: FolderRow[]; wait: FolderRow[] }> {
  const ready: FolderRow[] = [];
  const wait: FolderRow[] = [];
  await inParallel(
    rows,
    async (row) => {
      const { companyId } = row;
      const isNew = companyId !== undefined && (row.applied?.version ?? 0) === 0;
      const won = isNew ? await electPrimary(row, companyId, options, dependencies) : 'ours';
      if (won === 'ours') ready.push(row);
      if (won === 'later') wait.push(row);
    },
    16,
  );
  return { ready, wait };
}
