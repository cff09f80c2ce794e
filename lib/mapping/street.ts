import { fold } from './fold.ts';

/** What two spellings of a street have in common. Blank where the address has none. */
export type Street = { number: string; word: string };

/** A house number at the beginning of a line or behind another number: "n° 12 bis, rue …", "Appt 4, 12 rue …". */
const house = /(?:^|[,\n]|\d )\s*(?:n°? ?|no ?)?(\d{1,4})(?: ?(?:bis|ter|quater|[a-d]))?[ ,]+(?=\p{L})/u;

/** The house number and the last word of the street: 12 and "parthenay" of "12 bis, rte de Parthenay". */
export function street(address: string): Street {
  const text = fold(address).replace(/[^\p{L}\p{N},\n°]+/gu, ' ');
  const found = house.exec(text);
  const from = found ? text.slice(found.index + found[0].length) : text;
  const [line = ''] = from
    .trim()
    .split(/[,\n]|\b\d{5}\b/)
    .filter((part) => /\p{L}{2}/u.test(part));
  return { number: found?.[1] ?? '', word: line.match(/\p{L}{2,}/gu)?.at(-1) ?? '' };
}

/** A town without what varies: "ST-MAIXENT CEDEX 2" and "Saint Maixent" are equal. */
export const town = (city: string): string =>
  fold(city)
    .replace(/\bcedex\b/g, ' ')
    .replace(/[^\p{L}]+/gu, ' ')
    .replace(/\bst(e?)\b/g, (_, female: string) => `saint${female}`)
    .trim();
