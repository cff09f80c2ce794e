import type { ColumnValue, User } from '../clavus/folder.ts';
import type { Member } from '../moovago/company.ts';
import { fold } from './fold.ts';
import { createNameFinder, nameKey, namesIn, unambiguous } from './names.ts';

type Directory = {
  users: readonly User[];
  members: readonly Member[];
  /** Clavus user id, or text of the column → member id or alias. */
  overrides: Record<string, string>;
  fallback?: string | undefined;
};

/**
 * Member ids (none for an empty column), or why a person was not found, without the name. `unmatched`: the people who
 * were not found, as the column has them.
 */
export type Owners = ({ kind: 'found'; memberIds: string[] } | { kind: 'unknown'; reason: string }) & {
  unmatched?: string[];
};
export type OwnerResolver = (value: ColumnValue) => Owners;

const fullName = ({ firstName, lastName }: User) => `${firstName} ${lastName}`;

/** Returns a function that finds a user by id, e-mail, or name in any order and case. */
export function createUserFinder(users: readonly User[]) {
  const byId = new Map(users.map((user) => [user.id, user]));
  const everyone = [...byId.values()];
  const byEmail = unambiguous(everyone.map((user) => [fold(user.email ?? ''), user]));
  const byName = unambiguous(everyone.map((user) => [nameKey(fullName(user)), user]));
  return (text: string) => byId.get(text) ?? byEmail.get(fold(text)) ?? byName.get(nameKey(text));
}

/** Returns a function that finds a member's id, by id or by alias in any order and case. */
export const createMemberFinder = (members: readonly Member[]) =>
  createNameFinder(members.map(({ id, alias }) => ({ id, name: alias })));

/** A person as a column has them, with the name if that is the id of a user. */
export function personName(person: string, users: readonly User[]): string {
  const user = users.find(({ id }) => id === person);
  return user === undefined ? person : `${fullName(user)} (${person})`.trim();
}

/** The aliases that an e-mail address suggests: the address, or "marvin.dupont". */
const aliasesOf = (email: string) => [email, email.split('@', 1)[0] ?? ''];

/** Finds one person: by an override, else as a user of Clavus, else directly as a member of Moovago. */
function createPersonFinder({ users, members, overrides }: Directory) {
  const findUser = createUserFinder(users);
  const findMember = createMemberFinder(members);
  const override = new Map(Object.entries(overrides));
  return (text: string): string | undefined => {
    const user = findUser(text);
    const ordered = override.get(text) ?? override.get(user?.id ?? '');
    if (ordered !== undefined) return findMember(ordered);
    // A user's id is not looked up among the members: both systems might count from 1.
    const words = user ? [fullName(user), ...aliasesOf(user.email ?? '')] : [text, ...aliasesOf(text)];
    return words.map(findMember).find((id) => id !== undefined);
  };
}

/**
 * Finds the Moovago members that a column of Clavus names: by user id, e-mail, name in either order, member id or
 * alias. The fallback replaces a person who is not found, or whose name two people have.
 */
export function createOwnerResolver(directory: Directory): OwnerResolver {
  const find = createPersonFinder(directory);
  const isMember = new Set(directory.members.map(({ id }) => id));
  const fallback = isMember.has(directory.fallback ?? '') ? directory.fallback : undefined;
  return (value) => {
    const people = namesIn(value, (text) => find(text) !== undefined);
    const found = (people.length === 0 ? [undefined] : people.map(find)).map((id) => id ?? fallback);
    const memberIds = [...new Set(found.filter((id) => id !== undefined))];
    const strangers = people.filter((person) => find(person) === undefined);
    const unmatched = strangers.length > 0 ? { unmatched: strangers } : {};
    if (people.length === 0 || !found.includes(undefined)) return { kind: 'found', memberIds, ...unmatched };
    return {
      kind: 'unknown',
      ...unmatched,
      reason:
        directory.fallback === undefined
          ? 'no one member of the Moovago team is this person: add an entry to owners.overrides, or set owners.fallback'
          : 'no one member of the Moovago team is this person, and neither is owners.fallback a member of it',
    };
  };
}
