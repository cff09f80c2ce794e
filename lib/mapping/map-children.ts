import { entities } from '../moovago/entities/entities.ts';
import { type ChildName, childNames } from '../moovago/entities/entity.ts';
import { type EntityRecord, type RecordText, recordTexts } from '../moovago/entities/record.ts';
import type { TextRule } from './field-rule.ts';
import { type FolderReader, mapTexts, oversized } from './map-texts.ts';
import type { SyncConfig } from './sync-config.ts';

/** What belongs to a folder's company, as Clavus has it. `blank`: nothing does, or nothing that has a name. */
export type MappedChild = { child: ChildName } & (
  | { kind: 'mapped'; record: EntityRecord }
  | { kind: 'blank' }
  | { kind: 'unmappable'; field: string; reason: string }
);

type Rules = Partial<Record<RecordText, TextRule>>;

/** The rules of a kind of record that belongs to companies; nothing where the tenant does not want it. */
function rulesOf(child: ChildName, { contacts, turnover }: SyncConfig): Rules | undefined {
  return { contact: contacts, turnover }[child];
}

/** The fields of it that are mapped. */
export function mappedFields(child: ChildName, config: SyncConfig): RecordText[] {
  const rules = rulesOf(child, config) ?? {};
  return textsOf(child).filter((field) => rules[field] !== undefined);
}

/** The kinds of records that the tenant wants besides companies. */
export const wantedChildren = (config: SyncConfig): ChildName[] =>
  childNames.filter((child) => rulesOf(child, config) !== undefined);

const textsOf = (child: ChildName): RecordText[] =>
  recordTexts.filter((field) => entities[child].fields.includes(field));

/** @param postalCode of the company, which tells the territory of a telephone number */
export function mapChild(
  child: ChildName,
  reader: FolderReader,
  config: SyncConfig,
  postalCode: string | undefined,
): MappedChild {
  const fields = textsOf(child);
  const rules = rulesOf(child, config) ?? {};
  const unmappable = ({ field, problem }: { field: RecordText; problem: string }): MappedChild => ({
    child,
    kind: 'unmappable',
    field: `${entities[child].setting}.${field}`,
    reason: problem,
  });
  const record = mapTexts(reader, { fields, rules, postalCode, blanks: config.blanks });
  if ('problem' in record) return unmappable(record);
  const isFilledIn = entities[child].filledIn.some((field) => record[field]?.length);
  if (!isFilledIn) return { child, kind: 'blank' };
  const tooLong = oversized(record, fields);
  return tooLong ? unmappable(tooLong) : { child, kind: 'mapped', record };
}
