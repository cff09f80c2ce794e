import type { MatchKey } from '../../lib/mapping/match-keys.ts';
import {
  type Company,
  type CompanyField,
  type CompanyRecord,
  textFields,
} from '../../lib/moovago/company.ts';
import type { Lane } from '../../lib/moovago/slot.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import type { FieldChange, PlannedChanges, PlannedRemoval, PlannedSecondary } from './plan.ts';
import type { PlannedWrite } from './planned-moovago.ts';
import type { MoovagoAsRead } from './read-only-services.ts';
import type { Told } from './recording-telemetry.ts';

export type Rehearsed = {
  /** All rows, by folder, as they were and as they would be. */
  before: ReadonlyMap<string, FolderRow>;
  after: ReadonlyMap<string, FolderRow>;
  asRead: MoovagoAsRead;
  writes: ReadonlyMap<string, readonly PlannedWrite[]>;
  /** What the delivery told: who made which company, and by what a company was recognised. */
  told: readonly Told[];
  policy: PlannedRemoval['policy'];
  /** By what a customer is recognised. */
  keysOf(record: CompanyRecord): MatchKey[];
  /** Folders that Clavus does not show: those that the next scan decides on, and those that are too many. */
  gone: { unconfirmed: readonly string[]; held: readonly string[] };
};

const fields = [...textFields, 'ownerIds'] as const;

/** What a rehearsed synchronisation did, told by the difference between the rows before and after it. */
export function plannedChanges(rehearsed: Rehearsed): PlannedChanges {
  const { before, after, gone } = rehearsed;
  const changes: PlannedChanges = {
    creates: [],
    updates: [],
    adopts: [],
    ambiguous: [],
    removals: [],
    unmappable: [],
    secondary: [],
  };
  const lookUp = createLookUp(rehearsed);
  for (const [folderId, row] of after)
    if (row.revision !== before.get(folderId)?.revision) addRow(row, before.get(folderId), lookUp, changes);
  const removed = new Set(changes.removals.map(({ folderId }) => folderId));
  const removal = (folderId: string, held: boolean) =>
    removed.has(folderId) ? [] : [lookUp.removal(after.get(folderId), folderId, { held, confirmed: false })];
  changes.removals.push(
    ...gone.unconfirmed.flatMap((folderId) => removal(folderId, false)),
    ...gone.held.flatMap((folderId) => removal(folderId, true)),
  );
  return changes;
}

type LookUp = ReturnType<typeof createLookUp>;

function addRow(
  row: FolderRow,
  before: FolderRow | undefined,
  lookUp: LookUp,
  changes: PlannedChanges,
): void {
  const { folderId, status, failure, companyId } = row;
  const name = row.desired?.record.name ?? '';
  const lane = row.desired?.lane ?? 'live';
  const made = lookUp.madeFor(row);
  if (made !== undefined) changes.creates.push({ folderId, lane, fields: made });
  if (status === 'removed' || row.removal !== undefined)
    changes.removals.push(lookUp.removal(before, folderId, { held: false, confirmed: true }));
  else if (status === 'ambiguous') changes.ambiguous.push({ folderId, name, ...lookUp.match(row) });
  else if (status === 'refused' && failure?.kind === 'mapping')
    changes.unmappable.push({ folderId, field: failure.field ?? '', reason: failure.message });
  else if (status === 'secondary') changes.secondary.push(lookUp.share(row));
  else if (companyId !== undefined && made === undefined)
    addLinked({ row, before, companyId, name, lane }, lookUp, changes);
}

type Linked = {
  row: FolderRow;
  before: FolderRow | undefined;
  companyId: string;
  name: string;
  lane: Lane;
};

function addLinked(
  { row, before, companyId, name, lane }: Linked,
  lookUp: LookUp,
  changes: PlannedChanges,
): void {
  const { folderId } = row;
  const sent = lookUp.changes(before, companyId);
  if (before?.companyId === companyId) {
    if (sent.length > 0) changes.updates.push({ folderId, companyId, lane, changes: sent });
    return;
  }
  changes.adopts.push({ folderId, companyId, name, by: lookUp.adoptedBy(folderId), lane, changes: sent });
}

/** What is known of companies, of writes to them and of what was told about folders. */
function createLookUp({ after, asRead, writes, told, policy, keysOf }: Rehearsed) {
  const companies = new Map(asRead.companies.map((company) => [company.id, company]));
  const delivered = told.filter(({ event, kind }) => event === 'delivered' && kind === 'create');
  const linked = new Set([...after.values()].map(({ companyId }) => companyId));
  // One that another folder of the customer has taken over since is that one's.
  const left = delivered.filter(({ companyId }) => !linked.has(String(companyId)));
  const leftBy = new Map(left.map(({ folderId, companyId }) => [folderId, String(companyId)]));
  const kinds = new Map(
    told.flatMap(({ folderId, by }) => (by === undefined ? [] : [[folderId, String(by)]])),
  );
  const by = (folderId: string) => kinds.get(folderId) ?? 'marker';
  const writesOf = (companyId: string, kind: PlannedWrite['kind']) =>
    (writes.get(companyId) ?? []).filter((write) => write.kind === kind).map((write) => write.fields);

  return {
    /** What a new company of this folder holds in the end. */
    madeFor: ({ folderId, companyId = leftBy.get(folderId) ?? '' }: FolderRow): CompanyRecord | undefined => {
      const [first] = writesOf(companyId, 'create');
      return first && Object.assign({}, first, ...writesOf(companyId, 'update'));
    },
    /** A creation of unknown outcome is looked up by its marker, and nothing else tells of it. */
    adoptedBy: by,
    match: ({ folderId, failure }: FolderRow) => ({
      by: by(folderId),
      candidates: (failure?.candidates ?? []).map((companyId) => ({
        companyId,
        name: companies.get(companyId)?.name ?? '',
      })),
    }),
    changes: (before: FolderRow | undefined, companyId: string): FieldChange[] => {
      const sent: CompanyRecord = {};
      for (const update of writesOf(companyId, 'update')) Object.assign(sent, update);
      const delivered = before?.companyId === companyId ? before.applied?.record : undefined;
      const held = companies.get(companyId);
      return fields.flatMap((field) => {
        const value = sent[field];
        return value === undefined
          ? []
          : [{ field, ...oldOf(field, delivered, held, asRead.refusal === undefined), new: value }];
      });
    },
    share: ({ folderId, secondaryTo, desired }: FolderRow): PlannedSecondary => {
      const primary = secondaryTo?.folderId ?? '';
      const its = new Set(keysOf(after.get(primary)?.desired?.record ?? {}).map(({ key }) => key));
      const common = keysOf(desired?.record ?? {}).find(({ key }) => its.has(key));
      return { folderId, name: desired?.record.name ?? '', primary, by: common?.kind ?? null };
    },
    removal: (
      row: FolderRow | undefined,
      folderId: string,
      state: Pick<PlannedRemoval, 'held' | 'confirmed'>,
    ): PlannedRemoval => ({
      folderId,
      companyId: row?.companyId ?? null,
      name: row?.desired?.record.name ?? row?.applied?.record.name ?? '',
      policy,
      ...state,
    }),
  };
}

/** What was delivered; else what Moovago holds, as far as it gives it back. */
function oldOf(
  field: CompanyField,
  delivered: CompanyRecord | undefined,
  held: Company | undefined,
  isReadBack: boolean,
): Pick<FieldChange, 'old'> {
  const known = delivered?.[field];
  if (known !== undefined) return { old: known };
  const isShown = isReadBack || field === 'name' || field === 'ownerIds';
  return held !== undefined && isShown ? { old: held[field] ?? null } : {};
}
