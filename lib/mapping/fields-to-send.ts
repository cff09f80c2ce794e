import { type EntityRecord, listFields, type RecordField, recordTexts } from '../moovago/entities/record.ts';
import { changedFields } from './changed-fields.ts';
import { isMarkerAlone } from './marker.ts';
import type { SyncConfig } from './sync-config.ts';

/** Who decides on a field of a record that exists. Clavus, where nobody says otherwise. */
export type Ownership = Partial<Record<RecordField, SyncConfig['ownership']['name']>>;

type Delivery = Pick<SyncConfig, 'blanks'> & {
  ownership: Ownership;
  /** What Moovago holds, as far as it is known: `{}` for nothing known. Absent: the company has yet to be created. */
  applied?: EntityRecord | undefined;
  desired: EntityRecord;
};

/** The fields of a record that are picked, as far as it has them. */
export function pickFields(record: EntityRecord, isPicked: (field: RecordField) => boolean): EntityRecord {
  const picked: EntityRecord = {};
  for (const field of recordTexts)
    if (record[field] !== undefined && isPicked(field)) picked[field] = record[field];
  for (const field of listFields)
    if (record[field] !== undefined && isPicked(field)) picked[field] = record[field];
  return picked;
}

const isBlank = (value: string | string[] | undefined) => value === undefined || value.length === 0;

/**
 * The fields that a write to Moovago carries. A company that is created gets all that are not blank; one that exists
 * gets those that differ and that Clavus may still decide on.
 */
export function fieldsToSend({ applied, desired, ownership, blanks }: Delivery): EntityRecord {
  if (applied === undefined) return pickFields(desired, (field) => !isBlank(desired[field]));
  return pickFields(changedFields(applied, desired), (field) => {
    if (ownership[field] === 'create-only') return false;
    if (ownership[field] === 'fill-empty') return isBlank(applied[field]) && !isBlank(desired[field]);
    // A marker alone stands for a blank column, which is no order to empty the note unless the tenant says so.
    return field !== 'note' || blanks === 'clear' || !isMarkerAlone(desired.note ?? '');
  });
}

/**
 * Fields whose current value is still trusted after an update of unknown outcome, and of a company that reps made: those with
 * `fill-empty`, filled in once. All others are sent.
 */
export function keptBy(ownership: Ownership, before: EntityRecord): EntityRecord {
  const policies = new Map(Object.entries(ownership));
  return Object.fromEntries(Object.entries(before).filter(([field]) => policies.get(field) === 'fill-empty'));
}
