import { inParallel } from '../framework/in-parallel.ts';
import { compareWitnesses, witnessOf } from '../mapping/witness.ts';
import type { FolderRow } from '../state/folder-row.ts';
import { readHolders } from '../sync/match/company-holders.ts';
import { mayBeSameCustomer } from '../sync/match/same-customer.ts';
import { isDecided, isGone } from '../sync/rows/row-status.ts';
import { isSharer } from '../sync/rows/sharing-transitions.ts';
import type { App } from './app.ts';

type Repaired = Pick<App, 'rows' | 'matchIndex' | 'config' | 'stage'>;

/** A company that two customers have: one folder writes it, another one shares it. */
export type Mixed = {
  companyId: string;
  writer: FolderRow;
  sharer: FolderRow;
  /** What both have, and not the same. */
  differ: string[];
};

/**
 * Companies that hold two customers' data by the rule of today: the names of their folders have nothing in common, and they
 * live elsewhere. Before version 0.2.0 one equal value was enough to share a company. What a person decided is not judged.
 */
export async function findMixed(app: Repaired): Promise<Mixed[]> {
  const found: Mixed[] = [];
  for await (const page of app.rows.pages())
    found.push(...(await inParallel(page, (sharer) => mixedBy(sharer, app), 8)).flat());
  return found;
}

async function mixedBy(sharer: FolderRow, app: Repaired): Promise<Mixed[]> {
  const { secondaryTo, desired } = sharer;
  if (secondaryTo === undefined || desired === undefined || isGone(sharer)) return [];
  const { companyId } = secondaryTo;
  if (!isSharer(sharer, companyId) || isDecided(sharer, companyId)) return [];
  const { holders } = await readHolders(companyId, app);
  const writer = [...holders.values()].find((row) => row.companyId === companyId);
  if (writer?.desired === undefined) return [];
  const matching = { ...app.config, stage: app.stage };
  const [ours, theirs] = [desired.record, writer.desired.record];
  const { is, differ } = compareWitnesses(witnessOf(ours, matching), witnessOf(theirs, matching), []);
  const isMixed = is === 'contradicts' && !mayBeSameCustomer(ours, theirs, matching);
  return isMixed ? [{ companyId, writer, sharer, differ }] : [];
}
