import { entities } from '../moovago/entities/entities.ts';
import type { ChildName } from '../moovago/entities/entity.ts';
import type { EntityRecord, RecordText } from '../moovago/entities/record.ts';
import { type FolderReader, mapTexts, oversized } from './map-texts.ts';
import { rulesOf, textsOf } from './mapped-children.ts';
import type { SyncConfig } from './sync-config.ts';

/** What belongs to a folder's company, as Clavus has it. `blank`: there is nothing to make a record of. */
export type MappedChild = { child: ChildName } & (
  | { kind: 'mapped'; record: EntityRecord }
  | { kind: 'blank' }
  | { kind: 'unmappable'; field: string; reason: string }
);

/** @param postalCode of the company: it decides the territory of a telephone number */
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
