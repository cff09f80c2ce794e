import { entities } from '../moovago/entities/entities.ts';
import type { ChildName } from '../moovago/entities/entity.ts';
import type { Child, EntityRecord } from '../moovago/entities/record.ts';
import { amount } from './amount.ts';
import { nameKey } from './names.ts';

/**
 * What two spellings of the same record have in common, however its fields split a name. Blank if there is nothing to
 * compare.
 */
function identityOf(child: ChildName, record: EntityRecord): string {
  const texts = (entities[child].child?.identity ?? []).map((field) => {
    const value = String(record[field] ?? '');
    return field === 'amount' ? amount(value) : value;
  });
  return nameKey(texts.join(' '));
}

/** The ids of those records of one company that match what a folder maps to. */
export function childMatches(
  child: ChildName,
  { parentId, record }: { parentId: string; record: EntityRecord },
  listed: readonly Child[],
): string[] {
  const identity = identityOf(child, record);
  if (identity === '') return [];
  const alike = listed.filter((one) => one.parentId === parentId && identityOf(child, one) === identity);
  return alike.map(({ id }) => id);
}
