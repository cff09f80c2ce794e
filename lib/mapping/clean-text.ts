import { normalize } from './normalize.ts';

/** Invisible characters that copied text brings along; those that form an emoji stay. */
const invisible = /[\p{Cc}\u{AD}\u{200B}\u{2060}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;
/** As East Asian keyboards write them. */
const fullWidthDigits = /[\u{FF10}-\u{FF19}]/gu;
const lineBreak = /\r\n|[\n\v\f\r\u{85}\u{2028}\u{2029}]/u;

/** One line of well-formed text in Unicode's NFC: no control characters, single spaces, digits as all people write them. */
export function cleanText(text: string): string {
  const visible = text
    .toWellFormed()
    .replace(fullWidthDigits, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/\s+/g, ' ')
    .replace(invisible, '');
  return normalize(visible, 'NFC').replace(/ +/g, ' ').trim();
}

/** The same for text of several lines. Line breaks stay; several empty lines become one. */
export function cleanLines(text: string): string {
  const lines = text.split(lineBreak).map(cleanText).join('\n');
  return lines.replace(/\n{3,}/g, '\n\n').trim();
}
