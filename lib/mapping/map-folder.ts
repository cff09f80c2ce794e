import type { Folder, User } from '../clavus/folder.ts';
import { type CompanyRecord, type Mandator, type Member, textFields } from '../moovago/company.ts';
import { columnText } from './column-text.ts';
import { createColumnReader, type KnownColumn } from './columns.ts';
import { columnsOf, type OwnerRule, type TextRule } from './field-rule.ts';
import { createMandatorResolver } from './mandators.ts';
import { type MappedChild, mapChild } from './map-children.ts';
import { type FolderReader, mapTexts, oversized } from './map-texts.ts';
import { mappedChildren } from './mapped-children.ts';
import { markerFor, withMarker } from './marker.ts';
import { createOwnerResolver, type OwnerResolver, type Owners } from './owners.ts';
import type { SyncConfig } from './sync-config.ts';
import { callTenantFunction } from './tenant-function.ts';

type Mapped = { record: CompanyRecord; children?: readonly MappedChild[] };

/**
 * `field` is a key of the configuration. Neither it nor `reason` holds a value of a column. `withoutOwner`: only the
 * owner cannot be mapped. A company that is there gets the rest, and keeps the owner that it has. `unmatched`: owners who
 * are not in the Moovago team, as the column has them. `unknownMandators`: the same for mandators.
 */
export type MappedFolder = (
  | ({ kind: 'mapped' } & Mapped)
  | { kind: 'unmappable'; field: string; reason: string; withoutOwner?: Mapped }
) & { unmatched?: readonly string[]; unknownMandators?: readonly string[] };

type Unmappable = Extract<MappedFolder, { kind: 'unmappable' }>;

type MapperOptions = {
  config: SyncConfig;
  /** All columns of the tenant, including those that only a folder showed. */
  knownColumns: readonly KnownColumn[];
  /** The active users of Clavus. */
  users: readonly User[];
  /** The members of the Moovago team. */
  members: readonly Member[];
  /** The mandators of the Moovago team, if the tenant maps them. */
  mandators?: readonly Mandator[] | undefined;
  /** Part of the marker: two stages may write to the same team. */
  stage: string;
};

type Mapping = Pick<MapperOptions, 'config' | 'stage'> & {
  /** Reads a column of a folder, by its name in the configuration. */
  readColumn: ReturnType<typeof createColumnReader>;
  owners: OwnerResolver;
  /** Absent if they are not known. */
  mandators: ReturnType<typeof createMandatorResolver> | undefined;
};
const unmappable = (field: string, reason: string): Unmappable => ({
  kind: 'unmappable',
  field: `company.${field}`,
  reason,
});

const noOwner: Owners = { kind: 'found', memberIds: [] };

function ownersOf(rule: OwnerRule, owners: OwnerResolver, { folderId, read }: FolderReader): Owners {
  const values = rule.from.map(read);
  // If the key may no longer read the column, not every company must go to the fallback.
  if (values.every((candidate) => candidate === undefined)) return noOwner;
  const value = values.find((candidate) => candidate !== undefined && columnText(candidate).trim() !== '');
  if (value === undefined || typeof rule.as === 'string') return owners(value ?? null);
  const result = callTenantFunction(rule.as, value, { folderId, values });
  return 'text' in result ? owners(result.text) : { kind: 'unknown', reason: result.problem };
}

function reasonWithoutName(rule: TextRule): string {
  const columns = columnsOf(rule);
  if (columns.length === 1) return `${columns[0]} is empty`;
  const listed = `${columns.slice(0, -1).join(', ')} and ${columns.at(-1)}`;
  return `${listed} are ${columns.length === 2 ? 'both' : 'all'} empty`;
}

type Listed = { ids?: string[]; unmatched: readonly string[] };

/** The mandators of the company; no `ids` if the connector leaves them as they are. */
function mandatorsOf({ config, mandators }: Mapping, { read }: FolderReader): Listed {
  if (mandators === undefined) return { unmatched: [] };
  const values = (config.mandators?.from ?? []).map(read).filter((value) => value !== undefined);
  const value = values.find((candidate) => columnText(candidate).trim() !== '');
  if (value === undefined)
    return { unmatched: [], ...(values.length > 0 && config.blanks === 'clear' ? { ids: [] } : {}) };
  const { ids, unmatched } = mandators(value);
  return { unmatched, ...(ids.length > 0 ? { ids } : {}) };
}

function mapFolder(mapping: Mapping, folder: Folder): MappedFolder {
  const { config, readColumn, owners, stage } = mapping;
  const reader: FolderReader = {
    folderId: folder.id,
    read: (reference) => readColumn(folder, reference),
  };
  const texts = mapTexts(reader, { fields: textFields, rules: config.company, blanks: config.blanks });
  if ('problem' in texts) return unmappable(texts.field, texts.problem);
  if (!texts.name) return unmappable('name', reasonWithoutName(config.company.name));
  const record: CompanyRecord = { ...texts };
  const owner = config.company.ownerIds ? ownersOf(config.company.ownerIds, owners, reader) : noOwner;
  if (owner.kind === 'found' && owner.memberIds.length > 0) record.ownerIds = owner.memberIds;
  const mandators = mandatorsOf(mapping, reader);
  if (mandators.ids) record.mandatorIds = mandators.ids;
  if (config.marker === 'note') record.note = withMarker(record.note ?? '', markerFor(stage, folder.id));
  const tooLong = oversized(record, textFields);
  if (tooLong) return unmappable(tooLong.field, tooLong.problem);
  const children = mappedChildren(config).map((child) => mapChild(child, reader, config, record.postalCode));
  const mapped = { record, ...(children.length > 0 ? { children } : {}) };
  const people = {
    ...(owner.unmatched ? { unmatched: owner.unmatched } : {}),
    ...(mandators.unmatched.length > 0 ? { unknownMandators: mandators.unmatched } : {}),
  };
  return owner.kind === 'unknown'
    ? { ...unmappable('ownerIds', owner.reason), withoutOwner: mapped, ...people }
    : { kind: 'mapped', ...mapped, ...people };
}

/** What a folder maps to, as far as it can be sent to a company that is there. */
export function mappedPart(folder: MappedFolder): Mapped | undefined {
  return folder.kind === 'mapped' ? folder : folder.withoutOwner;
}

/**
 * Returns a pure function from a folder to what Moovago should hold of it. If the folder lacks a column, its field is
 * left as it is. The same holds for an empty column, unless `blanks` is `clear`.
 * @throws ConfigurationError for unknown columns of the configuration
 */
export function createFolderMapper(options: MapperOptions): (folder: Folder) => MappedFolder {
  const { config, knownColumns, users, members, mandators: listed, stage } = options;
  const readColumn = createColumnReader(config, knownColumns);
  const owners = createOwnerResolver({ users, members, ...config.owners });
  const { overrides = {} } = config.mandators ?? {};
  const mandators = listed && createMandatorResolver({ mandators: listed, overrides });
  return (folder) => mapFolder({ config, stage, readColumn, owners, mandators }, folder);
}
