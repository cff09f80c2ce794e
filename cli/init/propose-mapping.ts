import type { JoinedColumns } from '../../lib/mapping/field-rule.ts';
import { nameKey } from '../../lib/mapping/names.ts';
import { type ClavusSample, type ColumnContents, type Kind, readColumns } from './column-contents.ts';

/**
 * A field of a company, and the columns that it is proposed to be made of: the first one that is not empty. Those in a list
 * of their own are joined.
 */
type ProposedField = { from: JoinedColumns[]; as?: 'phone' | 'email' | 'postalCode' | 'siren' | 'owner' };

export type ProposedMapping = {
  company: Partial<
    Record<
      'name' | 'address' | 'postalCode' | 'city' | 'phone' | 'email' | 'note' | 'ownerIds',
      ProposedField
    >
  >;
  modifiedColumn?: string;
  createdColumn?: string;
  /** A column with SIREN numbers, for which Moovago's guide has no field. */
  siren?: string;
};

/** How a column is found: by what it is called, in the order of the patterns, and by what is in it. */
type Search = {
  called: readonly RegExp[];
  /** What at least half of what is in it must be. */
  holds?: Kind;
  /** What it must not be. */
  not?: readonly Kind[];
  /** A column that is called otherwise will do if this much of it is of the kind. */
  enough?: number;
  /** How many columns, each for where the ones before are empty. */
  columns?: number;
};

const noText = ['phone', 'email', 'postalCode', 'date', 'number', 'siren'] as const;

const searches = {
  email: { called: [/\b(e ?mail|mail|courriel|mel)\b/], holds: 'email', enough: 0.5, columns: 2 },
  siren: { called: [/\bsiren\b/, /\bsiret\b/], holds: 'siren', enough: 0.8 },
  phone: {
    called: [/\b(tel|telephone|phone|mobile|portable|gsm)/],
    holds: 'phone',
    not: ['siren'],
    enough: 0.7,
    columns: 2,
  },
  postalCode: { called: [/\bcode ?postal\b/, /\b(cp|zip|postcode)\b/], holds: 'postalCode', enough: 0.9 },
  city: { called: [/\b(ville|commune|localite|city)\b/], not: noText },
  address: { called: [/\b(adresse|address)\b/, /\b(rue|voie)\b/], not: noText },
  owner: {
    called: [/\b(commercial|vendeur|owner|conseiller|charge d affaires|responsable)\b/],
    holds: 'person',
    enough: 0.8,
  },
  companyName: {
    called: [/\braison sociale\b/, /\b(denomination|nom commercial|societe|entreprise|company)\b/],
    not: [...noText, 'person'],
  },
  lastName: {
    called: [
      /^(nom|last ?name|surname)$/,
      /\bnom (de famille|(du |de )?(client|dossier|prospect)|complet)\b/,
      /^(client|name)$/,
      /\bnom\b/,
    ],
    not: [...noText, 'person'],
  },
  firstName: {
    called: [/^(prenom|first ?name|given ?name)s?$/, /^prenoms? (du |de )?(client|dossier|prospect)$/],
    not: [...noText, 'person'],
  },
  note: { called: [/\b(notes?|commentaires?|remarques?|observations?)\b/], not: noText },
  modified: { called: [/\b(modif\w*|maj|mise a jour|updated)\b/], holds: 'date' },
  created: { called: [/\b(creation|cree le|created)\b/], holds: 'date' },
} satisfies Record<string, Search>;

/** What reps may not read stays in Clavus. */
const internal = /\b(intern(e|es|al)|confidentiel(le)?s?|confidential|privee?s?|private|secrete?s?)\b/;

/**
 * Proposes what a company is made of, by what columns are called and by what is in them. No column is used twice, and none
 * that is called internal, confidential or private. `company.name` is absent where no column looks like a name.
 */
export function proposeMapping(sample: ClavusSample): ProposedMapping {
  const columns = readColumns(sample).filter(({ words }) => !words.some((name) => internal.test(name)));
  const used = new Set<string>();
  const take = (search: Search): string[] => {
    const free = columns.filter(({ reference }) => !used.has(reference));
    const found = find(search, free).slice(0, search.columns ?? 1);
    for (const { reference } of found) used.add(reference);
    return found.map(({ reference }) => reference);
  };
  // What is recognised by its content goes first: "adresse e-mail" is no address.
  const [email, siren, phone, postalCode] = [
    take(searches.email),
    take(searches.siren),
    take(searches.phone),
    take(searches.postalCode),
  ];
  const [modified, created, owner] = [take(searches.modified), take(searches.created), take(searches.owner)];
  const name = [
    ...take(searches.companyName),
    ...fullName(take(searches.lastName), take(searches.firstName), columns),
  ];
  const [address, city, note] = [take(searches.address), take(searches.city), take(searches.note)];
  const [modifiedColumn, createdColumn, sirenColumn] = [modified[0], created[0], siren[0]];
  return {
    company: {
      ...field('name', name),
      ...field('address', address),
      ...field('postalCode', postalCode, 'postalCode'),
      ...field('city', city),
      ...field('phone', phone, 'phone'),
      ...field('email', email, 'email'),
      ...(note.length > 0 ? field('note', note) : field('note', siren, 'siren')),
      ...field('ownerIds', owner, 'owner'),
    },
    ...(modifiedColumn === undefined ? {} : { modifiedColumn }),
    ...(createdColumn === undefined ? {} : { createdColumn }),
    ...(sirenColumn === undefined || note.length === 0 ? {} : { siren: sirenColumn }),
  };
}

/** First and last name together, unless the column of the last name has both. */
function fullName(
  [lastName]: readonly string[],
  [firstName]: readonly string[],
  columns: readonly ColumnContents[],
): JoinedColumns[] {
  if (lastName === undefined) return [];
  if (firstName === undefined) return [lastName];
  const textsOf = (reference: string) =>
    columns.find((column) => column.reference === reference)?.texts ?? [];
  const first = textsOf(firstName);
  const both = textsOf(lastName).flatMap((last, place) =>
    last && first[place] ? [[first[place], last]] : [],
  );
  const wordsOf = (text: string) => nameKey(text).split(' ');
  const repeated = both.filter(([given = '', last = '']) =>
    wordsOf(given).every((word) => wordsOf(last).includes(word)),
  );
  return both.length > 0 && repeated.length * 2 > both.length ? [lastName] : [[firstName, lastName]];
}

const field = (name: keyof ProposedMapping['company'], from: JoinedColumns[], as?: ProposedField['as']) =>
  from.length === 0 ? {} : { [name]: { from, ...(as ? { as } : {}) } };

/** Columns that are called so and hold such, best first; or the best of those that only hold such. */
function find(
  { called, holds, not = [], enough }: Search,
  columns: readonly ColumnContents[],
): ColumnContents[] {
  const fits = ({ filled, share }: ColumnContents, least: number) =>
    (holds === undefined || filled === 0 || share(holds) >= least) && not.every((kind) => share(kind) < 0.5);
  const rank = ({ words }: ColumnContents) => {
    const places = words
      .map((name) => called.findIndex((pattern) => pattern.test(name)))
      .filter((at) => at >= 0);
    return places.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...places);
  };
  const ranked = columns
    .map((column) => ({ column, rank: rank(column) }))
    .filter(({ column, rank: place }) => Number.isFinite(place) && fits(column, 0.5))
    // Of two that are called alike, the one that more folders fill.
    .sort((one, other) => one.rank - other.rank || other.column.filled - one.column.filled)
    .map(({ column }) => column);
  if (ranked.length > 0 || enough === undefined) return ranked;
  const byContent = columns.filter((column) => column.filled > 0 && fits(column, enough));
  return byContent.sort((one, other) => other.filled - one.filled).slice(0, 1);
}
