import { cleanText } from './clean-text.ts';

/** What a spreadsheet appends to a number that stands for a text. */
export const asNumber = /(?<=^[\d ]+)[.,]0$/;

/**
 * A French postal code of five digits. "06 200" and "F-06200" lose all but the digits. 6200 regains the zero that
 * spreadsheets drop, and 6200.0 is what they make of it as a number. Four digits are always taken for French: Belgian and Swiss codes need their "B-" or "CH-".
 * Everything else ("2A004", "L-1234", "06200 Nice") stays as it is.
 */
export function postalCode(text: string): string {
  const trimmed = cleanText(text);
  const digits = trimmed
    .replace(/^FR?[- ]*(?=\d)/i, '')
    .replace(asNumber, '')
    .replace(/[ .]/g, '');
  if (/^\d{5}$/.test(digits)) return digits;
  // Departments 01 to 09. "0" and three more digits are not a code that lost its zero.
  return /^[1-9]\d{3}$/.test(digits) ? `0${digits}` : trimmed;
}
