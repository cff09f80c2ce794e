import { type CompanyRecord, textFields } from '../moovago/company.ts';

/** Owners have no order. */
function sameOwners(one: string[], other: string[]): boolean {
  const ids = new Set(one);
  return ids.size === new Set(other).size && other.every((id) => ids.has(id));
}

/** The fields of `to` that differ from those of `from`. What `to` does not mention is none of our business. */
export function changedFields(from: CompanyRecord | undefined, to: CompanyRecord): CompanyRecord {
  const changed: CompanyRecord = {};
  for (const field of textFields)
    if (to[field] !== undefined && to[field] !== from?.[field]) changed[field] = to[field];
  if (to.ownerIds !== undefined && !(from?.ownerIds && sameOwners(from.ownerIds, to.ownerIds)))
    changed.ownerIds = to.ownerIds;
  return changed;
}
