import { fieldsOfKind, type Matching, matchKeys } from '../../mapping/match-keys.ts';
import { compareWitnesses, witnessOf } from '../../mapping/witness.ts';
import type { CompanyRecord } from '../../moovago/company.ts';

/** Whether two folders may share a company: they have a key in common, and are not told apart by what else they have. */
export function mayBeSameCustomer(one: CompanyRecord, other: CompanyRecord, options: Matching): boolean {
  const theirs = new Set(matchKeys(other, options).map(({ key }) => key));
  const witnesses = [witnessOf(one, options), witnessOf(other, options)] as const;
  return matchKeys(one, options).some(
    ({ kind, key }) =>
      kind !== 'marker' &&
      theirs.has(key) &&
      compareWitnesses(...witnesses, fieldsOfKind(kind)).is !== 'contradicts',
  );
}
