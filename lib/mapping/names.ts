import type { ColumnValue } from '../clavus/folder.ts';
import { columnText } from './column-text.ts';
import { apostrophes, fold } from './fold.ts';

/** Forms of address, as they stand before names: no part of them. */
const civilities = /^(?:(?:m|mr|mme|mlle|monsieur|madame|mademoiselle|dr|me)(?:\.|\s)\s*)+(?=\p{L})/u;

/**
 * A name without its order, accents, case, hyphens, apostrophes and forms of address: "M. DUPONT Jean-Noël" and "jean noel
 * dupont" are equal, and so are "N'Guyen" and "NGUYEN".
 */
export const nameKey = (text: string): string =>
  fold(text)
    .replace(civilities, '')
    .replace(apostrophes, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');

/** Values by key. A key that two different values share is left out. */
export function unambiguous<Value>(entries: Iterable<readonly [string, Value]>): Map<string, Value> {
  const values = new Map<string, Value>();
  const shared = new Set(['']);
  for (const [key, value] of entries) {
    if (values.has(key) && values.get(key) !== value) shared.add(key);
    values.set(key, value);
  }
  for (const key of shared) values.delete(key);
  return values;
}

/** Returns a function that finds an id: by the id itself, or by a name in any order and case that only one of them has. */
export function createNameFinder(named: readonly { id: string; name: string }[]) {
  const byId = new Map(named.map(({ id }) => [id, id]));
  const byName = unambiguous(named.map(({ id, name }) => [nameKey(name), id]));
  return (text: string) => byId.get(text) ?? byName.get(nameKey(text));
}

/** The names in a column: one, a list, or several in one text. "DUPONT, Marvin" is one name if it is known. */
export function namesIn(value: ColumnValue, isKnown: (text: string) => boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => namesIn(one, isKnown));
  const text = columnText(value).trim();
  const parts = text.split(/[,;|\n]/).map((part) => part.trim());
  return (parts.length > 1 && isKnown(text) ? [text] : parts).filter((part) => part !== '');
}
