import { type EntityRecord, listFields, type RecordField, recordTexts } from '../moovago/entities/record.ts';
import { changedFields } from './changed-fields.ts';
import { isMarkerAlone } from './marker.ts';
import type { SyncConfig } from './sync-config.ts';

/** Which side decides on a field of an existing record. Default: Clavus. */
export type Ownership = Partial<Record<RecordField, SyncConfig['ownership']['name']>>;

type Delivery = Pick<SyncConfig, 'blanks'> & {
  ownership: Ownership;
  /** What Moovago is known to hold; `{}`: nothing is known. Absent: the company does not exist yet. */
  applied?: EntityRecord | undefined;
  desired: EntityRecord;
};

/** The fields of a record that pass `isPicked`, if it has them. */
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
 * The fields that a write to Moovago carries. A new company gets all fields that are not blank. An existing one gets
 * the fields that differ and that Clavus may still decide on.
 */
export function fieldsToSend({ applied, desired, ownership, blanks }: Delivery): EntityRecord {
  if (applied === undefined) return pickFields(desired, (field) => !isBlank(desired[field]));
  return pickFields(changedFields(applied, desired), (field) => {
    if (ownership[field] === 'create-only') return false;
    if (ownership[field] === 'fill-empty') return isBlank(applied[field]) && !isBlank(desired[field]);
    // A marker alone means that the column is blank. That clears the note only if the tenant asks for it.
    return field !== 'note' || blanks === 'clear' || !isMarkerAlone(desired.note ?? '');
  });
}

/**
 * Fields whose current value is still trusted: those with `fill-empty`. All others are sent. Used after an update of
 * unknown outcome, and for a company that reps made.
 */
export function keptBy(ownership: Ownership, before: EntityRecord): EntityRecord {
  const policies = new Map(Object.entries(ownership));
  return Object.fromEntries(Object.entries(before).filter(([field]) => policies.get(field) === 'fill-empty'));
}

/** Stands for a text that is there, and that the table no longer keeps. */
const hidden = '…';

/** Of fields with `fill-empty`, only that they hold something: then nothing fills them, and nothing says what they hold. */
export function filledBy(ownership: Ownership, before: EntityRecord): EntityRecord {
  const filled = pickFields(keptBy(ownership, before), (field) => !isBlank(before[field]));
  for (const field of recordTexts) if (filled[field] !== undefined) filled[field] = hidden;
  return filled;
}
