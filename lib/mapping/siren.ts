import { validate as validateSiren } from 'stdnum/lib/cjs/fr/siren.js';
import { validate as validateSiret } from 'stdnum/lib/cjs/fr/siret.js';
import { cleanText } from './clean-text.ts';

// Single files of stdnum: the whole package loads the numbers of ninety countries.

/**
 * The nine digits of the SIREN in a SIREN or SIRET, with or without its label; the empty string if it is not valid. All
 * zeros satisfy the checksum, but people type them to get past a form.
 */
export function siren(text: string): string {
  const unlabelled = cleanText(text).replace(/^(?:n° ?)?(?:siren|siret) ?:? ?/i, '');
  const digits = unlabelled.replace(/[ .-]/g, '');
  if (!/^(?:\d{9}|\d{14})$/.test(digits)) return '';
  if (digits.length === 14 && !validateSiret(digits).isValid) return '';
  const number = digits.slice(0, 9);
  return validateSiren(number).isValid && number !== '000000000' ? number : '';
}
