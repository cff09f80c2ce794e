import type { Folder, User } from '../../lib/clavus/folder.ts';
import { columnText } from '../../lib/mapping/column-text.ts';
import type { KnownColumn } from '../../lib/mapping/columns.ts';
import { email } from '../../lib/mapping/email.ts';
import { fold } from '../../lib/mapping/fold.ts';
import { createOwnerResolver, createUserFinder } from '../../lib/mapping/owners.ts';
import { phone } from '../../lib/mapping/phone.ts';
import { postalCode } from '../../lib/mapping/postal-code.ts';
import { siren } from '../../lib/mapping/siren.ts';
import { readModified } from '../../lib/mapping/watermark.ts';
import type { Member } from '../../lib/moovago/company.ts';

export type ClavusSample = {
  known: readonly KnownColumn[];
  folders: readonly Folder[];
  users: readonly User[];
  members: readonly Member[];
};

/** What a value can be recognised as. */
export type Kind = 'phone' | 'email' | 'postalCode' | 'siren' | 'person' | 'date' | 'number';

/** A column, what it is called and what a sample of folders has in it. */
export type ColumnContents = {
  /** What the configuration calls it: a name that no other column has, else the id. */
  reference: string;
  /** Its names in lower case, without accents, words apart. */
  words: string[];
  /** How many folders have something in it. */
  filled: number;
  /** How much of that is of a kind, from 0 to 1. */
  share(kind: Kind): number;
  /** What each folder of the sample has in it; empty where it has nothing. */
  texts: string[];
};

const zone = 'Europe/Paris';

export function readColumns({ known, folders, users, members }: ClavusSample): ColumnContents[] {
  const owners = createOwnerResolver({ users, members, overrides: {} });
  const findUser = createUserFinder(users);
  const is: Record<Kind, (text: string) => boolean> = {
    phone: (text) => text.replace(/\D/g, '').length >= 10 && /^(\+\d|0\d( \d\d){4}$)/.test(phone(text)),
    email: (text) => email(text) !== '',
    postalCode: (text) => /^(0[1-9]|[1-8]\d|9[0-8])\d{3}$/.test(postalCode(text)),
    siren: (text) => siren(text) !== '',
    person: (text) => findUser(text.trim()) !== undefined || owners(text).kind === 'found',
    date: (text) => readModified(text, zone) !== undefined,
    number: (text) => /^[\d\s.,€%-]+$/.test(text),
  };
  return known.map((column) => {
    const all = folders
      .map((folder) => columnText(folder.columns.findLast(({ id }) => id === column.id)?.value ?? null))
      .map((text) => (isPlaceholder(text) ? '' : text.trim()));
    const texts = all.filter((text) => text !== '');
    return {
      reference: referenceOf(column, known),
      words: column.names.map((name) =>
        fold(name)
          .replace(/[^a-z0-9]+/g, ' ')
          .trim(),
      ),
      filled: texts.length,
      texts: all,
      share: (kind) => (texts.length === 0 ? 0 : texts.filter(is[kind]).length / texts.length),
    };
  });
}

/** What people write where they know nothing. */
const isPlaceholder = (text: string) => /^\s*(n\/?a|-+|\?+|x+)\s*$/i.test(text);

/** A technical name rather than a label, which a user may change; the id where no name is the column's alone. */
function referenceOf({ id, names }: KnownColumn, columns: readonly KnownColumn[]): string {
  const others = columns.filter((column) => column.id !== id);
  const taken = new Set(others.flatMap((column) => [column.id, ...column.names]).map(fold));
  const own = names.filter((name) => !taken.has(fold(name)));
  return own.find((name) => /^[\w.-]+$/.test(name) && name === name.toLowerCase()) ?? own[0] ?? id;
}
