import { type Company, type CompanyRecord, type TextField, textFields } from '../../lib/moovago/company.ts';
import type { CompanyWrite } from '../../lib/moovago/write.ts';
import { customerNumber, folderInAddress } from '../customers.ts';
import type { World } from '../world.ts';
import type { Ledger } from './ledger.ts';
import type { Stored } from './stored.ts';

type Update = Extract<CompanyWrite, { kind: 'update' }>;

export type Companies = ReturnType<typeof createCompanies>;

/** Moovago's companies. The list shows one a while after it was made. */
export function createCompanies(world: World, ledger: Ledger) {
  const stored = new Map<string, Stored>();
  const live = () => [...stored.values()].filter(({ isDeleted }) => !isDeleted);

  function add(fields: CompanyRecord, listedAt: number, more: Partial<Stored>): Stored {
    const id = `company-${stored.size + 1}`;
    const one: Stored = {
      company: { ...fields, id },
      listedAt,
      origin: undefined,
      written: {},
      byReps: new Set(),
      customer: undefined,
      answersTo: new Set(),
      isDenied: false,
      isDeleted: false,
      hasLostMarker: false,
      isUnrecognisable: false,
      wasOdd: false,
      ...more,
    };
    stored.set(id, one);
    return one;
  }

  function create(fields: CompanyRecord): string {
    const draw = world.chance.of(`company-${stored.size + 1}`);
    const lag = world.strikes('list-lag', draw) ? world.plan.listLagMs : 0;
    const before = live();
    const origin = folderInAddress(fields.address);
    const customer = customerNumber(origin ?? '');
    const written = { ...fields };
    const { company } = add(fields, world.now() + lag, {
      origin,
      customer,
      written,
      answersTo: new Set([customer]),
    });
    world.trace(`moovago creates ${company.id} for ${origin}`);
    ledger.created(company, before);
    return company.id;
  }

  function update({ companyId, fields }: Update): string | undefined {
    const one = stored.get(companyId);
    if (one === undefined || one.isDeleted) return undefined;
    const company = { ...one.company, ...fields };
    ledger.updated(one, fields);
    world.trace(`moovago updates ${companyId} of ${folderInAddress(company.address)}`);
    one.company = company;
    one.answersTo.add(customerNumber(company.address ?? ''));
    Object.assign(one.written, fields);
    for (const field of ['ownerIds', ...textFields] as const)
      if (fields[field] !== undefined) one.byReps.delete(field);
    return companyId;
  }

  function list(extraFields: readonly TextField[]): Company[] {
    const asked = textFields.filter((field) => field === 'name' || extraFields.includes(field));
    const listed = live().filter(({ listedAt }) => listedAt <= world.now());
    return listed.map(({ company }) => ({
      id: company.id,
      ownerIds: company.ownerIds ?? [],
      ...Object.fromEntries(
        asked.flatMap((field) => (company[field] === undefined ? [] : [[field, company[field]]])),
      ),
    }));
  }

  function remove(companyId: string): string | undefined {
    const one = stored.get(companyId);
    if (one === undefined || one.isDeleted) return undefined;
    one.isDeleted = true;
    return companyId;
  }

  /** @returns nothing where there is no such company */
  function write(one: CompanyWrite): string | undefined {
    if (one.kind === 'create') return create(one.fields);
    if (one.kind === 'update') return update(one);
    return remove(one.companyId);
  }

  return {
    write,
    list,
    /** Moovago says that it was not made. */
    deny: (companyId: string) => {
      const one = stored.get(companyId);
      if (one) one.isDenied = true;
    },
    /** A rep makes one. */
    addByRep: (fields: CompanyRecord, number: number, isOld: boolean) =>
      add(fields, world.now(), {
        answersTo: new Set([number]),
        ...(isOld ? { customer: number } : {}),
      }),
    /** The folder that a write is about. */
    folderOf: (write: CompanyWrite): string | undefined =>
      folderInAddress(write.fields.address) ??
      (write.kind === 'create' ? undefined : folderInAddress(stored.get(write.companyId)?.company.address)),
    get: (companyId: string) => stored.get(companyId),
    live,
    count: () => stored.size,
  };
}
