import type { ColumnValue } from '../clavus/folder.ts';
import type { RecordText } from '../moovago/entities/record.ts';
import { amount } from './amount.ts';
import { cleanLines, cleanText } from './clean-text.ts';
import { columnText } from './column-text.ts';
import { email } from './email.ts';
import type { FieldFunction, TemplatePart, TextRule, TextTransform } from './field-rule.ts';
import { phone } from './phone.ts';
import { postalCode } from './postal-code.ts';
import { siren } from './siren.ts';
import { callTenantFunction } from './tenant-function.ts';

/** One folder, seen from one field. */
export type FieldSource = {
  folderId: string;
  field: RecordText;
  /** The value of the column that the configuration calls so; `undefined` where the folder does not have it. */
  read(reference: string): ColumnValue | undefined;
  /** Of the same folder, where it is mapped. */
  postalCode: string | undefined;
};

/** A field's text, blank where its columns are; `undefined` where the folder has none of them. */
export type FieldText = { text: string | undefined } | { problem: string };

const plain = (text: string, { field }: FieldSource) =>
  field === 'note' ? cleanLines(text) : cleanText(text);

const transforms: Record<TextTransform, (text: string, source: FieldSource) => string> = {
  text: plain,
  postalCode,
  phone: (text, source) => phone(text, source.postalCode),
  email,
  siren,
  amount,
};

/** The first column whose text, transformed, is not blank: an invalid e-mail address gives way to the next column. */
function firstText(from: string[], as: TextTransform, source: FieldSource): FieldText {
  let blank: string | undefined;
  for (const reference of from) {
    const value = source.read(reference);
    if (value === undefined) continue;
    const text = transforms[as](columnText(value), source);
    if (text !== '') return { text };
    blank = '';
  }
  return { text: blank };
}

function functionText(from: string[], fn: FieldFunction, source: FieldSource): FieldText {
  const values = from.map(source.read);
  const value = values.find((candidate) => candidate !== undefined && columnText(candidate) !== '');
  if (value === undefined) return { text: values.every((one) => one === undefined) ? undefined : '' };
  const result = callTenantFunction(fn, value, { folderId: source.folderId, values });
  return 'text' in result ? { text: plain(result.text, source) } : result;
}

/** Fixed text alone is worth nothing, unless the template has no column at all. */
function templateText(parts: TemplatePart[], source: FieldSource): FieldText {
  const values = parts.flatMap((part) => ('column' in part ? [source.read(part.column)] : []));
  if (values.length > 0 && values.every((value) => value === undefined)) return { text: undefined };
  const texts = parts.map((part) =>
    'text' in part ? part.text : columnText(source.read(part.column) ?? null),
  );
  const hasValue = parts.some((part, index) => 'column' in part && plain(texts[index] ?? '', source) !== '');
  if (values.length > 0 && !hasValue) return { text: '' };
  // Where a column is blank, a space may stand before the comma that followed it.
  return { text: plain(texts.join(''), source).replaceAll(' ,', ',') };
}

/** What the rule makes of the folder. */
export function fieldText(rule: TextRule, source: FieldSource): FieldText {
  if (rule.kind === 'template') return templateText(rule.parts, source);
  return typeof rule.as === 'function'
    ? functionText(rule.from, rule.as, source)
    : firstText(rule.from, rule.as, source);
}
