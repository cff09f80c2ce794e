import * as z from 'zod';
import { cleanText } from './clean-text.ts';

/** The longest address that mail can be sent to (RFC 5321, erratum 1690). */
const longest = 254;

/**
 * None is what stands glued between a beginning and its address: in "jean,dupont@example.fr", the comma may be a dot typed wrong,
 * and dupont@example.fr another person's.
 */
const separator = /\n|[;,|/](?=\s|$)|(?<!(?:^|[;,|/\n])\s*[^\s@;,|/]+)[;,|/]/;

const isEmail = (text: string) => text.length <= longest && z.regexes.email.test(text);

function addressIn(part: string): string | undefined {
  const bracketed = /<([^<>]*)>/.exec(part)?.[1];
  // Only the first word: in "jean dupont@example.fr", the space may be a mistake in the address.
  const [first = ''] = (bracketed ?? part).trim().split(' ');
  return isEmail(first) ? first : undefined;
}

/** The first valid e-mail address of the text, in lower case; the empty string if there is none. */
export function email(text: string): string {
  for (const part of text.toLowerCase().split(separator)) {
    const address = addressIn(cleanText(part).replace(/^(?:mailto|e-?mail|courriel) ?: ?/, ''));
    if (address !== undefined) return address;
  }
  return '';
}
