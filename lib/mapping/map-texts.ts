import type { EntityRecord, RecordText } from '../moovago/entities/record.ts';
import type { TextRule } from './field-rule.ts';
import { type FieldSource, fieldText } from './field-text.ts';
import type { SyncConfig } from './sync-config.ts';

export type FolderReader = Pick<FieldSource, 'folderId' | 'read'>;

type TextsOptions = Pick<SyncConfig, 'blanks'> & {
  fields: readonly RecordText[];
  rules: Partial<Record<RecordText, TextRule>>;
  /** Of the folder's company, where the fields themselves have none. */
  postalCode?: string | undefined;
};

/** A field that cannot be mapped, and why: neither holds a column's value. */
export type Problem = { field: RecordText; problem: string };

/** A row of the table holds a record twice, in 400 kB at most; a character takes up to three bytes. */
const charactersMax = 50_000;

/** The fields that hold text, by their rules. One that the folder has no column for is absent. */
export function mapTexts(
  reader: FolderReader,
  { fields, rules, postalCode, blanks }: TextsOptions,
): EntityRecord | Problem {
  const record: EntityRecord = {};
  // The postal code stands before the telephone number, which depends on it, in the guide's order.
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

/** Where the texts of a record are too long for the table: the longest of them. */
export function oversized(record: EntityRecord, fields: readonly RecordText[]): Problem | undefined {
  const lengths = fields.map((field) => ({ field, length: record[field]?.length ?? 0 }));
  const total = lengths.reduce((sum, { length }) => sum + length, 0);
  const [longest] = lengths.sort((one, other) => other.length - one.length);
  if (longest === undefined || total <= charactersMax) return undefined;
  const problem = `the record is longer than ${charactersMax} characters, most of it here`;
  return { field: longest.field, problem };
}
