import { email } from '../../lib/mapping/email.ts';
import { fold } from '../../lib/mapping/fold.ts';
import { nameKey } from '../../lib/mapping/names.ts';
import { phone } from '../../lib/mapping/phone.ts';
import type { Company, CompanyRecord } from '../../lib/moovago/company.ts';
import { createDirectoryStore } from '../../lib/state/directory.ts';
import type { Session } from '../session.ts';
import type { BoardCandidates } from './candidates.ts';
import { fieldsOf } from './systems-from-rows.ts';

/** So many companies stand beside each other. */
const shownMax = 4;

/** How a person reads a field: names in any order, telephone numbers in any form. */
function formOf(field: string, text: string, { postalCode }: CompanyRecord): string {
  if (field === 'name' || field === 'ownerIds') return nameKey(text);
  if (field === 'phone') return phone(text, postalCode);
  return field === 'email'
    ? email(text) || fold(text)
    : fold(text)
        .replace(/[^a-z0-9]+/g, ' ')
        .trim();
}

/**
 * What a person compares who decides about a folder.
 * @param readCompanies Moovago's companies as they are now
 * @returns `undefined` if nothing has to be decided about it
 */
export async function readCandidates(
  folderId: string,
  { rows, table }: Pick<Session, 'rows' | 'table'>,
  readCompanies: () => Promise<Iterable<Company>>,
): Promise<BoardCandidates | undefined> {
  const row = (await rows.read([folderId])).get(folderId);
  const candidates = row?.status === 'ambiguous' ? row.failure.candidates : undefined;
  if (row === undefined || candidates === undefined) return undefined;
  const members = (await createDirectoryStore(table).read())?.team.members ?? [];
  const wanted = row.desired?.record ?? {};
  const companies = Iterator.from(await readCompanies())
    .filter(({ id }) => candidates.includes(id))
    .take(shownMax)
    .toArray();
  const isOf = (field: string, clavus: string, moovago: string, company: Company) => {
    if (clavus === '' || moovago === '') return 'blank';
    const isEqual = formOf(field, clavus, wanted) === formOf(field, moovago, company);
    return isEqual ? 'equal' : 'different';
  };
  return {
    folderId,
    name: wanted.name ?? '',
    fields: fieldsOf(wanted, {}, members).map(({ field, clavus }) => ({ field, clavus })),
    companies: companies.map((company) => ({
      id: company.id,
      name: company.name ?? '',
      fields: fieldsOf(wanted, company, members).map(({ field, clavus, moovago }) => ({
        moovago,
        is: isOf(field, clavus, moovago, company),
      })),
    })),
  };
}
