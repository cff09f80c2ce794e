import { type EntityRecord, listFields, recordTexts } from '../moovago/entities/record.ts';

/** Owners and mandators have no order. */
function sameIds(one: string[], other: string[]): boolean {
  const ids = new Set(one);
  return ids.size === new Set(other).size && other.every((id) => ids.has(id));
}

/** The fields of `to` that differ from those of `from`. Fields that `to` does not have are left out. */
export function changedFields(from: EntityRecord | undefined, to: EntityRecord): EntityRecord {
  const changed: EntityRecord = {};
  for (const field of recordTexts)
    if (to[field] !== undefined && to[field] !== from?.[field]) changed[field] = to[field];
  for (const field of listFields) {
    const [before, after] = [from?.[field], to[field]];
    if (after !== undefined && !(before && sameIds(before, after))) changed[field] = after;
  }
  return changed;
}
