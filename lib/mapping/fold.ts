/** Text as people compare it: without accents, ligatures, case and outer spaces. "Téléphone" and "TELEPHONE " are equal. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .trim();
