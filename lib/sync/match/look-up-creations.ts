import { attempt } from '../../framework/attempt.ts';
import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import { changedFields } from '../../mapping/changed-fields.ts';
import { findMarker } from '../../mapping/marker.ts';
import { companyKey } from '../../mapping/match-keys.ts';
import type { Company } from '../../moovago/company.ts';
import type { EntityRecord } from '../../moovago/entities/record.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { MatchIndex } from '../../state/match-index.ts';
import { isDue, isNotOf } from '../rows/row-status.ts';
import { adopted, ambiguous, confirmedAbsent } from '../rows/row-transitions.ts';
import type { CompaniesRead } from './refresh-companies.ts';

export type LookUpDependencies = {
  clock: Clock;
  telemetry: Telemetry;
  /** A pass over all companies, begun after this call. */
  readCompanies(): Promise<CompaniesRead>;
  rows: Pick<FolderRows, 'linkedTo' | 'change'>;
  matchIndex: Pick<MatchIndex, 'claim'>;
};

/**
 * Resolves creations of unknown outcome, all of them by one pass over Moovago's companies. If one company is found, it
 * is adopted. If none is found, the creation had no effect: after the settle time, no late request can change that.
 * @param rows whose intent to create is older than the settle time
 * @returns the rows that may be delivered now; none if the pass failed
 */
export async function lookUpCreations(
  rows: readonly FolderRow[],
  { stage }: { stage: string },
  dependencies: LookUpDependencies,
): Promise<FolderRow[]> {
  const pass = await attempt(dependencies.readCompanies());
  if (!pass.ok) {
    dependencies.telemetry.log.warn('look-up-failed', {
      records: rows.length,
      error: pass.error instanceof Error ? pass.error.name : '',
    });
    return [];
  }
  const { isWhole } = pass.value;
  const { marked, alike } = findCompanies(rows, stage, pass.value);
  const resolved = await inParallel(
    rows,
    async (row) => {
      const takenOf = async (ids: readonly string[] = []) =>
        taken(await freeOf(ids, row, dependencies), row, dependencies);
      const ours = await takenOf(marked.get(row.folderId));
      const others = ours.length > 0 ? [] : await takenOf(alike.get(row.folderId));
      // A list that may be cut does not prove that there is none.
      if (!isWhole && ours.length + others.length === 0) return undefined;
      return resolveUnknown(row, { ours, alike: others }, dependencies);
    },
    8,
  );
  return resolved.flatMap((row) => (row && isDue(row) ? [row] : []));
}

function resolveUnknown(
  row: FolderRow,
  { ours, alike }: { ours: readonly string[]; alike: readonly string[] },
  { clock, telemetry: { count, log }, rows }: LookUpDependencies,
): Promise<FolderRow | undefined> {
  const { folderId, intent } = row;
  const at = clock.now();
  const found = [...ours, ...alike];
  const [oldest] = found;
  log.info('creation-looked-up', { folderId, found: found.length });
  if (oldest !== undefined) count(found.length === 1 ? 'CompaniesAdopted' : 'MatchesAmbiguous');
  return rows.change(
    folderId,
    (current) => {
      if (current?.intent === undefined || current.intent.id !== intent?.id) return undefined;
      if (oldest === undefined) return confirmedAbsent(current, { at });
      // If Clavus made the folder unmappable meanwhile, that reason stays: another lookup comes before it is sent.
      if (found.length > 1 && current.status === 'refused') return undefined;
      if (found.length > 1) return ambiguous(current, { candidates: found, companyId: ours[0], at });
      return adopted(current, { recordId: oldest, at });
    },
    row,
  );
}

type Found = ReadonlyMap<string, readonly string[]>;

/**
 * The companies that bear the markers of these folders, in one pass over all. If no marker can be read back: those that
 * hold exactly what the creation sent. With the documented fields only, the name and the owners are compared.
 */
function findCompanies(
  rows: readonly FolderRow[],
  stage: string,
  { companies, readBack }: CompaniesRead,
): { marked: Found; alike: Found } {
  const marked = new Map(rows.map(({ folderId }): [string, string[]] => [folderId, []]));
  const alike = new Map(marked.keys().map((folderId): [string, string[]] => [folderId, []]));
  const unmarked = rows.filter(
    ({ desired }) => readBack !== 'all' || findMarker(desired?.record.note ?? '') === undefined,
  );
  for (const company of companies) {
    const marker = findMarker(company.note ?? '');
    if (marker?.stage === stage) marked.get(marker.folderId)?.push(company.id);
    for (const { folderId, intent } of unmarked)
      if (holdsWhatWasSent(company, intent?.fields ?? {}, readBack)) alike.get(folderId)?.push(company.id);
  }
  return { marked, alike };
}

/** Whether a company holds exactly what a creation sent, as far as Moovago shows it: it does not show mandators. */
export function holdsWhatWasSent(
  company: Company,
  { name, ownerIds, mandatorIds: _, ...texts }: EntityRecord,
  readBack: CompaniesRead['readBack'],
): boolean {
  const known = { name, ...(ownerIds ? { ownerIds } : {}) };
  const compared = readBack === 'all' ? { ...texts, ...known } : known;
  return Object.keys(changedFields(company, compared)).length === 0;
}

/**
 * The only company that was found, unless another folder took it at this very moment. Two folders may look for the same
 * name, or one of the same customer may find it by its key. The index of links lags.
 */
async function taken(
  free: readonly string[],
  { folderId, intent }: FolderRow,
  { matchIndex }: LookUpDependencies,
): Promise<readonly string[]> {
  const [only, ...others] = free;
  if (only === undefined || others.length > 0) return free;
  const owner = await matchIndex.claim(companyKey(only), { folderId, token: intent?.id ?? '' });
  return owner?.folderId === folderId ? free : [];
}

/** The companies that no other folder has meanwhile, and of which no person decided that they are not this folder's. */
async function freeOf(
  companyIds: readonly string[],
  row: FolderRow,
  { rows }: LookUpDependencies,
): Promise<string[]> {
  const isFree = async (id: string) =>
    !isNotOf(row, id) && (await rows.linkedTo(id)).every((other) => other === row.folderId);
  return (await inParallel(companyIds, async (id) => ((await isFree(id)) ? [id] : []), 8)).flat();
}
