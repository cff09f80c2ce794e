import { createHash } from 'node:crypto';
import { createGraphQLError } from 'graphql-yoga';
import type { CompanyRecord, TextField } from '../../lib/moovago/company.ts';

type Nullable<T> = { [Key in keyof T]?: T[Key] | null | undefined };
/** Fields as a mutation brings them; null is taken as absent. */
export type CompanyInput = Nullable<CompanyRecord>;

/** A company in Moovago. Texts that nobody gave are null. */
export type SimulatedCompany = {
  id: string;
  ownerIds: string[];
  mandatorIds?: string[];
  name: string;
} & Record<Exclude<TextField, 'name'>, string | null> & {
    /** Milliseconds of the simulator's `now`. */
    createdAt: number;
    updatedAt: number;
    /** Number of the request that did it; 0 where it was there from the start, or a user's work. */
    createdBy: number;
    updatedBy: number;
  };

/** Where and by which request a write comes. */
type Write = { at: number; request: number };

/** What Moovago refuses. The guide does not tell: all of this is an assumption. */
function refuse(memberIds: Set<string>, fields: CompanyInput): void {
  if (fields.name !== undefined && fields.name !== null && fields.name.trim() === '')
    throw createGraphQLError('name must not be empty');
  if (fields.ownerIds?.some((id) => !memberIds.has(id)) === true)
    throw createGraphQLError('ownerIds holds an unknown member');
  if (typeof fields.email === 'string' && fields.email !== '' && !fields.email.includes('@'))
    throw createGraphQLError('email is not a valid e-mail address');
}

/** The companies of one team, and the rules for writing them. */
export class CompanyBook {
  readonly companies = new Map<string, SimulatedCompany>();
  readonly #memberIds: Set<string>;
  readonly #alter: (fields: CompanyRecord) => CompanyRecord;
  #made = 0;

  constructor(memberIds: string[], alter: (fields: CompanyRecord) => CompanyRecord) {
    this.#memberIds = new Set(memberIds);
    this.#alter = alter;
  }

  create(input: CompanyInput, { at, request }: Write): SimulatedCompany {
    refuse(this.#memberIds, { name: '', ...input });
    const { name = '', ownerIds = [], ...texts } = this.#alter(present(input));
    const company: SimulatedCompany = {
      id: this.#newId(),
      ownerIds,
      name,
      city: null,
      address: null,
      postalCode: null,
      phone: null,
      email: null,
      note: null,
      ...texts,
      createdAt: at,
      updatedAt: at,
      createdBy: request,
      updatedBy: request,
    };
    this.companies.set(company.id, company);
    return company;
  }

  update(id: string, input: CompanyInput, { at, request }: Write): SimulatedCompany {
    const company = this.companies.get(id);
    if (company === undefined) throw createGraphQLError('Company not found');
    refuse(this.#memberIds, input);
    return Object.assign(company, this.#alter(present(input)), { updatedAt: at, updatedBy: request });
  }

  delete(id: string): string {
    if (!this.companies.delete(id)) throw createGraphQLError('Company not found');
    return id;
  }

  /** Looks like Moovago's ids (an assumption), tells nothing, and is the same in every run. */
  #newId(): string {
    this.#made += 1;
    return createHash('sha256').update(`company ${this.#made}`).digest('hex').slice(0, 24);
  }
}

function present(input: CompanyInput): CompanyRecord {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== null),
  );
}
