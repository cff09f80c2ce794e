import type { EntityRecord, RecordText } from '../moovago/entities/record.ts';
import type { TextRule } from './field-rule.ts';
import { type FieldSource, fieldText } from './field-text.ts';
import type { SyncConfig } from './sync-config.ts';

export type FolderReader = Pick<FieldSource, 'folderId' | 'read'>;

type TextsOptions = Pick<SyncConfig, 'blanks'> & {
  fields: readonly RecordText[];
  rules: Partial<Record<RecordText, TextRule>>;
  /** Of the folder's company, for fields that have no postal code themselves. */
  postalCode?: string | undefined;
};

/** A field that cannot be mapped, and why. Neither holds a value of a column. */
export type Problem = { field: RecordText; problem: string };

/** A row of the table holds a record twice, in 400 kB at most; a character takes up to three bytes. */
const charactersMax = 50_000;

/** Maps the text fields by their rules. A field is absent if the folder lacks its columns. */
export function mapTexts(
  reader: FolderReader,
  { fields, rules, postalCode, blanks }: TextsOptions,
): EntityRecord | Problem {
  const record: EntityRecord = {};
  // In the guide's order, the postal code comes before the telephone number, which depends on it.
  for (const field of fields) {
    const rule = rules[field];
    if (rule === undefined) continue;
    const result = fieldText(rule, { ...reader, field, postalCode: record.postalCode ?? postalCode });
    if ('problem' in result) return { field, problem: result.problem };
    const isOrder = result.text !== '' || blanks === 'clear';
    if (result.text !== undefined && isOrder) record[field] = result.text;
  }
  return record;
}

/** If the texts of a record are too long for the table, names the longest one. */
export function oversized(record: EntityRecord, fields: readonly RecordText[]): Problem | undefined {
  const lengths = fields.map((field) => ({ field, length: record[field]?.length ?? 0 }));
  const total = lengths.reduce((sum, { length }) => sum + length, 0);
  const [longest] = lengths.sort((one, other) => other.length - one.length);
  if (longest === undefined || total <= charactersMax) return undefined;
  const problem = `the record is longer than ${charactersMax} characters, most of it here`;
  return { field: longest.field, problem };
}
