import { faker } from '@faker-js/faker/locale/fr';
import type { Draws } from './draws.ts';
import { type Town, towns } from './french-towns.ts';

/** Names that faker lacks: accents, apostrophes, ligatures, several words. */
const rarerNames = [
  'Bœuf',
  'D’Hondt',
  'N’Guessan',
  'Lœuillet',
  'Béranger',
  'Thévenet',
  'Le Bihan',
  'Hélène-Duval',
  'Çelik',
  'Noël-Bréchet',
  'Saint-Ouën',
  'Müller-Weiß',
  'De La Fontaine',
  "O'Connor",
  'Gœtz',
  'Ruël',
  'Peña',
  'Kœnig',
  'Théoule',
  'L’Hermite',
];
const { first_name, last_name } = faker.definitions.person;
/** Leroux and Le roux, both among faker's, are too alike. */
const lastNames = [
  ...new Map(
    [...(last_name.generic ?? []), ...rarerNames].map((name) => [plainLetters(name), name]),
  ).values(),
];
const firstNames = [...(first_name.female ?? []), ...(first_name.male ?? [])];
const streetNames = faker.definitions.location.street_suffix ?? [];
const streetKinds = ['Allée', 'Rue', 'Avenue', 'Boulevard', 'Chemin', 'Impasse', 'Route', 'Place'] as const;

/**
 * Who lives where. No two folders have the same last name in the same town, so that none is taken for another: 169 names
 * and 47 towns have no factor in common, nor have the strides; past their 7,943 pairs, names become double names.
 */
export function household(seed: number, index: number): { lastName: string; town: Town } {
  const place = index + (seed >>> 0);
  const round = Math.floor(index / (lastNames.length * towns.length));
  const first = (place * 89) % lastNames.length;
  const lastName = lastNames[first] ?? 'Martin';
  const second = lastNames[(first + round) % lastNames.length] ?? 'Martin';
  return {
    lastName: round === 0 ? lastName : `${lastName}-${second}`,
    town: towns[(place * 37) % towns.length] ?? towns[0],
  };
}

export function firstName({ below }: Draws): string {
  return firstNames[below(firstNames.length)] ?? 'Camille';
}

export function streetAddress({ below, chance, pick }: Draws): string {
  const number = `${below(180) + 1}${chance(0.08) ? pick([' bis', ' ter', 'B']) : ''}`;
  return `${number} ${pick(streetKinds)} ${streetNames[below(streetNames.length)] ?? 'de la Paix'}`;
}

/** Letters a to z only, as people put their names into e-mail addresses. */
export function plainLetters(text: string): string {
  return text
    .replaceAll('œ', 'oe')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[^A-Za-z]+/g, '')
    .toLowerCase();
}
