import type { Folder, User } from '../clavus/folder.ts';
import { createColumnReader, type KnownColumn } from '../mapping/columns.ts';
import { namesIn } from '../mapping/names.ts';
import { didYouMean } from '../mapping/nearest.ts';
import { createUserFinder } from '../mapping/owners.ts';
import type { SyncConfig } from '../mapping/sync-config.ts';
import { type Finding, warning } from './finding.ts';

type OwnersSample = {
  config: SyncConfig;
  known: readonly KnownColumn[];
  folders: readonly Folder[];
  users: readonly User[];
};

/** Checks that each person in `owners.overrides` exists: as the id of a user, or as the folders write the name. */
export function checkOverrides({ config, known, folders, users }: OwnersSample): Finding[] {
  const { ownerIds } = config.company;
  const people = Object.keys(config.owners.overrides);
  // The result of a tenant's own function is not in the column.
  if (ownerIds === undefined || typeof ownerIds.as === 'function' || folders.length === 0) return [];
  const read = createColumnReader(config, known);
  const seen = new Set(
    folders.flatMap((folder) =>
      ownerIds.from.flatMap((column) =>
        namesIn(read(folder, column) ?? null, (text) => people.includes(text)),
      ),
    ),
  );
  const find = createUserFinder(users);
  const lines = people.flatMap((person) => {
    if (seen.has(person) || users.some(({ id }) => id === person)) return [];
    const user = find(person);
    if (user === undefined) {
      const names = [...users.map(({ firstName, lastName }) => `${firstName} ${lastName}`.trim()), ...seen];
      return [`no user of Clavus is called '${person}'${didYouMean(person, names)}`];
    }
    const called = [...seen].find((text) => find(text) === user);
    return called === undefined ? [] : [`the folders have '${called}' for '${person}'`];
  });
  if (lines.length === 0) return [];
  const count = lines.length === 1 ? 'one of its entries has' : `${lines.length} of its entries have`;
  return [
    warning('owners.overrides', `${count} no effect: no person in ${folders.length} folders has that name`, {
      cure: 'Name people as the column of company.ownerIds has them, or by the ids of users.',
      people: lines,
    }),
  ];
}
