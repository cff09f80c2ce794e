import type { CompanyRecord } from '../../lib/moovago/company.ts';
import { firm, type Named, officialName, otherName, person } from './people.ts';
import { createRandom, type Random } from './random.ts';

/** A record, and whose it is in truth: a number. */
export type Owned = { record: CompanyRecord; customer: number };

export type Tenant = { folders: Owned[]; companies: Owned[] };

export type TenantKind = 'office' | 'bare' | 'surnames' | 'housing' | 'fillers';

type Customer = Named & {
  place: { town: number; number: number; street: number };
  email: string;
  phone: string;
};

const counts = {
  customers: 5000,
  towns: 40,
  streets: 40,
  pairs: 20,
  secondFolders: 250,
  repCompanies: 1500,
  landlords: 25,
};
const ways = ['rue', 'route', 'avenue', 'impasse', 'chemin'] as const;
const knownFillers = ['non@non.fr', 'pasdemail@exemple.fr', 'aucun@aucun.fr', 'nc@nc.fr'] as const;
/** Those that no list knows. */
const ownFillers = [
  'client@solaire-ouest.example',
  'voir.dossier@exemple.fr',
  'mairie@bourg.example',
] as const;
const knownNumbers = ['00 00 00 00 00', '06 06 06 06 06', '01 23 45 67 89'] as const;
const ownNumbers = ['05 49 00 00 01', '05 49 00 00 02'] as const;

const pairs = (digits: string) => digits.replace(/(\d\d)(?=\d)/g, '$1 ');
const phoneOf = (number: number) => pairs(`06${String(10_000_000 + number * 997).padStart(8, '0')}`);
const landlordPhone = (landlord: number) => pairs(`0549${String(110_000 + landlord * 37)}`);
const streetName = (place: Customer['place'], way: string) =>
  `${way} du Clos ${streetWord(place.town * counts.streets + place.street)}`;
const streetWord = (number: number) =>
  [...String(number)].map((digit) => 'bo ca di fe gu la me no ru so'.split(' ')[Number(digit)]).join('');
const postalCodeOf = (town: number) => String(79_000 + town * 10);
const townOf = (town: number) => `Saint-${streetWord(900 + town)}`;
const wayOf = ({ street }: Customer['place']) => ways[street % ways.length] ?? 'rue';

/**
 * A made-up tenant, as large and as untidy as an office's: its folders in Clavus, and the companies that its reps made.
 * - `office`: a filler in 4.5 % of the e-mails, half of them in no list; a landlord's number in 3 % of the telephones.
 * - `bare`: the same, and some companies have neither street, telephone nor e-mail address in common with their folder.
 * - `surnames`: the same, and people have no first name.
 * - `housing`: four in ten folders are flats of three associations, with an association's e-mail and telephone in each.
 * - `fillers`: a filler in 20 % of the e-mails and telephones.
 */
export function makeTenant(seed: number, kind: TenantKind): Tenant {
  const random = createRandom(seed);
  const customers = makeCustomers(random, kind);
  const folders = customers.map((customer, number) => ({
    customer: number,
    record: asFolder(customer, random, kind),
  }));
  const again = random.shuffled([...customers.keys()]).slice(0, counts.secondFolders);
  const seconds = again.map((number) => {
    const customer = customers[number] ?? anybody(random);
    const record = asFolder(customer, random, kind);
    return { customer: number, record: { ...record, name: otherName(customer, random) } };
  });
  const known = random.shuffled([...customers.keys()]).slice(0, counts.repCompanies);
  const companies = known.map((number) => ({
    customer: number,
    record: asCompany(customers[number] ?? anybody(random), random, kind),
  }));
  return {
    folders: random.shuffled([...folders, ...seconds]),
    companies: [...random.shuffled(companies), ...landlords(random), ...associations(kind)],
  };
}

function makeCustomers(random: Random, kind: TenantKind): Customer[] {
  const customers: Customer[] = [];
  for (let number = 0; number < counts.customers; number++) {
    const named = random.hits(0.2) ? firm(random) : person(random);
    const contacts = {
      email: random.hits(0.7) ? `${streetWord(number)}.${number}@exemple.fr` : '',
      phone: random.hits(0.85) ? phoneOf(number) : '',
    };
    const { firstName, ...bare } = named;
    customers.push({ ...(kind === 'surnames' ? bare : named), ...contacts, place: anyPlace(random) });
  }
  addSons(customers, random);
  if (kind === 'housing') addFlats(customers, random);
  return customers;
}

/** Sons that are called like their fathers; half of them live in the same street. */
function addSons(customers: Customer[], random: Random): void {
  for (let pair = 0; pair < counts.pairs; pair++) {
    const { surname, firstName, legalForm, trade, place } = customers[pair] ?? anybody(random);
    const son = customers[counts.pairs + pair];
    if (son === undefined) return;
    const street = pair % 2 === 0 ? place.street : (place.street + 1) % counts.streets;
    const names = {
      surname,
      ...(firstName ? { firstName } : {}),
      ...(legalForm ? { legalForm, trade: trade ?? '' } : {}),
    };
    customers[counts.pairs + pair] = {
      ...names,
      email: son.email,
      phone: son.phone,
      place: { town: place.town, street, number: place.number + 1 + random.below(20) },
    };
  }
}

const association = (number: number) => ({
  name: `Habitat ${streetWord(700 + number)}`,
  email: `accueil@habitat${number}.example`,
  phone: pairs(`054950000${number}`),
});

/** Flats in sixty houses. What can be reached is the association. */
function addFlats(customers: Customer[], random: Random): void {
  const houses = Array.from({ length: 60 }, () => anyPlace(random));
  for (let number = 2 * counts.pairs; number < customers.length * 0.4; number++) {
    const customer = customers[number];
    const house = random.below(houses.length);
    if (customer === undefined) return;
    const { email, phone } = association(house % 3);
    customers[number] = { ...customer, email, phone, place: houses[house] ?? customer.place };
  }
}

const anyPlace = (random: Random) => ({
  town: random.below(counts.towns),
  street: random.below(counts.streets),
  number: 1 + random.below(90),
});

const anybody = (random: Random): Customer => ({
  ...person(random),
  email: '',
  phone: '',
  place: anyPlace(random),
});

/** What stands in an e-mail column, and in that of a telephone, of one who has one. */
function typed({ email, phone }: Customer, random: Random, kind: TenantKind) {
  const share = kind === 'fillers' ? 0.2 : 0.045;
  const filler = random.hits(0.5) ? random.pick(knownFillers) : random.pick(ownFillers);
  const number = random.hits(0.5) ? random.pick(knownNumbers) : random.pick(ownNumbers);
  const isFiller = kind === 'fillers' && random.hits(share);
  const its = random.hits(0.03) ? landlordPhone(random.below(counts.landlords)) : phone;
  return {
    email: email !== '' && random.hits(share) ? filler : email,
    phone: phone === '' ? '' : isFiller ? number : its,
  };
}

function asFolder(customer: Customer, random: Random, kind: TenantKind): CompanyRecord {
  const { place } = customer;
  return {
    name: officialName(customer),
    address: `${place.number} ${streetName(place, wayOf(place))}`,
    postalCode: postalCodeOf(place.town),
    city: townOf(place.town),
    ...typed(customer, random, kind),
  };
}

/** Of all companies that reps make, these shares have a street, a telephone and an e-mail address. */
const filled = { street: 0.8, phone: 0.75, email: 0.4 };

function asCompany(customer: Customer, random: Random, kind: TenantKind): CompanyRecord {
  const { place } = customer;
  const { email, phone } = typed(customer, random, kind);
  const way = random.hits(0.3) ? wayOf(place).slice(0, 3) : wayOf(place);
  const hasStreet = random.hits(filled.street);
  // A rep knows only what the customer has.
  const hasEmail = random.hits(filled.email / 0.7) && email !== '';
  const isReached = hasStreet || hasEmail || kind === 'bare';
  // Of a customer without a street, a rep has typed something else, where there is something.
  const hasPhone = !isReached || random.hits(filled.phone / 0.85);
  return {
    name: otherName(customer, random),
    address: hasStreet ? `${place.number}${random.pick(['', ',', ' bis'])} ${streetName(place, way)}` : '',
    postalCode: postalCodeOf(place.town),
    city: townOf(place.town).toUpperCase(),
    phone: hasPhone ? phone.replaceAll(' ', random.pick(['', '.', ' '])) : '',
    email: hasEmail || (!isReached && phone === '') ? email : '',
  };
}

/** Companies of their own: those of no folder. */
const landlords = (random: Random): Owned[] =>
  Array.from({ length: counts.landlords }, (_, landlord) => ({
    customer: -1 - landlord,
    record: asCompany(
      { ...firm(random), email: '', phone: landlordPhone(landlord), place: anyPlace(random) },
      random,
      'office',
    ),
  })).map((owned, landlord) => ({ ...owned, record: { ...owned.record, phone: landlordPhone(landlord) } }));

const associations = (kind: TenantKind): Owned[] =>
  kind === 'housing'
    ? [0, 1, 2].map((number) => ({ customer: -100 - number, record: association(number) }))
    : [];
