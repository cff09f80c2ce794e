import { email } from './email.ts';
import { phoneNumber } from './phone.ts';

/**
 * What people type into an e-mail column that must not stay empty: the part before the @, without dots, hyphens, underscores
 * and digits. A list never ends, and need not: a value whose bearers contradict each other proposes nothing (`decide`). These
 * are for the first pair.
 */
const fillerMailboxes = new Set(
  [
    [
      'non',
      'no',
      'aucun',
      'aucune',
      'aucunmail',
      'aucunemail',
      'rien',
      'neant',
      'vide',
      'inconnu',
      'inconnue',
    ],
    ['pasdemail', 'pasdemel', 'pasdemails', 'pasemail', 'pasmail', 'pasdadresse', 'pasdadressemail'],
    ['sansmail', 'sansemail', 'sansadresse', 'sans', 'nomail', 'noemail', 'nomel'],
    [
      'nc',
      'na',
      'nr',
      'noncommunique',
      'nonrenseigne',
      'noreply',
      'nepasrepondre',
      'none',
      'null',
      'xxx',
      'test',
    ],
  ].flat(),
);

/** All digits alike, one pair again and again, and the row of digits: 00 00 00 00 00, 06 06 06 06 06, 01 23 45 67 89. */
const isFillerNumber = (national: string) =>
  /^(\d)\1*$/.test(national.slice(1)) || /^(\d\d)\1{4}$/.test(national) || national === '0123456789';

/** The address by which a customer may be recognised; blank if it is none, a filler, or one of `ignored`. */
export function tellingEmail(text: string, ignored: readonly string[] = []): string {
  const address = email(text);
  const at = address.lastIndexOf('@');
  if (at < 0 || fillerMailboxes.has(address.slice(0, at).replace(/[\d._-]/g, ''))) return '';
  const isIgnored = ignored.some((value) =>
    [address, address.slice(at)].includes(value.trim().toLowerCase()),
  );
  return isIgnored ? '' : address;
}

/**
 * The number by which a customer may be recognised, such as `+33768454674`; blank if it is not valid, a filler, or one of
 * `ignored`.
 */
export function tellingPhone(text: string, postalCode?: string, ignored: readonly string[] = []): string {
  const number = phoneNumber(text, postalCode);
  if (number === '' || isFillerNumber(number.replace(/^\+(?:33|262|590|594|596)/, '0'))) return '';
  return ignored.some((value) => phoneNumber(value, postalCode) === number) ? '' : number;
}

/** Whether it is something that can be ignored: an address, `@` and a domain, or a telephone number. */
export const isIgnorable = (text: string): boolean =>
  (text.includes('@') ? email(text.startsWith('@') ? `a${text}` : text) : phoneNumber(text)) !== '';
