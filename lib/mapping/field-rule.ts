import * as z from 'zod';
import type { ColumnValue } from '../clavus/folder.ts';
import { didYouMean } from './nearest.ts';
import { strict } from './strict-schema.ts';

export const textTransforms = ['text', 'postalCode', 'phone', 'email', 'siren', 'amount'] as const;
/** The values of `as` for a text field. */
export type TextTransform = (typeof textTransforms)[number];

/** What a tenant's own function receives beside the value. */
export type FieldContext = {
  folderId: string;
  /** The values of all columns of `from`, in its order, joined ones too; `undefined` if the folder lacks the column. */
  values: readonly (ColumnValue | undefined)[];
};

/**
 * A tenant's own rule. It is called with the first value of `from` that is not blank, and not at all if there is none.
 * Its result is cleaned as text; `undefined` and blank text stand for an empty column. For `ownerIds`, it returns the
 * person to look up: a member's id or alias, or a Clavus user's id, e-mail or name.
 */
export type FieldFunction = (value: ColumnValue, context: FieldContext) => string | undefined;

/** A part of a template: fixed text, or a column whose value is inserted. */
export type TemplatePart = { text: string } | { column: string };

/** A column, or several whose texts are joined by blanks: first and last name. */
export type JoinedColumns = string | readonly string[];

type FromRule<Source, As> = { kind: 'from'; from: Source[]; as: As | FieldFunction };
export type TextRule = FromRule<JoinedColumns, TextTransform> | { kind: 'template'; parts: TemplatePart[] };
export type OwnerRule = FromRule<string, 'owner'>;

/** A column, by id, technical name or label. */
export const columnReference = z
  .string()
  .min(1, { error: 'expected the id, the name or the label of a column' });

const columns = z
  .union([columnReference, z.array(columnReference).min(1, { error: 'expected at least one column' })], {
    error: ({ input }) => (input === undefined ? 'is required' : 'expected a column, or a list of columns'),
  })
  .transform((from) => (typeof from === 'string' ? [from] : from));

const joinedColumns = z.array(columnReference).min(1, { error: 'expected at least one column' });
const textColumns = z
  .union(
    [
      columnReference,
      z
        .array(
          z.union([columnReference, joinedColumns], {
            error: 'expected a column, or a list of columns to join',
          }),
        )
        .min(1, { error: 'expected at least one column' }),
    ],
    {
      error: ({ input }) => (input === undefined ? 'is required' : 'expected a column, or a list of columns'),
    },
  )
  .transform((from): JoinedColumns[] => (typeof from === 'string' ? [from] : from));

function transform<const Names extends readonly string[]>(names: Names) {
  return z.custom<Names[number] | FieldFunction>(
    (value) => typeof value === 'function' || names.some((name) => name === value),
    {
      error: ({ input }) => {
        const suggestion = typeof input === 'string' ? didYouMean(input, names) : '';
        return `expected ${names.map((name) => `'${name}'`).join(', ')} or a function${suggestion}`;
      },
    },
  );
}

function parseTemplate(template: string): TemplatePart[] {
  return template
    .split(/(\{[^{}]+\})/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? { column: part.slice(1, -1).trim() } : { text: part }));
}

const template = z
  .string()
  .min(1, { error: 'expected text with columns in braces' })
  .refine((text) => !/[{}]|\{\s*\}/.test(text.replace(/\{[^{}]*[^{}\s][^{}]*\}/g, '')), {
    error: 'has a brace without its pair, or without a column in it',
  })
  .transform(parseTemplate);

/** All columns that a rule reads, by the names that the configuration uses. */
export const columnsOf = (rule: TextRule | OwnerRule): string[] =>
  rule.kind === 'from'
    ? rule.from.flat()
    : rule.parts.flatMap((part) => ('column' in part ? [part.column] : []));

const expected = (what: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined ? `is required: ${what}` : `expected ${what}`,
});

/** The rule of a text field, as the configuration file has it, normalised to one form. */
export const textRule = z
  .union(
    [
      columnReference,
      strict({ from: textColumns, as: transform(textTransforms).default('text') }),
      strict({ template }),
    ],
    expected('a column, { from: column, as: … } or { template: … }'),
  )
  .transform((rule): TextRule => {
    if (typeof rule === 'string') return { kind: 'from', from: [rule], as: 'text' };
    return 'template' in rule ? { kind: 'template', parts: rule.template } : { kind: 'from', ...rule };
  });

/** The columns that name a company's mandators, and overrides for names that differ between the two systems. */
export const mandatorRule = z
  .union(
    [
      columnReference,
      strict({ from: columns, overrides: z.record(z.string(), z.string().min(1)).default({}) }),
    ],
    expected('a column, or { from: column, overrides: { … } }'),
  )
  .transform((rule) => (typeof rule === 'string' ? { from: [rule], overrides: {} } : rule));

/** The rule of the owners, normalised to one form. */
export const ownerRule = z
  .union(
    [columnReference, strict({ from: columns, as: transform(['owner']).default('owner') })],
    expected("a column or { from: column, as: 'owner' }"),
  )
  .transform(
    (rule): OwnerRule =>
      typeof rule === 'string' ? { kind: 'from', from: [rule], as: 'owner' } : { kind: 'from', ...rule },
  );
