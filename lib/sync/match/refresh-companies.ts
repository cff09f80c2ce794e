import { TryLater } from '../../framework/errors.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import { companyKey, matchKeys } from '../../mapping/match-keys.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { unknownWitness, witnessOf } from '../../mapping/witness.ts';
import type { Company, CompanyList } from '../../moovago/company.ts';
import { type CompaniesPass, type DirectoryStore, matchingOf } from '../../state/directory.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import { bearerOf, bearersMax, bearerText, type MatchIndex } from '../../state/match-index.ts';
import { SeenFolders } from '../../state/seen-folders.ts';
import { type AdoptOrphansDependencies, adoptOrphans } from './adopt-orphans.ts';

/** So many companies may be missing since the last pass, or this share of them, whichever is more. */
const missingMin = 5;
const missingShare = 0.3;
/**
 * Where GraphQL servers end a list without a limit of its own. A list of exactly so many companies that never showed
 * more may end there. A company behind it would be made twice.
 */
export const listLimits: readonly number[] = [100, 200, 250, 500, 1_000];
/** If more are missing, that is believed once it has lasted so long, in milliseconds. */
const believedAfterMs = 60 * 60_000;
/** How many keys are in memory before they are written. */
const keysAtOnce = 1_000;
/** How many of the companies that cannot be read are named. */
const oddIdsMax = 20;

/** Key → its bearers, as the items keep them. */
type Bearers = ReadonlyMap<string, readonly string[]>;

export type CompaniesRead = {
  companies: CompanyList;
  readBack: CompaniesPass['readBack'];
  /** A company that the list does not show is not there. Not so if the list may be cut, or could not be read in full. */
  isWhole: boolean;
  /** It shows the id of every company, even of those that could not be read in full. */
  hasAllIds: boolean;
};

/** What Moovago answers, not judged yet. */
export type CompaniesAnswer = Pick<CompaniesRead, 'companies' | 'readBack'>;

export type RefreshCompaniesDependencies = AdoptOrphansDependencies & {
  config: Pick<SyncConfig, 'match' | 'matchIgnore' | 'settleAfter'>;
  /** All companies of the team, in one clean answer. */
  readCompanies(): Promise<CompaniesAnswer>;
  /** Further match keys of companies, by company id. */
  alsoKnownAs(): Promise<ReadonlyMap<string, readonly string[]>>;
  rows: Pick<FolderRows, 'countLinked'>;
  matchIndex: Pick<MatchIndex, 'entries' | 'madeAt' | 'owners' | 'update'>;
  directory: Pick<DirectoryStore, 'readPass' | 'savePass'>;
};

/** One pass over Moovago's companies: updates the index of match keys, and writes only what differs. */
export async function refreshCompanies(dependencies: RefreshCompaniesDependencies): Promise<CompaniesRead> {
  const { clock, telemetry, config, matchIndex, directory } = dependencies;
  // The index first: a company that is made meanwhile is then not mistaken for one that is gone.
  const before = await readIndex(matchIndex);
  const begunAt = clock.now();
  const read = await dependencies.readCompanies();
  const listedAt = clock.now();
  const { companies, readBack } = read;
  const earlier = await believe(companies.length + (companies.unreadable ?? 0), dependencies);
  const length = await lengthOf(companies, before.companyIds, earlier, dependencies);
  const now = await addKeys(companies, before, dependencies);
  const isPartial = companies.unreadable !== undefined || now.odd > 0;
  const isWhole = !length.mayBeCut && !isPartial;
  if (now.kept < before.pairs.size) await removeGone(before, now, isWhole, dependencies);
  await adoptOrphans(companies, dependencies);
  const at = clock.now();
  const pass = { at, begunAt, listedAt, ...length, readBack };
  await directory.savePass({ ...pass, matching: matchingOf(config) });
  if (length.mayBeCut) telemetry.log.error('companies-cut', { companies: length.companies });
  if (isPartial)
    telemetry.log.error('companies-unreadable', {
      companies: companies.unreadable ?? 0,
      companyIds: now.oddIds,
      neverRead: readBack === 'all' ? neverRead(companies, before, now) : 0,
    });
  telemetry.log.info('companies-read', { companies: companies.length, readBack });
  return { ...read, isWhole, hasAllIds: !length.mayBeCut && companies.unreadable === undefined };
}

/**
 * How many companies could never be read in full: their customers cannot be recognised. An entry without an id is taken for
 * one that was read before, and is not shown now.
 */
function neverRead(companies: CompanyList, before: Indexed, { shownBefore, unknown }: Shown): number {
  const hidden = Math.max(0, (companies.unreadable ?? 0) - (before.companyIds.size - shownBefore));
  return unknown + hidden;
}

/** What the index says: each pair of a key and a bearer, as 8 bytes. 400,000 pairs take 5 MB. */
type Indexed = {
  pairs: SeenFolders;
  /** Those that were read in full. */
  companyIds: SeenFolders;
  /** The keys that take no more bearers. */
  full: Set<string>;
};

const pairOf = (key: string, bearer: string) => `${key} ${bearer}`;

async function readIndex({ entries }: Pick<MatchIndex, 'entries'>): Promise<Indexed> {
  const found: Indexed = { pairs: new SeenFolders(), companyIds: new SeenFolders(), full: new Set() };
  for await (const [key, bearers] of entries()) {
    if (bearers.length >= bearersMax) found.full.add(key);
    for (const bearer of bearers) {
      found.pairs.add(pairOf(key, bearer));
      const { companyId, witness } = bearerOf(bearer);
      if (witness !== unknownWitness) found.companyIds.add(companyId);
    }
  }
  return found;
}

/** What the list shows. */
type Shown = Pick<Indexed, 'pairs' | 'companyIds'> & {
  /** Pairs that the index had before. */
  kept: number;
  /** Companies that cannot be read in full, and the ids of some. */
  odd: number;
  oddIds: string[];
  /** Companies that were read in full before; and those that never were. */
  shownBefore: number;
  unknown: number;
};

/** Adds the keys of the companies that the index does not have, a few at a time. */
async function addKeys(
  companies: CompanyList,
  before: Indexed,
  { config, stage, matchIndex, alsoKnownAs }: RefreshCompaniesDependencies,
): Promise<Shown> {
  const aliases = await alsoKnownAs();
  const matching = { ...config, stage };
  const counts = { kept: 0, odd: 0, shownBefore: 0, unknown: 0 };
  const found: Shown = { pairs: new SeenFolders(), companyIds: new SeenFolders(), oddIds: [], ...counts };
  let added = new Map<string, string[]>();
  const add = (key: string, bearer: string) => {
    const pair = pairOf(key, bearer);
    if (!found.pairs.add(pair)) return;
    if (before.pairs.has(pair)) found.kept++;
    else if (!before.full.has(key)) append(added, key, bearer);
  };
  for (const company of companies) {
    const { id, unread } = company;
    count(company, before, found);
    const witness = unread === undefined ? witnessOf(company, matching) : unknownWitness;
    const bearer = bearerText({ companyId: id, witness });
    for (const { key } of matchKeys(company, matching)) add(key, bearer);
    for (const key of aliases.get(id) ?? []) add(key, bearer);
    if (added.size < keysAtOnce) continue;
    await matchIndex.update(added, new Map());
    added = new Map();
  }
  await matchIndex.update(added, new Map());
  return found;
}

function count({ id, unread }: Company, before: Indexed, found: Shown): void {
  if (unread === undefined) found.companyIds.add(id);
  else if (++found.odd <= oddIdsMax) found.oddIds.push(id);
  if (before.companyIds.has(id)) found.shownBefore++;
  else if (unread !== undefined) found.unknown++;
}

/**
 * Removes the pairs that were in the index before and that the list does not show, a few at a time. If the list is not
 * whole, only those of companies that it shows: they have other values now.
 */
async function removeGone(
  before: Pick<Indexed, 'pairs'>,
  now: Pick<Shown, 'pairs' | 'companyIds'>,
  isWhole: boolean,
  dependencies: RefreshCompaniesDependencies,
): Promise<void> {
  const { matchIndex } = dependencies;
  let gone = new Map<string, string[]>();
  const remove = async () => matchIndex.update(new Map(), await withoutNew(gone, dependencies));
  for await (const [key, bearers] of matchIndex.entries()) {
    for (const bearer of bearers) {
      const pair = pairOf(key, bearer);
      const isGone = before.pairs.has(pair) && !now.pairs.has(pair);
      if (isGone && (isWhole || now.companyIds.has(bearerOf(bearer).companyId))) append(gone, key, bearer);
    }
    if (gone.size < keysAtOnce) continue;
    await remove();
    gone = new Map();
  }
  await remove();
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/**
 * How long the list is, and whether it may end before its end. A list of a suspicious length is believed if it shows a
 * company that the connector made since the pass before, or has done so. Not if more folders have a company than it shows.
 */
async function lengthOf(
  companies: CompanyList,
  known: SeenFolders,
  earlier: CompaniesPass | undefined,
  { matchIndex, rows }: RefreshCompaniesDependencies,
): Promise<Pick<CompaniesPass, 'companies' | 'most' | 'mayBeCut' | 'proven'>> {
  const shown = companies.length + (companies.unreadable ?? 0);
  const most = Math.max(shown, earlier?.most ?? earlier?.companies ?? 0);
  const length = { companies: shown, most };
  if (!listLimits.includes(shown) || most > shown) return { ...length, mayBeCut: false };
  const isShowing = earlier?.proven === shown || (await showsNew(companies, known, earlier, matchIndex));
  const proven = isShowing && (await rows.countLinked()) <= shown;
  return { ...length, mayBeCut: !proven, ...(proven ? { proven: shown } : {}) };
}

/** Whether the list shows a company that the connector made since the list before. */
async function showsNew(
  companies: CompanyList,
  known: SeenFolders,
  earlier: CompaniesPass | undefined,
  { owners }: Pick<MatchIndex, 'owners'>,
): Promise<boolean> {
  const ids = [...companies].map(({ id }) => id);
  const made = await owners(ids.map(companyKey));
  return ids.some((id) => {
    const { madeAt } = made.get(companyKey(id)) ?? {};
    return madeAt !== undefined && (!known.has(id) || madeAt > (earlier?.listedAt ?? madeAt));
  });
}

/** Leaves out companies that were made so recently that the list may not show them yet. */
async function withoutNew(
  unlisted: Bearers,
  { clock, config, matchIndex }: RefreshCompaniesDependencies,
): Promise<Bearers> {
  const since = clock.now() - config.settleAfter;
  const isNew = async (companyId: string) => ((await matchIndex.madeAt(companyKey(companyId))) ?? 0) > since;
  const idOf = (text: string) => bearerOf(text).companyId;
  const ids = [...new Set([...unlisted.values()].flat().map(idOf))];
  const found = await inParallel(ids, async (id) => ((await isNew(id)) ? [id] : []), 8);
  const fresh = new Set(found.flat());
  return new Map(
    [...unlisted]
      .map(([key, all]) => [key, all.filter((text) => !fresh.has(idOf(text)))] as const)
      .filter(([, left]) => left.length > 0),
  );
}

/**
 * A cut answer, or one of another team, would make the connector create existing companies again. So a large drop in
 * their number is believed only if it lasts.
 * @returns the pass before, if there was one
 * @throws TryLater if it is not believed
 */
async function believe(
  companies: number,
  { clock, telemetry, directory }: RefreshCompaniesDependencies,
): Promise<CompaniesPass | undefined> {
  const before = await directory.readPass();
  const missing = (before?.companies ?? 0) - companies;
  if (before === undefined || missing <= Math.max(missingMin, before.companies * missingShare)) return before;
  const isKnown = before.doubted?.companies === companies;
  const since = isKnown ? before.doubted?.since : undefined;
  if (since !== undefined && clock.now() - since >= believedAfterMs) return before;
  if (!isKnown) await directory.savePass({ ...before, doubted: { companies, since: clock.now() } });
  telemetry.log.error('companies-vanished', { before: before.companies, now: companies });
  throw new TryLater('Moovago shows far fewer companies than before', { system: 'Moovago', applied: 'no' });
}
