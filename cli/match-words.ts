import type { FolderRow } from '../lib/state/folder-row.ts';

type Match = NonNullable<FolderRow['match']>;

const words: Readonly<Record<string, string>> = {
  email: 'e-mail',
  phone: 'telephone',
  postalCode: 'postal code',
  city: 'town',
};

const wordOf = (field: string): string => words[field] ?? field;

/** Fields as people call them: "name and street". */
export const wordsOf = (fields: readonly string[]): string => fields.map(wordOf).join(' and ');

/**
 * Why a folder is linked to a company, or might be: "the same e-mail, and the same street, but another telephone".
 * @param match as the row keeps it
 */
export function matchWords({ by, witness, agree, differ }: Match): string {
  if (by === 'marker') return "the connector's own line in its note";
  if (by === 'person') return 'as a person decided';
  const key = by.split('+');
  const others = (witness === undefined ? agree : [witness]).filter((field) => !key.includes(field));
  return [
    `the same ${wordsOf(key)}`,
    ...(others.length > 0 ? [`and the same ${wordsOf(others)}`] : []),
    ...(differ.length > 0 ? [`but another ${wordsOf(differ)}`] : []),
  ].join(', ');
}

/** Those first of which more differs, a name before all: a person should look at them. */
export const contradictoryFirst = <Entry extends { differ: readonly string[] }>(
  entries: readonly Entry[],
): Entry[] => {
  const weight = ({ differ }: Entry) => differ.length + (differ.includes('name') ? 10 : 0);
  return entries.toSorted((one, other) => weight(other) - weight(one));
};
