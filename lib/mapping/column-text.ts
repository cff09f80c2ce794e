import type { ColumnValue } from '../clavus/folder.ts';

function numberText(value: number): string {
  if (!Number.isFinite(value)) return '';
  const text = String(value);
  // An exponent has no place in a telephone number or a power.
  return text.includes('e')
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : text;
}

/** A column's value as text, in the language of the reader (French). Null and blank text become the empty string. */
export function columnText(value: ColumnValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  if (typeof value === 'string') return value.trim() === '' ? '' : value;
  return value
    .map(columnText)
    .filter((text) => text !== '')
    .join(', ');
}
