import { type CountryCode, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cleanText } from './clean-text.ts';

/** The overseas territories by the first three digits of their postal codes: each numbers its telephones by itself. */
const territories = new Map<string, CountryCode>([
  ['971', 'GP'],
  ['972', 'MQ'],
  ['973', 'GF'],
  ['974', 'RE'],
  ['975', 'PM'],
  ['976', 'YT'],
  ['977', 'BL'],
  ['978', 'MF'],
  ['986', 'WF'],
  ['987', 'PF'],
  ['988', 'NC'],
]);

/** Where ten digits with a leading zero reach everyone, so that a rep can dial the national form from anywhere. */
const tenDigitCountries: readonly CountryCode[] = ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT'];
const nationalFormat = new Set<CountryCode | undefined>([...tenDigitCountries, 'BL', 'MF']);

const countryOf = (postalCode: string | undefined): CountryCode =>
  territories.get((postalCode ?? '').slice(0, 3)) ?? 'FR';

/** The number as the first of the countries that has such a one reads it. */
function parse(text: string, countries: Iterable<CountryCode>): PhoneNumber | undefined {
  for (const defaultCountry of countries) {
    const number = parsePhoneNumberFromString(text, { defaultCountry });
    if (number?.isValid()) return number;
  }
  return undefined;
}

function format(number: PhoneNumber, countries: readonly CountryCode[]): string {
  if (!nationalFormat.has(number.country)) return number.formatInternational();
  const national = number.formatNational();
  // 0800 and the like exist in the mainland and overseas: without its prefix another number would be called.
  const isClear = number.country === countries[0] || parse(national, countries)?.number === number.number;
  return isClear ? national : number.formatInternational();
}

/** The numbers within a text: runs of digits; and, of French numbers with nothing between them, each one. */
function* numbersWithin(text: string) {
  for (const [run] of text.matchAll(/\+?\d(?:[ .()-]{0,3}\d){3,}/g)) {
    yield run;
    const digits = run.replace(/\D/g, '');
    if (/^(?:0[1-9]\d{8}){2,}$/.test(digits)) yield digits.slice(0, 10);
  }
}

/**
 * A telephone number as Moovago's guide writes it, "07 68 45 46 74"; numbers of other countries, and of the territories
 * that do not have ten digits, in international form. Of several numbers the first valid one.
 * Text without a valid number stays, so that nothing is lost.
 * @param postalCode of the same folder: it tells a number of La Réunion from one of the mainland.
 */
export function phone(text: string, postalCode?: string): string {
  const trimmed = cleanText(text);
  if (!/\d/.test(trimmed)) return trimmed;
  const countries = [...new Set([countryOf(postalCode), ...tenDigitCountries])];
  // Longer texts are no telephone numbers, and would take long to search.
  const searched = trimmed.slice(0, 250);
  for (const candidate of [searched, ...numbersWithin(searched)]) {
    const number = parse(candidate, countries);
    if (number) return format(number, countries);
  }
  return trimmed;
}
