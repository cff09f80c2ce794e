import { createGraphQLError } from 'graphql-yoga';
import { z } from 'zod';
import type { Mandator, Team } from '../../lib/moovago/company.ts';
import type { ChildBook, ChildInput } from './children.ts';
import type { CompanyBook, CompanyInput } from './companies.ts';
import { operation } from './graphql-route.ts';

/**
 * What the guide shows of Moovago's schema. It names `FilterManyCompanyInput`, `FilterManyMandatorInput`,
 * `CompanyCreateInput` and `CompanyUpdateInput`. Reading more of a company than id, name and ownerIds is an assumption,
 * and so are the deletion, the mandators of a company, which of the inputs' fields are obligatory, and all about contacts
 * and turnover, of which the guide gives the names only.
 */
export const moovagoTypeDefs = /* GraphQL */ `
  type Query {
    team: Team!
    companyList(filter: FilterManyCompanyInput!): [Company!]!
    mandatorList(filter: FilterManyMandatorInput!): [Mandator!]!
    companyContactList(filter: FilterManyCompanyContactInput!): [CompanyContact!]!
    turnoverList(filter: FilterManyTurnoverInput!): [Turnover!]!
  }
  type Mutation {
    company: CompanyMutation!
    companyContact: CompanyContactMutation!
    turnover: TurnoverMutation!
  }
  type CompanyMutation {
    create(input: CompanyCreateInput!): CompanyPayload
    update(input: CompanyUpdateInput!): CompanyPayload
    delete(id: ID!): CompanyPayload
  }
  input FilterManyCompanyInput { teamId: ID }
  type CompanyContactMutation {
    create(input: CompanyContactCreateInput!): ChildPayload
    update(input: CompanyContactUpdateInput!): ChildPayload
  }
  type TurnoverMutation {
    create(input: TurnoverCreateInput!): ChildPayload
    update(input: TurnoverUpdateInput!): ChildPayload
  }
  input FilterManyMandatorInput { teamId: ID }
  input FilterManyCompanyContactInput { teamId: ID }
  input FilterManyTurnoverInput { teamId: ID }
  input CompanyContactCreateInput {
    companyId: ID!, firstName: String, lastName: String, role: String, phone: String, email: String
  }
  input CompanyContactUpdateInput { id: ID!, input: CompanyContactUpdateFields! }
  input CompanyContactUpdateFields {
    firstName: String, lastName: String, role: String, phone: String, email: String
  }
  input TurnoverCreateInput { companyId: ID!, amount: Float, period: String }
  input TurnoverUpdateInput { id: ID!, input: TurnoverUpdateFields! }
  input TurnoverUpdateFields { amount: Float, period: String }
  input CompanyCreateInput {
    ownerIds: [ID!], mandatorIds: [ID!], name: String!, city: String, address: String, postalCode: String, phone: String,
    email: String, note: String
  }
  input CompanyUpdateInput { id: ID!, input: CompanyUpdateFields! }
  input CompanyUpdateFields {
    ownerIds: [ID!], mandatorIds: [ID!], name: String, city: String, address: String, postalCode: String, phone: String,
    email: String, note: String
  }
  type CompanyPayload { recordId: ID }
  type ChildPayload { recordId: ID }
  type CompanyContact {
    id: ID!, companyId: ID!, firstName: String, lastName: String, role: String, phone: String, email: String
  }
  type Turnover { id: ID!, companyId: ID!, amount: Float, period: String }
  type Team { id: ID!, name: String!, members: [Member!]! }
  type Member { id: ID!, alias: String! }
  type Mandator { id: ID!, name: String! }
  type Company {
    id: ID!, name: String!, ownerIds: [ID!]!, city: String, address: String, postalCode: String, phone: String,
    email: String, note: String
  }
`;

type MoovagoData = {
  team: Team;
  mandators: Mandator[];
  book: CompanyBook;
  contacts: ChildBook;
  turnovers: ChildBook;
  now: () => number;
  /** A company is in no list until it is this old. */
  listLagMs: number;
  /** `companyList` ends here, without a word. */
  listLimit: number;
};
type Listed = { filter: { teamId?: string | null } };

export function moovagoResolvers(data: MoovagoData) {
  const { team, mandators, book, contacts, turnovers, now, listLagMs, listLimit } = data;
  const ofTeam = ({ filter }: Listed) => {
    if (filter.teamId !== undefined && filter.teamId !== null && filter.teamId !== team.id)
      throw createGraphQLError('You are not authorized to access this data');
  };
  const listOf = (of: ChildBook) =>
    operation((args: Listed) => {
      ofTeam(args);
      return of.live().filter(({ createdAt }) => createdAt <= now() - listLagMs);
    });
  return {
    Query: {
      companyContactList: listOf(contacts),
      turnoverList: listOf(turnovers),
      team: operation(() => team),
      companyList: operation((args: Listed) => {
        ofTeam(args);
        const seenUntil = now() - listLagMs;
        const seen = [...book.companies.values()].filter(({ createdAt }) => createdAt <= seenUntil);
        return seen.slice(0, listLimit);
      }),
      mandatorList: operation((args: Listed) => {
        ofTeam(args);
        return mandators;
      }),
    },
    Mutation: { company: () => ({}), companyContact: () => ({}), turnover: () => ({}) },
    CompanyContactMutation: childMutation(contacts, now),
    TurnoverMutation: childMutation(turnovers, now),
    CompanyMutation: {
      create: operation(({ input }: { input: CompanyInput }, { recorded }) => ({
        recordId: book.create(input, { at: now(), request: recorded.number }).id,
      })),
      update: operation(({ input }: { input: { id: string; input: CompanyInput } }, { recorded }) => ({
        recordId: book.update(input.id, input.input, { at: now(), request: recorded.number }).id,
      })),
      delete: operation(({ id }: { id: string }) => ({ recordId: book.delete(id) })),
    },
  };
}

function childMutation(book: ChildBook, now: () => number) {
  return {
    create: operation(({ input }: { input: ChildInput }) => ({ recordId: book.create(input, now()).id })),
    update: operation(({ input }: { input: { id: string; input: Record<string, unknown> } }) => ({
      recordId: book.update(input.id, input.input).id,
    })),
  };
}

const failedAnswer = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(
    z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).optional() }),
  ),
});

/** Errors as in the guide's sample. A document that is not valid has no `data`: an assumption. */
export function likeMoovagoErrors(answer: unknown): unknown {
  const { errors, ...data } = failedAnswer.parse(answer);
  return {
    ...data,
    errors: errors.map(({ message, path }) => ({
      message,
      locations: [],
      errorType: path === undefined ? 'ValidationError' : 'DataFetchingException',
      path: path ?? null,
      extensions: null,
    })),
  };
}
