/**
 * A sum of money as a plain number: "12 345,60 €", "12.345,60" and "12345.6" become 12345.6. Blank if it is not a
 * number. If a point and a comma occur, the last one is the decimal mark. A single mark is decimal, unless three digits
 * follow it.
 */
export function amount(text: string): string {
  const bare = text.replace(/[\s\u00a0\u202f'’€]|euros?|EUR|HT|TTC/gi, '');
  if (!/^-?\d[\d.,]*$/.test(bare)) return '';
  const mark = /[.,](?=\d*$)/.exec(bare);
  const isDecimal = mark !== null && !isGrouping(bare, mark.index);
  const whole = (isDecimal ? bare.slice(0, mark.index) : bare).replace(/[.,]/g, '');
  const fraction = isDecimal ? bare.slice(mark.index + 1) : '';
  return String(Number(`${whole}.${fraction || '0'}`));
}

/** "12.345" and "1,234,567" are thousands; "12,345.678" is not. */
function isGrouping(bare: string, at: number): boolean {
  const marks = new Set(bare.match(/[.,]/g));
  return marks.size === 1 && bare.length - at === 4;
}
