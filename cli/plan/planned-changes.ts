import type { MatchKey } from '../../lib/mapping/match-keys.ts';
import {
  type Company,
  type CompanyField,
  type CompanyRecord,
  textFields,
} from '../../lib/moovago/company.ts';
import type { Lane } from '../../lib/moovago/slot.ts';
import type { FolderRow, RowOf } from '../../lib/state/folder-row.ts';
import type { FolderRows } from '../../lib/state/folder-rows.ts';
import { isDue, matchRow } from '../../lib/sync/rows/row-status.ts';
import { contradictoryFirst, matchWords } from '../match-words.ts';
import type { FieldChange, PlannedChanges, PlannedRemoval, PlannedSecondary } from './plan.ts';
import type { PlannedWrite } from './planned-moovago.ts';
import type { MoovagoAsRead } from './read-only-services.ts';
import type { ReportedEvent } from './recording-telemetry.ts';

export type Rehearsed = {
  /** The rows as they would be, and as they were. */
  rows: Pick<FolderRows, 'pages' | 'read' | 'linkedTo'>;
  before: Pick<FolderRows, 'read'>;
  asRead: MoovagoAsRead;
  writes: ReadonlyMap<string, readonly PlannedWrite[]>;
  /** What the delivery told: who made which company, and by what a company was recognised. */
  reported: readonly ReportedEvent[];
  policy: PlannedRemoval['policy'];
  /** By what a customer is recognised. */
  keysOf(record: CompanyRecord): MatchKey[];
  /** Which folders Clavus showed. */
  isSeen(folderId: string): boolean;
  /** Folders that Clavus does not show: those that the next scan decides on, and those that are too many. */
  gone: { unconfirmed: readonly string[]; overLimit: readonly string[] };
};

/**
 * What the plan does nothing about: changes that would still wait, folders that need attention since earlier, and folders
 * that a person left out.
 */
export type LeftAlone = { waiting: number; standing: number; leftOut: number };

const fields = [...textFields, 'ownerIds'] as const;

/**
 * What a rehearsed synchronisation did, told by the difference between the rows before and after it. Rows are looked at a page
 * at a time: there may be many. Each folder is in one list at most, or counted in `left`. `told`: how many of them Clavus
 * showed.
 */
export async function plannedChanges(
  rehearsed: Rehearsed,
): Promise<{ changes: PlannedChanges; left: LeftAlone; told: number }> {
  const { rows, before, isSeen } = rehearsed;
  const changes: PlannedChanges = {
    creates: [],
    updates: [],
    adopts: [],
    ambiguous: [],
    removals: [],
    unmappable: [],
    secondary: [],
  };
  const left: LeftAlone = { waiting: 0, standing: 0, leftOut: 0 };
  let told = 0;
  const lookUp = createLookUp(rehearsed);
  for await (const page of rows.pages()) {
    const known = await before.read(page.map(({ folderId }) => folderId));
    for (const row of page) {
      const isListed = await addRow(row, known.get(row.folderId), lookUp, changes);
      const kind = isListed ? undefined : leftAs(row);
      if (kind !== undefined) left[kind]++;
      if ((isListed || kind !== undefined) && isSeen(row.folderId)) told++;
    }
  }
  await addGone(rehearsed, lookUp, changes);
  const { adopts, secondary } = changes;
  const sorted = { adopts: contradictoryFirst(adopts), secondary: contradictoryFirst(secondary) };
  return { changes: { ...changes, ...sorted }, left, told };
}

type LookUp = ReturnType<typeof createLookUp>;

/** Adds those that Clavus does not show, and of which no rehearsed scan was certain. */
async function addGone({ rows, gone }: Rehearsed, lookUp: LookUp, changes: PlannedChanges): Promise<void> {
  const removed = new Set(changes.removals.map(({ folderId }) => folderId));
  for (const held of [false, true]) {
    const ids = (held ? gone.overLimit : gone.unconfirmed).filter((folderId) => !removed.has(folderId));
    const found = await rows.read(ids);
    for (const folderId of ids)
      changes.removals.push(lookUp.removal(found.get(folderId), folderId, { held, confirmed: false }));
  }
}

/** What a folder is that no list of the plan has; nothing if it is as it was. */
function leftAs(row: FolderRow): keyof LeftAlone | undefined {
  if (isDue(row)) return 'waiting';
  if (row.status === 'ignored') return 'leftOut';
  return row.dueLane === 'failed' ? 'standing' : undefined;
}

/** Adds a row to the list of what became of it. Returns whether there is one. */
async function addRow(
  row: FolderRow,
  before: FolderRow | undefined,
  lookUp: LookUp,
  changes: PlannedChanges,
): Promise<boolean> {
  if (row.revision === before?.revision) return false;
  const { folderId, companyId } = row;
  const name = row.desired?.record.name ?? '';
  const lane = row.desired?.lane ?? 'live';
  const made = await lookUp.madeFor(row);
  if (made !== undefined) {
    changes.creates.push({ folderId, lane, fields: made });
    return true;
  }
  const linked = () =>
    companyId !== undefined && addLinked({ row, before, companyId, name, lane }, lookUp, changes);
  const removed = () => {
    changes.removals.push(lookUp.removal(before, folderId, { held: false, confirmed: true }));
    return true;
  };
  return matchRow<boolean | Promise<boolean>>(row, {
    due: ({ removal }) => (removal === undefined ? linked() : removed()),
    delivered: linked,
    refused: ({ failure, removal }) => {
      if (removal !== undefined) return removed();
      if (failure.kind !== 'mapping') return linked();
      changes.unmappable.push({ folderId, field: failure.field ?? '', reason: failure.message });
      return true;
    },
    parked: ({ removal }) => (removal === undefined ? linked() : removed()),
    ambiguous: (ambiguous) => {
      changes.ambiguous.push({ folderId, name, ...lookUp.match(ambiguous) });
      return true;
    },
    secondary: async (secondary) => {
      changes.secondary.push(await lookUp.share(secondary));
      return true;
    },
    removed,
    ignored: () => false,
  });
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
): boolean {
  const { folderId } = row;
  const sent = lookUp.changes(before, companyId);
  if (before?.companyId === companyId) {
    if (sent.length > 0) changes.updates.push({ folderId, companyId, lane, changes: sent });
    return sent.length > 0;
  }
  changes.adopts.push({
    folderId,
    companyId,
    name,
    ...lookUp.adoptedBy(row, companyId),
    lane,
    changes: sent,
  });
  return true;
}

/** What is known of companies, of writes to them and of what was told about folders. */
function createLookUp({ rows, asRead, writes, reported, policy, keysOf }: Rehearsed) {
  const companies = new Map(asRead.companies.map((company) => [company.id, company]));
  const made = reported.filter(({ event, kind }) => event === 'delivered' && kind === 'create');
  const madeBy = new Map(made.map(({ folderId, companyId }) => [folderId, String(companyId)]));
  const kinds = new Map(
    reported.flatMap(({ folderId, by }) => (by === undefined ? [] : [[folderId, String(by)]])),
  );
  const by = (folderId: string) => kinds.get(folderId) ?? 'marker';
  const writesOf = (companyId: string, kind: PlannedWrite['kind']) =>
    (writes.get(companyId) ?? []).filter((write) => write.kind === kind).map((write) => write.fields);

  /** The company that a folder made and has no more. One that another folder has taken over since is that one's. */
  async function leftBy(folderId: string): Promise<string | undefined> {
    const companyId = madeBy.get(folderId);
    if (companyId === undefined) return undefined;
    return (await rows.linkedTo(companyId)).length === 0 ? companyId : undefined;
  }

  return {
    /** What a new company of this folder holds in the end. */
    madeFor: async ({ folderId, companyId }: FolderRow): Promise<CompanyRecord | undefined> => {
      const its = companyId ?? (await leftBy(folderId)) ?? '';
      const [first] = writesOf(its, 'create');
      const updates = writesOf(its, 'update');
      return first === undefined || updates.length === 0 ? first : Object.assign({}, first, ...updates);
    },
    /** A creation of unknown outcome is looked up by its marker, and nothing else tells of it. */
    adoptedBy: ({ folderId, match }: FolderRow, companyId: string) => ({
      companyName: companies.get(companyId)?.name ?? '',
      by: match?.by ?? by(folderId),
      because: match ? matchWords(match) : '',
      differ: match?.differ ?? [],
    }),
    match: ({ folderId, failure, match }: RowOf<'ambiguous'>) => ({
      by: by(folderId),
      because: match ? matchWords(match) : '',
      candidates: (failure.candidates ?? []).map((companyId) => ({
        companyId,
        name: companies.get(companyId)?.name ?? '',
      })),
    }),
    changes: (before: FolderRow | undefined, companyId: string): FieldChange[] => {
      const sent: CompanyRecord = {};
      for (const update of writesOf(companyId, 'update')) Object.assign(sent, update);
      const delivered = before?.companyId === companyId ? before.applied?.record : undefined;
      const actual = companies.get(companyId);
      return fields.flatMap((field) => {
        const value = sent[field];
        return value === undefined
          ? []
          : [{ field, ...oldOf(field, delivered, actual, asRead.refusal === undefined), new: value }];
      });
    },
    share: async ({
      folderId,
      secondaryTo,
      desired,
      match,
    }: RowOf<'secondary'>): Promise<PlannedSecondary> => {
      const primary = secondaryTo.folderId;
      const { desired: wanted } = (await rows.read([primary])).get(primary) ?? {};
      const its = new Set(keysOf(wanted?.record ?? {}).map(({ key }) => key));
      const common = keysOf(desired.record).find(({ key }) => its.has(key));
      return {
        folderId,
        name: desired.record.name ?? '',
        primary,
        primaryName: wanted?.record.name ?? '',
        by: common?.kind ?? null,
        because: match ? matchWords(match) : '',
        differ: match?.differ ?? [],
      };
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
  actual: Company | undefined,
  isReadBack: boolean,
): Pick<FieldChange, 'old'> {
  const known = delivered?.[field];
  if (known !== undefined) return { old: known };
  const isShown = isReadBack || field === 'name' || field === 'ownerIds';
  return actual !== undefined && isShown ? { old: actual[field] ?? null } : {};
}
