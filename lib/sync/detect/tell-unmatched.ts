import type { Log } from '../../framework/telemetry.ts';
import type { UnmatchedOwner } from '../../state/directory.ts';

/** More are a matter of the configuration as a whole, and the table's item has its limits. */
const peopleMax = 200;

export type UnmatchedDependencies = {
  log: Log;
  readUnmatched(): Promise<UnmatchedOwner[]>;
  saveUnmatched(people: readonly UnmatchedOwner[]): Promise<void>;
};

/** An owner and a mandator may be called the same. */
export const unmatchedKey = ({ kind, person }: Pick<UnmatchedOwner, 'kind' | 'person'>): string =>
  `${kind ?? 'owner'}:${person}`;

/**
 * One warning for each person whom no member of the Moovago team is, and for each mandator that it does not have, with the number of folders, when somebody new is
 * among them; and the list for who asks. Which person it is, the log does not say: a folder of theirs leads there.
 */
export async function tellUnmatched(
  people: readonly UnmatchedOwner[],
  { log, readUnmatched, saveUnmatched }: UnmatchedDependencies,
): Promise<void> {
  const sorted = [...people].sort((one, other) => other.folders - one.folders).slice(0, peopleMax);
  const before = await readUnmatched();
  if (JSON.stringify(sorted) === JSON.stringify(before)) return;
  const known = new Set(before.map(unmatchedKey));
  for (const one of sorted) {
    const { folders, folderId, kind } = one;
    if (!known.has(unmatchedKey(one))) log.warn(`${kind ?? 'owner'}-unmatched`, { folders, folderId });
  }
  await saveUnmatched(sorted);
}
