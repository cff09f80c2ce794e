import { createHash } from 'node:crypto';
import { createGraphQLError } from 'graphql-yoga';

/** A record that belongs to a company, in Moovago. Values that nobody gave are null. */
export type SimulatedChild = { id: string; companyId: string; createdAt: number } & Record<string, unknown>;

/** Fields as a mutation brings them; null is taken as absent. */
export type ChildInput = Record<string, unknown> & { companyId: string };

const given = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));

/**
 * The records of one kind that belong to companies, and the rules for writing them. The guide says only that each belongs
 * to one company: all of this is an assumption.
 */
export class ChildBook {
  readonly children = new Map<string, SimulatedChild>();
  readonly #kind: string;
  readonly #hasCompany: (companyId: string) => boolean;
  #made = 0;

  constructor(kind: string, hasCompany: (companyId: string) => boolean) {
    this.#kind = kind;
    this.#hasCompany = hasCompany;
  }

  create(input: ChildInput, at: number): SimulatedChild {
    if (!this.#hasCompany(input.companyId)) throw createGraphQLError('Company not found');
    const child: SimulatedChild = {
      ...given(input),
      companyId: input.companyId,
      id: this.#newId(),
      createdAt: at,
    };
    this.children.set(child.id, child);
    return child;
  }

  update(id: string, input: Record<string, unknown>): SimulatedChild {
    const child = this.live().find((one) => one.id === id);
    if (child === undefined) throw createGraphQLError(`${this.#kind} not found`);
    return Object.assign(child, given(input));
  }

  /** A company takes what belongs to it along when it is deleted. */
  live(): SimulatedChild[] {
    return [...this.children.values()].filter(({ companyId }) => this.#hasCompany(companyId));
  }

  #newId(): string {
    this.#made += 1;
    return createHash('sha256').update(`${this.#kind} ${this.#made}`).digest('hex').slice(0, 24);
  }
}
