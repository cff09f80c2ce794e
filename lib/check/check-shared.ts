import { fold } from '../mapping/fold.ts';
import { fieldsOfKind, type Matching, matchKeys } from '../mapping/match-keys.ts';
import { tellingEmail, tellingPhone } from '../mapping/no-value.ts';
import { unknownWitness, witnessOf } from '../mapping/witness.ts';
import { type Company, type CompanyRecord, textFields } from '../moovago/company.ts';
import type { Bearer } from '../state/match-index.ts';
import { isShared } from '../sync/match/decide.ts';
import { type Finding, note } from './finding.ts';

/** So many values are named. */
const namedMax = 20;

/** A value by which customers are recognised, and who has it. A folder is a bearer without a company. */
type Value = { kind: string; text: string; bearers: Bearer[]; folders: Set<CompanyRecord> };

/**
 * Names values that several customers have, and fillers: they link no folder to a company, nor two folders to each other.
 * @param folders what is mapped of a sample of folders
 * @param companies Moovago's, with their texts
 */
export function checkShared(
  folders: readonly CompanyRecord[],
  companies: Iterable<Company>,
  matching: Matching,
): Finding[] {
  const shared = valuesOf(folders, companies, matching).toSorted((one, other) => sizeOf(other) - sizeOf(one));
  if (shared.length === 0) return [];
  const linked = new Set(shared.flatMap((value) => [...value.folders])).size;
  const more = shared.length - namedMax;
  const message =
    `${shared.length === 1 ? 'one value links' : `${shared.length} values link`} nothing, because several customers have ${shared.length === 1 ? 'it or it is a filler' : 'them or they are fillers'}. ` +
    `An equal value alone would have linked ${linked} of ${folders.length} folders`;
  const people = shared.slice(0, namedMax).map(lineOf);
  return [note('match', message, { people: more > 0 ? [...people, `… and ${more} more`] : people })];
}

const sizeOf = ({ folders }: Value) => folders.size;

function lineOf({ kind, text, bearers, folders }: Value): string {
  const companies = new Set(bearers.map(({ companyId }) => companyId)).size - (folders.size > 0 ? 1 : 0);
  const also = companies > 0 ? ` and ${companies} ${companies === 1 ? 'company' : 'companies'}` : '';
  return `${kind} ${text}: ${folders.size} ${folders.size === 1 ? 'folder' : 'folders'}${also}`;
}

function valuesOf(
  folders: readonly CompanyRecord[],
  companies: Iterable<Company>,
  matching: Matching,
): Value[] {
  const byKey = new Map<string, Value>();
  for (const record of folders) {
    const bearer = { companyId: '', witness: witnessOf(record, matching) };
    for (const { kind, key } of matchKeys(record, matching)) {
      if (kind === 'marker') continue;
      const value = byKey.get(key) ?? { kind, text: textOf(record, kind), bearers: [], folders: new Set() };
      value.bearers.push(bearer);
      value.folders.add(record);
      byKey.set(key, value);
    }
  }
  for (const company of companies) {
    const witness = company.unread === undefined ? witnessOf(company, matching) : unknownWitness;
    for (const { key } of matchKeys(company, matching))
      byKey.get(key)?.bearers.push({ companyId: company.id, witness });
  }
  // A name with a hyphen has two keys.
  const shared = new Map([...byKey.values()].filter(isShared).map((value) => [value.text, value]));
  return [...shared.values(), ...fillersOf(folders, matching)];
}

const textOf = (record: CompanyRecord, kind: string): string =>
  textFields
    .filter((field) => fieldsOfKind(kind).includes(field))
    .map((field) => record[field] ?? '')
    .join(', ');

/** What an equal value could have linked: `N/A` never did. */
const looksLike = { email: /@/, phone: /(?:\d\D*){6}/ };

/** What looks like an e-mail or a telephone, and tells nothing. */
function fillersOf(folders: readonly CompanyRecord[], { match, matchIgnore }: Matching): Value[] {
  const found = new Map<string, Value>();
  for (const kind of ['email', 'phone'] as const) {
    if (!match.includes(kind)) continue;
    for (const record of folders) {
      const text = record[kind] ?? '';
      const telling =
        kind === 'email'
          ? tellingEmail(text, matchIgnore)
          : tellingPhone(text, record.postalCode, matchIgnore);
      if (!looksLike[kind].test(text) || telling !== '') continue;
      const key = `${kind} ${fold(text)}`;
      const value = found.get(key) ?? { kind, text, bearers: [], folders: new Set() };
      value.folders.add(record);
      found.set(key, value);
    }
  }
  return [...found.values()].filter(({ folders: its }) => its.size > 1);
}
