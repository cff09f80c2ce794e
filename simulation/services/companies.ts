import {
  type Company,
  type CompanyRecord,
  type CompanyWrite,
  type TextField,
  textFields,
} from '../../lib/moovago/company.ts';
import type { World } from '../world.ts';
import { folderOf, type Ledger } from './ledger.ts';

/** A name that Moovago refuses, where a run has that fault. */
export const poison = 'Zqxpoison';

export const isPoisoned = ({ name }: CompanyRecord): boolean => name === poison;

type Stored = { company: Company; listedAt: number };

export type Companies = ReturnType<typeof createCompanies>;

/** Moovago's companies. The list shows one a while after it was made. */
export function createCompanies(world: World, ledger: Ledger) {
  const stored = new Map<string, Stored>();
  let made = 0;

  function create(fields: CompanyRecord): string {
    const id = `company-${++made}`;
    const draw = world.chance.of(id);
    const lag = world.strikes('list-lag', draw) ? world.plan.listLagMs : 0;
    stored.set(id, { company: { ...fields, id }, listedAt: world.now() + lag });
    world.trace(`moovago creates ${id} for ${folderOf(fields)}`);
    ledger.created(fields, id);
    return id;
  }

  function update({ companyId, fields }: Extract<CompanyWrite, { kind: 'update' }>): string | undefined {
    const before = stored.get(companyId);
    if (before === undefined) return undefined;
    const company = { ...before.company, ...fields };
    stored.set(companyId, { ...before, company });
    world.trace(`moovago updates ${companyId} of ${folderOf(before.company)}`);
    ledger.updated(before.company, company);
    return companyId;
  }

  function list(extraFields: readonly TextField[]): Company[] {
    const asked = textFields.filter((field) => field === 'name' || extraFields.includes(field));
    const listed = [...stored.values()].filter(({ listedAt }) => listedAt <= world.now());
    return listed.map(({ company }) => ({
      id: company.id,
      ownerIds: company.ownerIds ?? [],
      ...Object.fromEntries(
        asked.flatMap((field) => (company[field] === undefined ? [] : [[field, company[field]]])),
      ),
    }));
  }

  /** @returns nothing where there is no such company */
  function write(one: CompanyWrite): string | undefined {
    if (one.kind === 'create') return create(one.fields);
    if (one.kind === 'update') return update(one);
    return stored.delete(one.companyId) ? one.companyId : undefined;
  }

  return {
    write,
    list,
    /** All fields of the company that a write is about, by which its folder is known. */
    whole: (write: CompanyWrite): CompanyRecord =>
      write.kind === 'create' ? write.fields : (stored.get(write.companyId)?.company ?? write.fields),
    of: (folderId: string): Company[] =>
      [...stored.values()].map(({ company }) => company).filter((company) => folderOf(company) === folderId),
    count: () => stored.size,
  };
}
