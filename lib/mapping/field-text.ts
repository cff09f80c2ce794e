import type { ColumnValue } from '../clavus/folder.ts';
import type { RecordText } from '../moovago/entities/record.ts';
import { amount } from './amount.ts';
import { cleanLines, cleanText } from './clean-text.ts';
import { columnText } from './column-text.ts';
import { email } from './email.ts';
import type { FieldFunction, JoinedColumns, TemplatePart, TextRule, TextTransform } from './field-rule.ts';
import { phone } from './phone.ts';
import { postalCode } from './postal-code.ts';
import { siren } from './siren.ts';
import { callTenantFunction } from './tenant-function.ts';

/** One folder, as the source of one field. */
export type FieldSource = {
  folderId: string;
  field: RecordText;
  /** The value of a column, by its name in the configuration; `undefined` if the folder lacks it. */
  read(reference: string): ColumnValue | undefined;
  /** The postal code of the same folder, if it is mapped. */
  postalCode: string | undefined;
};

/** A field's text: blank if its columns are blank, `undefined` if the folder lacks all of them. */
export type FieldText = { text: string | undefined } | { problem: string };

/** What people type into a field that must not stay empty: a dash, a dot, a question mark. */
const placeholder = /^[\p{P}\p{Sm}\p{Sc}\p{Sk}\s]*$/u;

function plain(text: string, { field }: FieldSource): string {
  const clean = field === 'note' ? cleanLines(text) : cleanText(text);
  return placeholder.test(clean) ? '' : clean;
}

const transforms: Record<TextTransform, (text: string, source: FieldSource) => string> = {
  text: plain,
  postalCode,
  phone: (text, source) => phone(text, source.postalCode),
  email,
  siren,
  amount,
};

/** The value of a column, or the texts of several with blanks between; `undefined` if the folder lacks all of them. */
function joinedValue(columns: JoinedColumns, source: FieldSource): ColumnValue | undefined {
  if (typeof columns === 'string') return source.read(columns);
  const values = columns.map(source.read);
  if (values.every((value) => value === undefined)) return undefined;
  const texts = values.map((value) => columnText(value ?? null).trim());
  return texts.filter((text) => text !== '').join(' ');
}

/** The first column whose transformed text is not blank: after an invalid e-mail address, the next column is used. */
function firstText(from: readonly JoinedColumns[], as: TextTransform, source: FieldSource): FieldText {
  let blank: string | undefined;
  for (const columns of from) {
    const value = joinedValue(columns, source);
    if (value === undefined) continue;
    const text = transforms[as](columnText(value), source);
    if (text !== '') return { text };
    blank = '';
  }
  return { text: blank };
}

function functionText(from: readonly JoinedColumns[], fn: FieldFunction, source: FieldSource): FieldText {
  const joined = from.map((columns) => joinedValue(columns, source));
  const value = joined.find((candidate) => candidate !== undefined && columnText(candidate) !== '');
  if (value === undefined) return { text: joined.every((one) => one === undefined) ? undefined : '' };
  const values = from.flat().map(source.read);
  const result = callTenantFunction(fn, value, { folderId: source.folderId, values });
  return 'text' in result ? { text: plain(result.text, source) } : result;
}

/**
 * Without any column value the text is blank, even if the template has fixed text. Exception: a template without
 * columns.
 */
function templateText(parts: TemplatePart[], source: FieldSource): FieldText {
  const values = parts.flatMap((part) => ('column' in part ? [source.read(part.column)] : []));
  if (values.length > 0 && values.every((value) => value === undefined)) return { text: undefined };
  const texts = parts.map((part) =>
    'text' in part ? part.text : columnText(source.read(part.column) ?? null),
  );
  const hasValue = parts.some((part, index) => 'column' in part && plain(texts[index] ?? '', source) !== '');
  if (values.length > 0 && !hasValue) return { text: '' };
  const joined = parts.reduce((before, part, index) => {
    const text = texts[index] ?? '';
    // If a column is blank, a space may be left before the comma that followed it.
    return 'text' in part && /^\s*,/.test(text) ? before.trimEnd() + text.trimStart() : before + text;
  }, '');
  return { text: plain(joined, source) };
}

/** Applies the rule to the folder. */
export function fieldText(rule: TextRule, source: FieldSource): FieldText {
  if (rule.kind === 'template') return templateText(rule.parts, source);
  return typeof rule.as === 'function'
    ? functionText(rule.from, rule.as, source)
    : firstText(rule.from, rule.as, source);
}
