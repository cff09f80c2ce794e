import type { Log } from '../framework/telemetry.ts';
import type { UnmatchedOwner } from '../state/directory.ts';

/** More are a matter of the configuration as a whole, and the table's item has its limits. */
const peopleMax = 200;

export type UnmatchedDependencies = {
  log: Log;
  readUnmatched(): Promise<UnmatchedOwner[]>;
  saveUnmatched(people: readonly UnmatchedOwner[]): Promise<void>;
};

/**
 * One warning for each person whom no member of the Moovago team is, with the number of folders, when somebody new is
 * among them; and the list for who asks. Which person it is, the log does not say: a folder of theirs leads there.
 */
export async function tellUnmatched(
  people: readonly UnmatchedOwner[],
  { log, readUnmatched, saveUnmatched }: UnmatchedDependencies,
): Promise<void> {
  const sorted = [...people].sort((one, other) => other.folders - one.folders).slice(0, peopleMax);
  const before = await readUnmatched();
  if (JSON.stringify(sorted) === JSON.stringify(before)) return;
  const known = new Set(before.map(({ person }) => person));
  for (const { person, folders, folderId } of sorted)
    if (!known.has(person)) log.warn('owner-unmatched', { folders, folderId });
  await saveUnmatched(sorted);
}
