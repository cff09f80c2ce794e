import type { ColumnValue, Folder } from '../clavus/folder.ts';
import { cleanText } from './clean-text.ts';
import { configurationError, type Problem } from './configuration-problems.ts';
import { columnsOf, type OwnerRule, type TextRule } from './field-rule.ts';
import { apostrophes, fold } from './fold.ts';
import { didYouMean } from './nearest.ts';
import type { SyncConfig } from './sync-config.ts';

/** A column of the tenant. `names`: its label, and its technical name if a folder showed one. */
export type KnownColumn = { id: string; names: readonly string[] };

/** Column ids, by the names that the configuration uses. */
export type ColumnIds = ReadonlyMap<string, string>;

type Reference = { path: string; reference: string };
type Rule = TextRule | OwnerRule;

function referencesOfRule(path: string, rule: Rule): Reference[] {
  const form = rule.kind === 'from' ? 'from' : 'template';
  return columnsOf(rule).map((reference) => ({ path: `${path}.${form}`, reference }));
}

const referencesOfRules = (path: string, rules: Record<string, Rule | undefined> = {}): Reference[] =>
  Object.entries(rules).flatMap(([field, rule]) =>
    rule === undefined ? [] : referencesOfRule(`${path}.${field}`, rule),
  );

/** Every column that the configuration names, with the key of the configuration. */
export function referencesOf({ clavus, company, contacts, mandators, turnover }: SyncConfig): Reference[] {
  const { modifiedColumn, createdColumn, filter } = clavus;
  return [
    ...(modifiedColumn === undefined ? [] : [{ path: 'clavus.modifiedColumn', reference: modifiedColumn }]),
    ...(createdColumn === undefined ? [] : [{ path: 'clavus.createdColumn', reference: createdColumn }]),
    ...filter.map(({ column }, index) => ({ path: `clavus.filter.${index}.column`, reference: column })),
    ...referencesOfRules('company', company),
    ...referencesOfRules('contacts', contacts),
    ...(mandators?.from ?? []).map((reference) => ({ path: 'mandators.from', reference })),
    ...referencesOfRules('turnover', turnover),
  ];
}

/** The columns that the configuration names, each once. */
export const columnsNamed = (config: SyncConfig): string[] => [
  ...new Set(referencesOf(config).map(({ reference }) => reference)),
];

/** The columns from which each company field is made, by the names that the configuration uses. */
export const companyColumns = ({ company }: SyncConfig): { field: string; columns: string[] }[] =>
  Object.entries(company).flatMap(([field, rule]) =>
    rule === undefined ? [] : [{ field, columns: columnsOf(rule) }],
  );

/** A name as it looks: without the difference between kinds of spaces and of apostrophes, and what is not seen. */
const columnKey = (name: string): string =>
  fold(cleanText(name).replace(/[\u200C\u200D]/g, '')).replace(apostrophes, "'");

function idsByName(known: readonly KnownColumn[], key: (name: string) => string): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { id, names } of known)
    for (const name of names.map(key)) ids.set(name, (ids.get(name) ?? new Set()).add(id));
  return ids;
}

/**
 * Finds every column that the configuration names: by id, by exact name or label, or ignoring case, accents, and how spaces and apostrophes are written. Clavus'
 * guide has labels in one sample and technical names in another, so both count as names. `problems`: each column that
 * is unknown, or whose name two columns share.
 */
export function findColumns(
  config: SyncConfig,
  known: readonly KnownColumn[],
): { ids: ColumnIds; problems: Problem[] } {
  const ids = new Set(known.map(({ id }) => id));
  const exact = idsByName(known, (name) => name);
  const folded = idsByName(known, columnKey);
  const words = known.flatMap(({ id, names }) => [...names, id]);
  const resolved = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { path, reference } of referencesOf(config)) {
    const found = ids.has(reference)
      ? [reference]
      : [...(exact.get(reference) ?? folded.get(columnKey(reference)) ?? [])];
    const [id] = found;
    if (id !== undefined && found.length === 1) resolved.set(reference, id);
    else problems.push({ path, message: problemWith(reference, found, words) });
  }
  return { ids: resolved, problems };
}

/** @throws ConfigurationError that lists each column that cannot be found, see {@link findColumns} */
export function resolveColumns(config: SyncConfig, known: readonly KnownColumn[]): ColumnIds {
  const { ids, problems } = findColumns(config, known);
  const [first, ...others] = problems;
  if (first) throw configurationError('sync.config.ts', first, ...others);
  return ids;
}

function problemWith(reference: string, found: string[], words: string[]): string {
  if (found.length > 1)
    return `${found.length} columns are called '${reference}': name the one that you mean by its id (${found.join(', ')})`;
  const suggestion = didYouMean(reference, words);
  return `no column '${reference}' in Clavus, or the API key may not read it${suggestion}`;
}

/**
 * Returns a function that reads a column of a folder by its name in the configuration; `undefined` if the folder lacks
 * it. If several columns of a folder have the same id, the last one counts. A column whose id Clavus never listed is
 * known by its name, then by its label. An answer by folder ids may give the ids of the values (assumption).
 * @throws ConfigurationError for unknown columns of the configuration
 */
export function createColumnReader(config: SyncConfig, known: readonly KnownColumn[]) {
  const ids = resolveColumns(config, known);
  const namesOf = new Map(known.map(({ id, names }) => [id, new Set(names)]));
  return (folder: Folder, reference: string): ColumnValue | undefined => {
    const id = ids.get(reference) ?? '';
    const names = namesOf.get(id);
    const has = (name: string | null | undefined) => typeof name === 'string' && names?.has(name) === true;
    const listed = folder.columns.findLast((column) => column.id === id);
    if (listed !== undefined) return listed.value;
    const others = folder.columns.filter((column) => !namesOf.has(column.id));
    return (others.findLast(({ name }) => has(name)) ?? others.findLast(({ label }) => has(label)))?.value;
  };
}
