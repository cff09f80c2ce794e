import { inParallel } from '../../framework/in-parallel.ts';
import { companyKey, type Matching, matchKeys } from '../../mapping/match-keys.ts';
import type { CompanyRecord } from '../../moovago/company.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import { mayBeSameCustomer } from '../match/same-customer.ts';
import { isDecided } from '../rows/row-status.ts';
import { isSharer, left } from '../rows/sharing-transitions.ts';

type ReleaseDependencies = {
  clock: { now(): number };
  rows: Pick<FolderRows, 'read' | 'change'>;
  matchIndex: Pick<MatchIndex, 'sharers' | 'forget'>;
};

/**
 * A company has lost a key, for instance an e-mail that was another customer's. The folders that share it only by that key
 * are matched again.
 * @param before what the company held until now
 * @param now what it holds
 */
export async function releaseSharers(
  companyId: string,
  { before, now }: { before: CompanyRecord; now: CompanyRecord },
  options: Matching,
  { clock, rows, matchIndex }: ReleaseDependencies,
): Promise<void> {
  const kept = new Set(matchKeys(now, options).map(({ key }) => key));
  const lost = matchKeys(before, options).filter(({ key }) => !kept.has(key));
  if (lost.length === 0) return;
  // The index would propose the company by it until the next pass.
  await matchIndex.forget(
    lost.map(({ key }) => key),
    companyId,
  );
  const sharers = await rows.read(await matchIndex.sharers(companyKey(companyId)));
  const isWronged = (row: FolderRow | undefined): row is FolderRow =>
    row !== undefined &&
    isSharer(row, companyId) &&
    !isDecided(row, companyId) &&
    !mayBeSameCustomer(row.desired?.record ?? {}, now, options);
  const release = (row: FolderRow | undefined) =>
    isWronged(row) ? left(row, { at: clock.now() }) : undefined;
  const wronged = [...sharers.values()].filter(isWronged);
  await inParallel(wronged, (row) => rows.change(row.folderId, release, row), 8);
}
