import { hash } from 'node:crypto';
import type { CompanyRecord, TextField } from '../moovago/company.ts';
import { email } from './email.ts';
import { fold } from './fold.ts';
import { findMarker } from './marker.ts';
import { phone } from './phone.ts';
import type { SyncConfig } from './sync-config.ts';

/** A number with fewer digits is an extension or a typing error, and says nothing about who somebody is. */
const phoneDigitsMin = 8;

/** Where a kind of key stands in `match` and what it says, e.g. `email`. */
export type MatchKey = { kind: string; key: string };

/** What two writings of the same thing have in common; blank where there is nothing to compare. */
function normalised(field: TextField, record: CompanyRecord): string {
  const text = record[field] ?? '';
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
 * By what a company is recognised, in the order of `match`: the same for what a folder maps to and for what Moovago
 * holds. A key with a blank part is left out. Keys are hashes: the table needs no second copy of people's addresses.
 */
export function matchKeys(record: CompanyRecord, matches: SyncConfig['match'], stage: string): MatchKey[] {
  return matches.flatMap((match) => {
    const kind = typeof match === 'string' ? match : match.join('+');
    const value = comparedValue(match, record, stage);
    return value === '' ? [] : [{ kind, key: hash('sha256', `${kind}:${value}`).slice(0, 20) }];
  });
}

/** By what a folder of this tenant recognises a company without our marker: kinds of keys whose fields are all mapped. */
export const folderMatch = ({ match, company }: Pick<SyncConfig, 'match' | 'company'>): SyncConfig['match'] =>
  match.filter((kind) => kind !== 'marker' && [kind].flat().every((field) => company[field] !== undefined));

/** The key of a company itself, for who must be the only one to take it. */
export const companyKey = (companyId: string): string => hash('sha256', `company:${companyId}`).slice(0, 20);
