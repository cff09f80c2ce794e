import { type CountryCode, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cleanText } from './clean-text.ts';
import { asNumber } from './postal-code.ts';

/** Monaco and the overseas territories, by the first three digits of their postal codes. Each has its own numbers. */
const territories = new Map<string, CountryCode>([
  ['971', 'GP'],
  ['972', 'MQ'],
  ['973', 'GF'],
  ['974', 'RE'],
  ['975', 'PM'],
  ['976', 'YT'],
  ['977', 'BL'],
  ['978', 'MF'],
  ['980', 'MC'],
  ['986', 'WF'],
  ['987', 'PF'],
  ['988', 'NC'],
]);

/** In these, ten digits with a leading zero reach all numbers, so that a rep can dial the national form from anywhere. */
const tenDigitCountries: readonly CountryCode[] = ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT'];
const nationalFormat = new Set<CountryCode | undefined>([...tenDigitCountries, 'BL', 'MF']);

const countryOf = (postalCode: string | undefined): CountryCode =>
  territories.get((postalCode ?? '').slice(0, 3)) ?? 'FR';

/** Reads the number by the rules of the first country in which it is valid. */
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
  // 0800 and similar numbers exist both in the mainland and overseas. Without the prefix, another number would be
  // called.
  const isClear = number.country === countries[0] || parse(national, countries)?.number === number.number;
  return isClear ? national : number.formatInternational();
}

/** The numbers within a text: runs of digits, and the first of several French numbers with nothing between them. */
function* numbersWithin(text: string) {
  for (const [run] of text.matchAll(/\+?\d(?:[ .()-]{0,3}\d){3,}/g)) {
    yield run;
    const digits = run.replace(/\D/g, '');
    if (/^(?:0[1-9]\d{8}){2,}$/.test(digits)) yield digits.slice(0, 10);
  }
}

/**
 * A telephone number as Moovago's guide writes it: "07 68 45 46 74". Numbers of other countries, and of territories
 * without ten digits, get the international form. Of several numbers, the first valid one counts. Text without a valid
 * number stays, so that nothing is lost.
 * @param postalCode of the same folder: it distinguishes a number of La Réunion from one of the mainland
 */
export function phone(text: string, postalCode?: string): string {
  const trimmed = cleanText(text).replace(asNumber, '');
  const countries = countriesFor(postalCode);
  const number = firstNumber(trimmed, countries);
  return number ? format(number, countries) : trimmed;
}

/** So many words may stand beside a number: "tél. portable 06 12 34 56 78". More are a sentence. */
const wordsBeside = 2;

/**
 * The same number as E.164 has it, without an extension: "+33768454674". Blank if there is none, or only digits within a
 * sentence: they may count anything.
 */
export function phoneNumber(text: string, postalCode?: string): string {
  const trimmed = cleanText(text).replace(asNumber, '');
  if ((trimmed.match(/\p{L}{2,}/gu) ?? []).length > wordsBeside) return '';
  return firstNumber(trimmed, countriesFor(postalCode))?.number ?? '';
}

const countriesFor = (postalCode: string | undefined) => [
  ...new Set([countryOf(postalCode), ...tenDigitCountries]),
];

function firstNumber(text: string, countries: readonly CountryCode[]): PhoneNumber | undefined {
  if (!/\d/.test(text)) return undefined;
  // Longer texts are not telephone numbers, and would take long to search.
  const searched = text.slice(0, 250);
  for (const candidate of [searched, ...numbersWithin(searched)]) {
    const number = parse(candidate, countries);
    if (number) return number;
  }
  return undefined;
}
