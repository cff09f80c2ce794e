import { domainToASCII } from 'node:url';
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

/** What people write around an address: brackets, quotes, the dot of a sentence. */
const around = /^[\s"'«»“”‘’()[\]{}<>.,:;]+|[\s"'«»“”‘’()[\]{}<>.,:;]+$/g;

/** What stands before it: "mailto:", "e-mail :", "pro: ". */
const label = /^\p{L}[\p{L} .-]{0,20}: ?/u;

/** A domain with accents, as mail servers know it; the text itself where there is none. */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it is about.
  if (at < 0 || /^[\x00-\x7f]*$/.test(domain)) return address;
  const ascii = domainToASCII(domain);
  return ascii === '' ? address : `${address.slice(0, at)}@${ascii}`;
}

function addressIn(part: string): string | undefined {
  const bracketed = /<([^<>]*)>/.exec(part)?.[1];
  // Only the first word: in "jean dupont@example.fr", the space may be a mistake in the address.
  const [first = ''] = (bracketed ?? part.replace(around, '').replace(label, '')).trim().split(' ');
  const address = withAsciiDomain(first.replace(around, ''));
  return isEmail(address) ? address : undefined;
}

/** The first valid e-mail address of the text, in lower case; the empty string if there is none. */
export function email(text: string): string {
  for (const part of text.toLowerCase().split(separator)) {
    const address = addressIn(cleanText(part));
    if (address !== undefined) return address;
  }
  return '';
}
