import type { ColumnValue } from '../clavus/folder.ts';
import { columnText } from './column-text.ts';
import { fold } from './fold.ts';
import type { SyncConfig } from './sync-config.ts';

type Condition = SyncConfig['clavus']['filter'][number];

/**
 * Whether a folder would pass the tenant's filter, as far as this can be known without Clavus. How Clavus compares is
 * not documented. Here numbers compare as numbers, and all else as text without case or accents (assumption).
 */
export function satisfiesFilter(
  filter: readonly Condition[],
  read: (column: string) => ColumnValue | undefined,
): boolean {
  return filter.every(({ column, operator, value }) => {
    const found = fold(columnText(read(column) ?? null));
    const asked = fold(value);
    if (operator === '=') return found === asked;
    if (operator === 'CONTAINS') return found.includes(asked);
    if (operator === 'IN') return asked.split(',').some((one) => one.trim() === found);
    const order = compare(found, asked);
    if (operator === '<') return order < 0;
    if (operator === '>') return order > 0;
    return operator === '<=' ? order <= 0 : order >= 0;
  });
}

function compare(one: string, other: string): number {
  const [first, second] = [Number(one), Number(other)];
  if (one !== '' && other !== '' && !Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return one < other ? -1 : Number(one > other);
}
