import type { Telemetry } from '../../framework/telemetry.ts';
import type { DirectoryStore, UnmatchedOwner } from '../../state/directory.ts';

/** More people than this are a problem of the whole configuration, and an item of the table has its limits. */
const peopleMax = 200;

export type UnmatchedDependencies = {
  telemetry: Pick<Telemetry, 'log'>;
  directory: Pick<DirectoryStore, 'readUnmatched' | 'saveUnmatched'>;
};

/** An owner and a mandator may have the same name. */
export const unmatchedKey = ({ kind, person }: Pick<UnmatchedOwner, 'kind' | 'person'>): string =>
  `${kind ?? 'owner'}:${person}`;

/**
 * Logs one warning for each new owner or mandator that the Moovago team does not have, with the number of folders.
 * Stores the whole list for people who ask. The log does not name the person: it names one of their folders.
 */
export async function reportUnmatched(
  people: readonly UnmatchedOwner[],
  { telemetry: { log }, directory }: UnmatchedDependencies,
): Promise<void> {
  const sorted = [...people].sort((one, other) => other.folders - one.folders).slice(0, peopleMax);
  const before = await directory.readUnmatched();
  if (JSON.stringify(sorted) === JSON.stringify(before)) return;
  const known = new Set(before.map(unmatchedKey));
  for (const one of sorted) {
    const { folders, folderId, kind } = one;
    if (!known.has(unmatchedKey(one))) log.warn(`${kind ?? 'owner'}-unmatched`, { folders, folderId });
  }
  await directory.saveUnmatched(sorted);
}
