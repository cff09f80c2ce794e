import { cleanText } from './clean-text.ts';

/**
 * A sum of money as a plain number: "12 345,60 €", "12.345,60" and "12345.6" become 12345.6. Blank if it is not a
 * number. If a point and a comma occur, the last one is the decimal mark. A single mark is decimal, unless three digits
 * follow it and no zero is before it. In "12€50", the sign is the mark.
 */
export function amount(text: string): string {
  const plain = cleanText(text)
    .replace(minus, '-')
    .replace(/(?<=\d) ?€ ?(?=\d{2}$)/, ',');
  const bare = plain.replace(/[\s\u00a0\u202f'’€]|euros?|EUR|HT|TTC/gi, '');
  if (!/^-?\d[\d.,]*$/.test(bare)) return '';
  const mark = /[.,](?=\d*$)/.exec(bare);
  const isDecimal = mark !== null && !isGrouping(bare, mark.index);
  const whole = (isDecimal ? bare.slice(0, mark.index) : bare).replace(/[.,]/g, '');
  const fraction = isDecimal ? bare.slice(mark.index + 1) : '';
  return String(Number(`${whole}.${fraction || '0'}`));
}

/** Other signs for minus, at the beginning. */
const minus = /^[\u2212\u2010-\u2013](?=\d)/;

/** "12.345" and "1,234,567" are thousands; "12,345.678" and "0,125" are not. */
function isGrouping(bare: string, at: number): boolean {
  if (/^-?0/.test(bare)) return false;
  const marks = new Set(bare.match(/[.,]/g));
  return marks.size === 1 && bare.length - at === 4;
}
