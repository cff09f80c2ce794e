import { hash } from 'node:crypto';
import type { CompanyRecord, TextField } from '../moovago/company.ts';
import { fold } from './fold.ts';
import { withoutGoneSuffix } from './gone-suffix.ts';
import { findMarker } from './marker.ts';
import { nameWords } from './name-words.ts';
import { tellingEmail, tellingPhone } from './no-value.ts';
import { postalCode } from './postal-code.ts';
import type { SyncConfig } from './sync-config.ts';

/** Counts the forms of keys and witnesses: another one makes all of an index worthless. */
export const matchKeyVersion = 3;

/** By what records are compared, and the stage that salts the hashes. */
export type Matching = Pick<SyncConfig, 'match' | 'matchIgnore'> & { stage: string };

/** A hashed match key, and its kind in `match`, e.g. `email`. */
export type MatchKey = { kind: string; key: string };

/** The forms in which two spellings of the same value are equal; none if there is nothing to compare. */
function formsOf(field: TextField, record: CompanyRecord, ignored: readonly string[]): string[] {
  const text = record[field] ?? '';
  if (field === 'name')
    return nameWords(withoutGoneSuffix(text))
      .map((words) => words.join(' '))
      .filter((form) => form !== '');
  const value =
    field === 'email'
      ? tellingEmail(text, ignored)
      : field === 'phone'
        ? tellingPhone(text, record.postalCode, ignored)
        : fold(field === 'postalCode' ? postalCode(text) : text)
            .replace(/[^\p{L}\p{N}]+/gu, ' ')
            .trim();
  return value === '' ? [] : [value];
}

function comparedValues(
  match: SyncConfig['match'][number],
  record: CompanyRecord,
  { matchIgnore, stage }: Matching,
): string[] {
  if (match === 'marker') {
    const marked = findMarker(record.note ?? '');
    return marked?.stage === stage ? [marked.folderId] : [];
  }
  let combined: string[][] = [[]];
  for (const field of [match].flat()) {
    const forms = formsOf(field, record, matchIgnore);
    combined = combined.flatMap((values) => forms.map((form) => [...values, form]));
  }
  return combined.map((values) => JSON.stringify(values));
}

/**
 * The keys by which a company may be recognised, in the order of `match`; a name with a hyphen has two of a kind. They are the
 * same for a mapped folder and for Moovago's company. A key with a blank part, or one that tells nothing, is left out. Keys
 * are hashes, salted per stage, so the table holds no second copy of people's addresses.
 */
export function matchKeys(record: CompanyRecord, matching: Matching): MatchKey[] {
  return matching.match.flatMap((match) => {
    const kind = kindOf(match);
    return comparedValues(match, record, matching).map((value) => ({
      kind,
      key: hash('sha256', `${matching.stage}:${kind}:${value}`).slice(0, 20),
    }));
  });
}

const kindOf = (match: SyncConfig['match'][number]) => (typeof match === 'string' ? match : match.join('+'));

/** The fields of a kind of key: of `name+postalCode`, the name and the postal code. */
export const fieldsOfKind = (kind: string): string[] => kind.split('+');

/** The keys by which a folder of this tenant recognises a company without our marker: kinds whose fields are all mapped. */
export const folderMatch = ({ match, company }: Pick<SyncConfig, 'match' | 'company'>): SyncConfig['match'] =>
  match.filter((kind) => kind !== 'marker' && [kind].flat().every((field) => company[field] !== undefined));

/** The key of a company itself, for a lease that only one folder may have. */
export const companyKey = (companyId: string): string => hash('sha256', `company:${companyId}`).slice(0, 20);
