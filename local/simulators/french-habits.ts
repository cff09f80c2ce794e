import type { ColumnValue } from '../../lib/clavus/folder.ts';
import type { Draws } from './draws.ts';
import { plainLetters } from './french-names.ts';
import type { Town } from './french-towns.ts';

/** A name as people type it: some in capitals, a few with stray blanks, hardly any with an emoji. */
export function typedName(name: string, { chance }: Draws): string {
  if (chance(0.2)) return name.toLocaleUpperCase('fr');
  if (chance(0.02)) return `${name} `;
  if (chance(0.02)) return ` ${name.replace(' ', '  ')}`;
  if (chance(0.02)) return name.normalize('NFD');
  return chance(0.01) ? `${name} ☀️` : name;
}

/** What people write where they know nothing. */
export function nothing({ pick }: Draws): ColumnValue {
  return pick([null, '', null, '', ' ', 'N/A', '-']);
}

/** A postal code as spreadsheets leave it: some lost their leading zero, some are numbers. */
export function typedPostalCode(postalCode: string, { chance }: Draws): ColumnValue {
  if (chance(0.04)) return Number(postalCode);
  if (chance(0.08)) return postalCode.replace(/^0/, '');
  if (chance(0.02)) return `${postalCode.slice(0, 2)} ${postalCode.slice(2)}`;
  return chance(0.01) ? null : postalCode;
}

type Digits = { national: string; other: string; country: string };
const pairs = (digits: string) => digits.replace(/\d\d(?=\d)/g, '$& ');
const abroad = ({ national, country }: Digits, gap: string) =>
  `${country} ${national.slice(1, 4)} ${pairs(national.slice(4))}`.replaceAll(' ', gap);

/** The habits, each as often as it stands here. */
const phoneHabits: readonly [(digits: Digits) => ColumnValue, ...((digits: Digits) => ColumnValue)[]] = [
  ({ national }) => national,
  ({ national }) => national,
  ({ national }) => national,
  ({ national }) => pairs(national),
  ({ national }) => pairs(national),
  ({ national }) => pairs(national),
  ({ national }) => pairs(national),
  ({ national }) => pairs(national).replaceAll(' ', '.'),
  ({ national }) => pairs(national).replaceAll(' ', '.'),
  ({ national }) => pairs(national).replaceAll(' ', '-'),
  (digits) => `+${abroad(digits, '')}`,
  (digits) => `+${abroad(digits, '')}`,
  (digits) => `+${abroad(digits, ' ')}`,
  (digits) => `00${abroad(digits, '')}`,
  (digits) => abroad(digits, ' '),
  ({ national, country }) => `+${country} (0)${pairs(national).slice(1)}`,
  ({ national }) => `Tél : ${pairs(national)}`,
  ({ national }) => `${pairs(national)} (bureau)`,
  ({ national, other }) => `${pairs(national)} / ${pairs(other)}`,
  ({ national }) => Number(national),
];

/** A telephone in one of many habits of writing. Its last six digits are no other folder's, up to a million folders. */
export function typedPhone(index: number, town: Town, draws: Draws): ColumnValue {
  if (draws.chance(0.05)) return nothing(draws);
  const own = String((index * 611_953 + 123_456) % 1_000_000).padStart(6, '0');
  const [fixed, mobile] = town.phones;
  const [first, second] = draws.chance(0.7) ? [mobile, fixed] : [fixed, mobile];
  const digits = { national: first + own, other: second + own, country: countryCode(town) };
  return draws.pick(phoneHabits)(digits);
}

function countryCode({ postalCode }: Town): string {
  if (postalCode.startsWith('974')) return '262';
  return postalCode.startsWith('971') ? '590' : '33';
}

/** An e-mail address, some in capitals or among blanks, a few broken, some missing. None is another folder's. */
export function typedEmail(index: number, firstName: string, lastName: string, draws: Draws): ColumnValue {
  if (draws.chance(0.12)) return nothing(draws);
  const provider = draws.pick(['orange.fr', 'gmail.com', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr']);
  const name = `${plainLetters(firstName)}.${plainLetters(lastName)}${index}`;
  if (draws.chance(0.02))
    return draws.pick([`${name}.${provider}`, `${name}@`, `${name}@${provider}@`, `${name}@fr`]);
  const email = `${name}@${provider}`;
  if (draws.chance(0.05)) return email.toUpperCase();
  return draws.chance(0.03) ? ` ${email} ` : email;
}

/** A SIREN whose check digit is right (Luhn), and the SIRET of its seat. No other folder's, up to 80 million folders. */
export function companyNumbers(index: number): { siren: string; siret: string } {
  const siren = withLuhnDigit(String(30_000_000 + ((index * 7_919) % 60_000_000)));
  return { siren, siret: withLuhnDigit(`${siren}0001`) };
}

function withLuhnDigit(digits: string): string {
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
