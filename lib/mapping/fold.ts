/** Text as people compare it: without accents, ligatures, case and spaces around. "Téléphone" and "TELEPHONE " are the same. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .trim();
