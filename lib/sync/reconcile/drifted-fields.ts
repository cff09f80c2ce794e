import { cleanLines } from '../../mapping/clean-text.ts';
import { fieldsToSend, pickFields } from '../../mapping/fields-to-send.ts';
import type { SyncConfig } from '../../mapping/sync-config.ts';
import { type Company, textFields } from '../../moovago/company.ts';
import type { EntityRecord, RecordField } from '../../moovago/entities/record.ts';
import type { CompaniesPass } from '../../state/directory.ts';

export type DriftOptions = Pick<SyncConfig, 'ownership' | 'blanks'> & {
  /** Moovago's guide reads the name and the owners. Reading the other fields back is an assumption. */
  readBack: CompaniesPass['readBack'];
};

/** A field that Moovago returns as null is absent from the company: it is empty. */
const nothing: EntityRecord = {
  ...Object.fromEntries(textFields.map((field) => [field, ''])),
  ownerIds: [],
};

const isText = (field: RecordField) => textFields.some((name) => name === field);

/** Moovago does not show the mandators of a company. */
const canBeRead = (field: RecordField, { readBack }: DriftOptions) =>
  field === 'name' || field === 'ownerIds' || (readBack === 'all' && isText(field));

/** Outer spaces and kinds of line breaks are not edits. */
function isSame(one: EntityRecord[RecordField], other: EntityRecord[RecordField]): boolean {
  return typeof one === 'string' && typeof other === 'string' && cleanLines(one) === cleanLines(other);
}

/**
 * What Moovago holds instead of what was delivered, in the fields that an update would correct. Those can be read back,
 * were delivered once, and Clavus may still decide on them (`ownership`, `blanks`).
 * @returns Moovago's values, blank if it holds nothing; `{}` if nothing has drifted
 */
export function driftedFields(
  { applied, desired }: { applied: EntityRecord; desired: EntityRecord },
  company: Company,
  options: DriftOptions,
): EntityRecord {
  const { unread = [], ...read } = company;
  const compared = (field: RecordField) =>
    applied[field] !== undefined && canBeRead(field, options) && !unread.includes(field);
  const actual = pickFields({ ...nothing, ...read }, compared);
  const repaired = fieldsToSend({ applied: actual, desired: pickFields(desired, compared), ...options });
  return pickFields(
    actual,
    (field) => repaired[field] !== undefined && !isSame(actual[field], desired[field]),
  );
}
