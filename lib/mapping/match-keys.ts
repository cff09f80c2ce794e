import { hash } from 'node:crypto';
import type { CompanyRecord, TextField } from '../moovago/company.ts';
import { email } from './email.ts';
import { fold } from './fold.ts';
import { goneSuffix } from './gone-suffix.ts';
import { findMarker } from './marker.ts';
import { phone } from './phone.ts';
import type { SyncConfig } from './sync-config.ts';

/** A number with fewer digits is an extension or a typing error, and identifies no customer. */
const phoneDigitsMin = 8;

/** A hashed match key, and its kind in `match`, e.g. `email`. */
export type MatchKey = { kind: string; key: string };

/** The form in which two spellings of the same value are equal; blank if there is nothing to compare. */
function normalised(field: TextField, record: CompanyRecord): string {
  const given = record[field] ?? '';
  const text = field === 'name' && given.endsWith(goneSuffix) ? given.slice(0, -goneSuffix.length) : given;
  if (field === 'email') return email(text);
  if (field !== 'phone')
    return fold(text)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const digits = phone(text, record.postalCode).replace(/\D/g, '');
  return digits.length >= phoneDigitsMin ? digits : '';
}

function comparedValue(match: SyncConfig['match'][number], record: CompanyRecord, stage: string): string {
  if (match === 'marker') {
    const marked = findMarker(record.note ?? '');
    return marked?.stage === stage ? marked.folderId : '';
  }
  const fields = typeof match === 'string' ? [match] : match;
  const values = fields.map((field) => normalised(field, record));
  return values.every((value) => value !== '') ? JSON.stringify(values) : '';
}

/**
 * The keys by which a company is recognised, in the order of `match`. They are the same for a mapped folder and for
 * Moovago's company. A key with a blank part is left out. Keys are hashes, so the table holds no second copy of
 * people's addresses.
 */
export function matchKeys(record: CompanyRecord, matches: SyncConfig['match'], stage: string): MatchKey[] {
  return matches.flatMap((match) => {
    const kind = typeof match === 'string' ? match : match.join('+');
    const value = comparedValue(match, record, stage);
    return value === '' ? [] : [{ kind, key: hash('sha256', `${kind}:${value}`).slice(0, 20) }];
  });
}

/** The keys by which a folder of this tenant recognises a company without our marker: kinds whose fields are all mapped. */
export const folderMatch = ({ match, company }: Pick<SyncConfig, 'match' | 'company'>): SyncConfig['match'] =>
  match.filter((kind) => kind !== 'marker' && [kind].flat().every((field) => company[field] !== undefined));

/** The key of a company itself, for a lease that only one folder may have. */
export const companyKey = (companyId: string): string => hash('sha256', `company:${companyId}`).slice(0, 20);
