import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Log } from '../../framework/telemetry.ts';
import { companyKey } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import { asRead, type ChangeRow, type ReadRows } from '../../state/folder-rows.ts';
import type { ClaimKey } from '../../state/match-index.ts';
import { isDue, secondary } from '../rows/row-transitions.ts';

export type ContestDependencies = {
  clock: Clock;
  log: Log;
  newId(): string;
  readRows: ReadRows;
  changeRow: ChangeRow;
  claimKey: ClaimKey;
  /** Keeps in mind that a company is this folder's too. */
  shareKey(key: string, folderId: string): Promise<void>;
};

type ContestOptions = Pick<SyncConfig, 'primary'>;

/**
 * Which of the folders that are one company writes it: the one that has the say about it. Another one takes it over when
 * that one has left the company, or gives way to it; never while it is being delivered.
 *
 * Asked before a folder is linked to the company, and once more when it is, before its first write. Whoever is linked and
 * has claimed since cannot be overtaken unseen: who takes the company over has read that row, and taking it fails once
 * there has been another claim.
 * @returns `theirs` when the folder is secondary from now on; `later` when that cannot be told yet
 */
export async function contestCompany(
  row: FolderRow,
  companyId: string,
  options: ContestOptions,
  dependencies: ContestDependencies,
): Promise<'ours' | 'theirs' | 'later'> {
  const { newId, readRows, claimKey } = dependencies;
  const { folderId } = row;
  const key = companyKey(companyId);
  const claim = { folderId, turn: newId() };
  const from = await claimKey(key, claim);
  if (from?.folderId === folderId) return 'ours';
  if (from === undefined) return 'later';
  const holder = (await readRows([from.folderId])).get(from.folderId);
  if (holder?.companyId === companyId) {
    const won = await settleWith(holder, row, companyId, options, dependencies);
    if (won !== 'ours' || row.companyId !== companyId) return won;
  }
  const now = await claimKey(key, { ...claim, from });
  return now?.folderId === folderId ? 'ours' : 'later';
}

/** Makes one of two folders that are linked to a company secondary to the other. */
async function settleWith(
  holder: FolderRow,
  row: FolderRow,
  companyId: string,
  options: ContestOptions,
  { clock, log, changeRow, shareKey }: ContestDependencies,
): Promise<'ours' | 'theirs' | 'later'> {
  // One that Moovago refused is not waited for, once no late request of it can change anything.
  if (isDue(holder) || (holder.intent && (holder.waitUntil ?? 0) > clock.now())) return 'later';
  const [loser, winner] = givesWay(holder, row, options) ? [holder, row] : [row, holder];
  // Not before it is linked: should it turn to another company meanwhile, nobody would write this one.
  if (winner === row && row.companyId !== companyId) return 'ours';
  log.info('folder-secondary', { folderId: loser.folderId, primary: winner.folderId, companyId });
  const to = { companyId, folderId: winner.folderId };
  // First: when the winner is gone one day, somebody has to know who is left.
  if (loser.status !== 'removed') await shareKey(companyKey(companyId), loser.folderId);
  const lost = await changeRow(
    loser.folderId,
    asRead(loser, (current) => secondary(current, to)),
    loser,
  );
  if (loser === row) return 'theirs';
  return lost === undefined ? 'later' : 'ours';
}

/** A folder that is gone from Clavus leaves its company to any other that is the same customer's. */
export const givesWay = (holder: FolderRow, row: FolderRow, { primary }: ContestOptions) =>
  holder.status === 'removed' || (primary === 'newest' && (row.desired?.at ?? 0) > (holder.desired?.at ?? 0));

/**
 * The rows that may be delivered: those of folders that never wrote their company have to have the say about it first.
 */
export async function contestCompanies(
  rows: readonly FolderRow[],
  options: ContestOptions,
  dependencies: ContestDependencies,
): Promise<{ ready: FolderRow[]; wait: FolderRow[] }> {
  const ready: FolderRow[] = [];
  const wait: FolderRow[] = [];
  await inParallel(
    rows,
    async (row) => {
      const { companyId } = row;
      const isNew = companyId !== undefined && (row.applied?.version ?? 0) === 0;
      const won = isNew ? await contestCompany(row, companyId, options, dependencies) : 'ours';
      if (won === 'ours') ready.push(row);
      if (won === 'later') wait.push(row);
    },
    16,
  );
  return { ready, wait };
}
