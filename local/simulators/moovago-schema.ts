import { createGraphQLError } from 'graphql-yoga';
import { z } from 'zod';
import type { Mandator, Team } from '../../lib/moovago/company.ts';
import type { CompanyBook, CompanyInput } from './companies.ts';
import { operation } from './graphql-route.ts';

/**
 * What the guide shows of Moovago's schema. It names `FilterManyCompanyInput`, `FilterManyMandatorInput`,
 * `CompanyCreateInput` and `CompanyUpdateInput`. Reading more of a company than id, name and ownerIds is an assumption,
 * and so are the deletion, and which of the inputs' fields are obligatory.
 */
export const moovagoTypeDefs = /* GraphQL */ `
  type Query {
    team: Team!
    companyList(filter: FilterManyCompanyInput!): [Company!]!
    mandatorList(filter: FilterManyMandatorInput!): [Mandator!]!
  }
  type Mutation { company: CompanyMutation! }
  type CompanyMutation {
    create(input: CompanyCreateInput!): CompanyPayload
    update(input: CompanyUpdateInput!): CompanyPayload
    delete(id: ID!): CompanyPayload
  }
  input FilterManyCompanyInput { teamId: ID }
  input FilterManyMandatorInput { teamId: ID }
  input CompanyCreateInput {
    ownerIds: [ID!], name: String!, city: String, address: String, postalCode: String, phone: String,
    email: String, note: String
  }
  input CompanyUpdateInput { id: ID!, input: CompanyUpdateFields! }
  input CompanyUpdateFields {
    ownerIds: [ID!], name: String, city: String, address: String, postalCode: String, phone: String,
    email: String, note: String
  }
  type CompanyPayload { recordId: ID }
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
  now: () => number;
  /** A company is in no list until it is this old. */
  listLagMs: number;
};
type Listed = { filter: { teamId?: string | null } };

export function moovagoResolvers({ team, mandators, book, now, listLagMs }: MoovagoData) {
  const ofTeam = ({ filter }: Listed) => {
    if (filter.teamId !== undefined && filter.teamId !== null && filter.teamId !== team.id)
      throw createGraphQLError('You are not authorized to access this data');
  };
  return {
    Query: {
      team: operation(() => team),
      companyList: operation((args: Listed) => {
        ofTeam(args);
        const seenUntil = now() - listLagMs;
        return [...book.companies.values()].filter(({ createdAt }) => createdAt <= seenUntil);
      }),
      mandatorList: operation((args: Listed) => {
        ofTeam(args);
        return mandators;
      }),
    },
    Mutation: { company: () => ({}) },
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
