import { Rejected, TryLater } from '../../lib/framework/errors.ts';
import { matchKeys } from '../../lib/mapping/match-keys.ts';
import { witnessOf } from '../../lib/mapping/witness.ts';
import type { Company } from '../../lib/moovago/company.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { changed, delivered } from '../../lib/sync/rows/row-transitions.ts';
import { prospecting } from './prospecting.ts';

export const lemoine: Company = {
  id: 'c1',
  name: 'Boulangerie Lemoine',
  address: '4 rue Haute',
  postalCode: '06200',
  phone: '0612345601',
  note: 'Toit plat',
};
export const petit: Company = { id: 'c2', name: 'Garage Petit', email: 'petit@example.fr' };

/** Prospects are on, and these companies came after it. */
export async function withNew(companies: Company[], settings: Parameters<typeof prospecting>[0] = {}) {
  const world = prospecting(settings);
  await world.turn();
  world.companies = companies;
  return world;
}

export const keyOf = (company: Company) =>
  matchKeys(company, { match: ['email', 'phone'], matchIgnore: [], stage: 'test' })[0]?.key ?? '';
export const witnessFor = (company: Company) =>
  witnessOf(company, { match: ['email', 'phone'], matchIgnore: [], stage: 'test' });
export const fail = (error: Error) => async () => {
  throw error;
};
export const unanswered = fail(new TryLater('no answer', { system: 'Clavus', applied: 'unknown' }));
export const refusing = (reason: string) => fail(new Rejected('refused', { system: 'Clavus', reason }));

export function rowOf(folderId: string, record: Company, companyId?: string): FolderRow {
  const due = changed(undefined, { rowId: folderId, record, at: 1, lane: 'live' });
  if (due === undefined) throw new Error('nothing wanted');
  return companyId === undefined ? due : delivered(due, { recordId: companyId, version: 1, record, at: 1 });
}
