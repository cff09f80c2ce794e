import { normalize } from './normalize.ts';

/** The signs that people type for an apostrophe. */
export const apostrophes = /['’‘ʼ`´]/g;

/** Text as people compare it: without accents, ligatures, case and outer spaces. "Téléphone" and "TELEPHONE " are equal. */
export const fold = (text: string): string =>
  normalize(text, 'NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .trim();
