import { inParallel } from '../../framework/in-parallel.ts';
import type { MappedProspect } from '../../mapping/map-prospect.ts';
import { findMarker } from '../../mapping/marker.ts';
import { companyKey, fieldsOfKind, folderMatch, type MatchKey, matchKeys } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { compareWitnesses, type Witness, witnessOf } from '../../mapping/witness.ts';
import type { CompaniesById, Company, CompanyRecord } from '../../moovago/company.ts';
import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { Bearer, MatchIndex } from '../../state/match-index.ts';
import type { ProspectLink } from '../../state/prospect-links.ts';
import type { SeenFolders } from '../../state/seen-folders.ts';
import { readHolders } from '../match/company-holders.ts';
import { holdsWhatWasSent } from '../match/look-up-creations.ts';
import { isGone } from '../rows/row-status.ts';
import { mayBeThere } from './prospect-transitions.ts';

export type FindDependencies = {
  rows: Pick<FolderRows, 'linkedTo' | 'read'>;
  matchIndex: Pick<MatchIndex, 'find' | 'owners'>;
};

export type FindOptions = Pick<SyncConfig, 'match' | 'matchIgnore' | 'company'> & { stage: string };

/** Who has a key, by what a second field can tell about each. */
export type Owners = Map<string, Witness[]>;

/** Keys that are already in use. */
export type TakenKeys = {
  /** By folders whose delivery waits, and that have not claimed them yet. */
  byFolders: Owners;
  /** By companies that become prospects in this pass. */
  byCompanies: Owners;
};

/** The owner of a company: a folder, the connector (it made it, or is about to link it), or a rep. */
export type Whose = { folderId: string } | 'connector' | 'rep';

/** The owner of a company by everything that the table knows, read at this moment. */
export async function whoseIs(companyId: string, dependencies: FindDependencies): Promise<Whose> {
  const { holders, lease } = await readHolders(companyId, dependencies);
  const owner = [...holders.values()].find((row) => row.companyId === companyId);
  if (owner !== undefined) return { folderId: owner.folderId };
  const claimant = holders.get(lease.folderId ?? '');
  const isAboutToLink = claimant !== undefined && claimant.companyId === undefined;
  return lease.madeAt !== undefined || isAboutToLink ? 'connector' : 'rep';
}

/** Whether it bears a marker, of any stage. No rep wrote that, even if the table does not know its folder. */
export const isMarked = ({ note }: Company): boolean => findMarker(note ?? '') !== undefined;

/** The companies that are not known yet, except those with a marker. */
export const unknownCompanies = (
  companies: Iterable<Company>,
  known: SeenFolders,
  links: ReadonlyMap<string, ProspectLink>,
): Company[] =>
  Iterator.from(companies)
    .filter((company) => !links.has(company.id) && !known.has(company.id) && !isMarked(company))
    .toArray();

/**
 * Sorts companies that were not known: those that a rep made, and those that are the connector's for good. The latter
 * need no second check. Without markers, they are all companies that the connector makes, so a few batched reads find
 * them.
 */
export async function sortUnknown(
  companies: readonly Company[],
  dependencies: FindDependencies,
): Promise<{ reps: Company[]; ours: string[] }> {
  const owners = await dependencies.matchIndex.owners(companies.map(({ id }) => companyKey(id)));
  const claimed = [...owners.values()].flatMap(({ folderId }) => folderId ?? []);
  const rows = await dependencies.rows.read(claimed);
  const isOurs = ({ id }: Company) => rows.get(owners.get(companyKey(id))?.folderId ?? '')?.companyId === id;
  const others = companies.filter((company) => !isOurs(company));
  const whose = await inParallel(others, ({ id }) => whoseIs(id, dependencies), 16);
  return {
    reps: others.filter((_, index) => whose[index] === 'rep'),
    ours: [...companies.filter(isOurs), ...others.filter((_, index) => typeof whose[index] === 'object')].map(
      ({ id }) => id,
    ),
  };
}

/** What the table knows about the keys of new companies. */
export type Around = {
  /** The keys that a folder took and still has. */
  claimed: Owners;
  /** What was sent for folders that are gone, if it is unknown whether their company was made. */
  unknownOutcomes: readonly EntityRecord[];
  /** Key → the companies that have it. */
  found: ReadonlyMap<string, readonly Bearer[]>;
  /** The owner of each of these companies. */
  whose: ReadonlyMap<string, Whose>;
};

/**
 * Read for all companies at once: some wait for ever, and every run checks them again.
 * @param all Moovago's companies, by id
 */
export async function lookAround(
  companies: readonly Company[],
  all: Pick<CompaniesById, 'has'>,
  options: FindOptions,
  dependencies: FindDependencies,
): Promise<Around> {
  const keys = companies.flatMap((company) => keysOf(company, options).map(({ key }) => key));
  const found = await dependencies.matchIndex.find(keys);
  const owners = await dependencies.matchIndex.owners(keys);
  const rows = await dependencies.rows.read([...owners.values()].flatMap(({ folderId }) => folderId ?? []));
  const claimed: Owners = new Map();
  for (const key of keys) {
    const row = rows.get(owners.get(key)?.folderId ?? '');
    if (row !== undefined && !isGoneForGood(row, all)) addOwner(claimed, row, options, key);
  }
  const ids = [...new Set([...found.values()].flatMap(idsOf))];
  const whose = await inParallel(ids, async (id) => [id, await whoseIs(id, dependencies)] as const, 16);
  const unknownOutcomes = [...rows.values()].flatMap(
    (row) => (isGoneForGood(row, all) && row.intent?.fields) || [],
  );
  return { claimed, unknownOutcomes, found, whose: new Map(whose) };
}

/** Gone from Clavus, and without a company that is still in Moovago: no longer a customer. */
export const isGoneForGood = (row: FolderRow, all: Pick<CompaniesById, 'has'>): boolean =>
  isGone(row) && !all.has(row.companyId ?? '');

/**
 * Why a company of a rep must not become a prospect, or not yet; `undefined` if it may. If its customer already has a
 * folder, a prospect would only make work in Clavus. If no folder could recognise the company, it would exist twice
 * once it gets one.
 */
export function reasonToWait(
  company: Company,
  mapped: MappedProspect,
  links: ReadonlyMap<string, ProspectLink>,
  taken: TakenKeys,
  { claimed, unknownOutcomes, found, whose }: Around,
  options: FindOptions,
): string | undefined {
  if (company.unread !== undefined) return `cannot be read in full: ${company.unread.join(', ')}`;
  if ('problem' in mapped) return mapped.problem;
  if (mapped.record.lastName === undefined) return 'has no name';
  if (isMarked(company)) return "bears a folder's marker";
  const keys = keysOf(company, options);
  if (keys.length === 0)
    return 'has nothing by which its folder could be told later: no e-mail, no telephone';
  const witness = witnessOf(company, options);
  const mayBe = ({ kind }: MatchKey, others: readonly Witness[]) =>
    others.some((other) => compareWitnesses(witness, other, fieldsOfKind(kind)).is !== 'contradicts');
  const isIn = (owners: Owners) => keys.some((key) => mayBe(key, owners.get(key.key) ?? []));
  if (isIn(taken.byCompanies)) return 'is the same customer as another new company';
  if (isIn(taken.byFolders) || isIn(claimed)) return "is a folder's customer";
  if (unknownOutcomes.some((sent) => holdsWhatWasSent(company, sent, 'all')))
    return 'may have been made for a folder that is gone';
  const proposed = keys.flatMap((key) =>
    (found.get(key.key) ?? []).filter((bearer) => mayBe(key, [bearer.witness])),
  );
  for (const id of new Set(idsOf(proposed))) {
    const link = links.get(id);
    if (id !== company.id && link !== undefined && mayBeThere(link))
      return `is the same customer as company ${id}`;
    if (whose.get(id) !== 'rep') return `is the customer of a folder's company, ${id}`;
  }
  return undefined;
}

const idsOf = (bearers: readonly Bearer[]) =>
  bearers.flatMap(({ companyId }) => (companyId === '' ? [] : [companyId]));

/** The keys by which its folder will recognise a company. */
const keysOf = (company: CompanyRecord, options: FindOptions): MatchKey[] =>
  matchKeys(company, { ...options, match: folderMatch(options) });

/** Notes who has the keys of a company, or one of them. */
export function addOwned(owners: Owners, record: CompanyRecord, options: FindOptions, only?: string): void {
  const witness = witnessOf(record, options);
  for (const { key } of keysOf(record, options))
    if (only === undefined || key === only) owners.set(key, [...(owners.get(key) ?? []), witness]);
}

/** The same for a folder: by its desired record, and by a creation of unknown outcome. */
export function addOwner(
  owners: Owners,
  { desired, intent }: FolderRow,
  options: FindOptions,
  only?: string,
): void {
  for (const record of [desired?.record, intent?.fields]) if (record) addOwned(owners, record, options, only);
}
