import { buildSchema } from 'graphql';

/** As the guide describes it, with the assumptions that companies can be read back, and deleted. */
export const moovagoSchema = buildSchema(`
  input FilterManyCompanyInput { teamId: ID }
  input FilterManyMandatorInput { teamId: ID }
  input CompanyCreateInput {
    ownerIds: [ID!], name: String, city: String, address: String, postalCode: String, phone: String, email: String, note: String
  }
  input CompanyUpdateInput { id: ID!, input: CompanyCreateInput! }
  type Member { id: ID!, alias: String }
  type Team { id: ID!, name: String, members: [Member!]! }
  type Mandator { id: ID!, name: String }
  type Company {
    id: ID!, ownerIds: [ID!], name: String, city: String, address: String, postalCode: String, phone: String, email: String, note: String
  }
  type Query {
    team: Team
    companyList(filter: FilterManyCompanyInput!): [Company!]
    mandatorList(filter: FilterManyMandatorInput!): [Mandator!]
  }
  type Written { recordId: ID }
  type CompanyMutation { create(input: CompanyCreateInput!): Written, update(input: CompanyUpdateInput!): Written, delete(id: ID!): Written }
  type Mutation { company: CompanyMutation }
`);
