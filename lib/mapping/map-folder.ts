import type { ColumnValue, Folder, User } from '../clavus/folder.ts';
import { type CompanyRecord, type Member, textFields } from '../moovago/company.ts';
import { columnText } from './column-text.ts';
import { type ColumnIds, type KnownColumn, resolveColumns } from './columns.ts';
import type { OwnerRule, TextRule } from './field-rule.ts';
import { type FieldSource, fieldText } from './field-text.ts';
import { markerFor, withMarker } from './marker.ts';
import { createOwnerResolver, type OwnerResolver, type Owners } from './owners.ts';
import type { SyncConfig } from './sync-config.ts';
import { callTenantFunction } from './tenant-function.ts';

/**
 * `field` is a key of the configuration; neither it nor `reason` holds a column's value.
 * `unmatched`: people whom no member of the Moovago team is, as the owners' column has them.
 */
export type MappedFolder = (
  | { kind: 'mapped'; record: CompanyRecord }
  | { kind: 'unmappable'; field: string; reason: string }
) & { unmatched?: readonly string[] };

type Unmappable = Extract<MappedFolder, { kind: 'unmappable' }>;

type MapperOptions = {
  config: SyncConfig;
  /** All columns of the tenant, also those that only a folder showed. */
  knownColumns: readonly KnownColumn[];
  /** The active users of Clavus. */
  users: readonly User[];
  /** The members of the Moovago team. */
  members: readonly Member[];
  /** Part of the marker: two stages may write to the same team. */
  stage: string;
};

type Mapping = Pick<MapperOptions, 'config' | 'stage'> & { columns: ColumnIds; owners: OwnerResolver };
type FolderReader = Pick<FieldSource, 'folderId' | 'read'>;

/** A row of the table holds a record twice, in 400 kB at most; a character takes up to three bytes. */
const charactersMax = 50_000;

const unmappable = (field: string, reason: string): Unmappable => ({
  kind: 'unmappable',
  field: `company.${field}`,
  reason,
});

/** Reads columns by what the configuration calls them. A Map, as a column may be called `__proto__`. */
function readerOf(folder: Folder, columns: ColumnIds): FolderReader {
  const values = new Map<string | undefined, ColumnValue>(folder.columns.map(({ id, value }) => [id, value]));
  return { folderId: folder.id, read: (reference) => values.get(columns.get(reference)) };
}

function mapTexts({ config }: Mapping, reader: FolderReader): CompanyRecord | Unmappable {
  const record: CompanyRecord = {};
  // The postal code stands before the telephone number, which depends on it, in the guide's order.
  for (const field of textFields) {
    const rule = config.company[field];
    if (rule === undefined) continue;
    const result = fieldText(rule, { ...reader, field, postalCode: record.postalCode });
    if ('problem' in result) return unmappable(field, result.problem);
    const isOrder = result.text !== '' || config.blanks === 'clear';
    if (result.text !== undefined && isOrder) record[field] = result.text;
  }
  return record;
}

const noOwner: Owners = { kind: 'found', memberIds: [] };

function ownersOf(rule: OwnerRule, owners: OwnerResolver, { folderId, read }: FolderReader): Owners {
  const values = rule.from.map(read);
  // A column that the key may no longer read is no order to hand every company to the fallback.
  if (values.every((candidate) => candidate === undefined)) return noOwner;
  const value = values.find((candidate) => candidate !== undefined && columnText(candidate).trim() !== '');
  if (value === undefined || typeof rule.as === 'string') return owners(value ?? null);
  const result = callTenantFunction(rule.as, value, { folderId, values });
  return 'text' in result ? owners(result.text) : { kind: 'unknown', reason: result.problem };
}

function reasonWithoutName(rule: TextRule): string {
  const columns =
    rule.kind === 'from' ? rule.from : rule.parts.flatMap((part) => ('column' in part ? [part.column] : []));
  if (columns.length === 1) return `${columns[0]} is empty`;
  const listed = `${columns.slice(0, -1).join(', ')} and ${columns.at(-1)}`;
  return `${listed} are ${columns.length === 2 ? 'both' : 'all'} empty`;
}

/** How long the longest of a record's texts is, and all of them together. */
function oversized(record: CompanyRecord): Unmappable | undefined {
  const lengths = textFields.map((field) => ({ field, length: record[field]?.length ?? 0 }));
  const total = lengths.reduce((sum, { length }) => sum + length, 0);
  const [longest] = lengths.sort((one, other) => other.length - one.length);
  if (longest === undefined || total <= charactersMax) return undefined;
  return unmappable(longest.field, `the record is longer than ${charactersMax} characters, most of it here`);
}

function mapFolder(mapping: Mapping, folder: Folder): MappedFolder {
  const { config, columns, owners, stage } = mapping;
  const reader = readerOf(folder, columns);
  const texts = mapTexts(mapping, reader);
  if ('kind' in texts) return texts;
  if (!texts.name) return unmappable('name', reasonWithoutName(config.company.name));
  const record = { ...texts };
  let unmatched: Pick<MappedFolder, 'unmatched'> = {};
  if (config.company.ownerIds) {
    const found = ownersOf(config.company.ownerIds, owners, reader);
    if (found.unmatched) unmatched = { unmatched: found.unmatched };
    if (found.kind === 'unknown') return { ...unmappable('ownerIds', found.reason), ...unmatched };
    if (found.memberIds.length > 0) record.ownerIds = found.memberIds;
  }
  if (config.marker === 'note') record.note = withMarker(record.note ?? '', markerFor(stage, folder.id));
  return oversized(record) ?? { kind: 'mapped', record, ...unmatched };
}

/**
 * A function from a folder to what Moovago should hold of it: pure, and the same for the same folder.
 * A column that the folder does not have leaves its field alone; so does an empty one, unless `blanks` is `clear`.
 * @throws ConfigurationError for columns of the configuration that are not known.
 */
export function createFolderMapper(options: MapperOptions): (folder: Folder) => MappedFolder {
  const { config, knownColumns, users, members, stage } = options;
  const columns = resolveColumns(config, knownColumns);
  const owners = createOwnerResolver({ users, members, ...config.owners });
  return (folder) => mapFolder({ config, stage, columns, owners }, folder);
}
