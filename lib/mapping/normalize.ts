/** More combining marks in a row are no writing: Unicode's stream-safe text has so many at most. */
const tooManyMarks = /(\p{M}{30})\p{M}+/gu;

/**
 * Text in a normal form of Unicode, of which at most 30 combining marks in a row are left: to put those into their order
 * takes time with the square of their number.
 */
export const normalize = (text: string, form: 'NFC' | 'NFD'): string =>
  text.replace(tooManyMarks, '$1').normalize(form);
