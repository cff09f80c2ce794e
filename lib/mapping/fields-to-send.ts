import { type CompanyField, type CompanyRecord, textFields } from '../moovago/company.ts';
import { changedFields } from './changed-fields.ts';
import { isMarkerAlone } from './marker.ts';
import type { SyncConfig } from './sync-config.ts';

type Delivery = Pick<SyncConfig, 'ownership' | 'blanks'> & {
  /** What Moovago holds, as far as it is known: `{}` for nothing known. Absent: the company has yet to be created. */
  applied?: CompanyRecord | undefined;
  desired: CompanyRecord;
};

/** The fields of a record that are picked, as far as it has them. */
export function pickFields(record: CompanyRecord, isPicked: (field: CompanyField) => boolean): CompanyRecord {
  const picked: CompanyRecord = {};
  for (const field of textFields)
    if (record[field] !== undefined && isPicked(field)) picked[field] = record[field];
  if (record.ownerIds !== undefined && isPicked('ownerIds')) picked.ownerIds = record.ownerIds;
  return picked;
}

const isBlank = (value: string | string[] | undefined) => value === undefined || value.length === 0;

/**
 * The fields that a write to Moovago carries. A company that is created gets all that are not blank; one that exists
 * gets those that differ and that Clavus may still decide on.
 */
export function fieldsToSend({ applied, desired, ownership, blanks }: Delivery): CompanyRecord {
  if (applied === undefined) return pickFields(desired, (field) => !isBlank(desired[field]));
  return pickFields(changedFields(applied, desired), (field) => {
    if (ownership[field] === 'create-only') return false;
    if (ownership[field] === 'fill-empty') return isBlank(applied[field]) && !isBlank(desired[field]);
    // A marker alone stands for a blank column, which is no order to empty the note unless the tenant says so.
    return field !== 'note' || blanks === 'clear' || !isMarkerAlone(desired.note ?? '');
  });
}
