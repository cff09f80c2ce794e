import { buildSchema } from 'graphql';

/** As the guide describes it; the types that it does not name are ours. */
export const clavusSchema = buildSchema(`
  input FilterInput { column: String!, operator: String!, value: String! }
  input Sort { column: String!, direction: String! }
  enum Kind { MORAL }
  type Value { id: ID!, name: String, label: String, value: String }
  type Folder { id: ID!, columns: [Value!]!, values: [Value!]! }
  type Page { totalCount: Int!, results: [Folder!]! }
  type Column { id: ID!, label: String }
  type Team { id: ID!, name: String!, description: String, color: String }
  type User { id: ID!, firstName: String, lastName: String, email: String }
  type Erp {
    getFolders(page: Int!, itemParPage: Int!, search: String, columns: [String], filterColumns: [FilterInput], sortBy: [Sort]): Page!
    getColumns(page: Int!, itemParPage: Int!): [Column!]!
    getTeams: [Team!]!
    getUsers(teamId: String): [User!]!
    getValuesByIds(ids: [String!]!): [Folder!]!
  }
  type Query { erpEnrAPI: Erp! }
  type Prospect {
    id: ID!, firstName: String, lastName: String, address: String, postalCode: String, email: String, phone: String,
    type: Kind, siren: String, puissanceKc: Int, prixHT: String, gps: [String!], commercialNote: String
  }
  type Mutation {
    upsertProspect(
      id: ID, firstName: String, lastName: String, address: String, postalCode: String, email: String, phone: String,
      type: Kind, siren: String, puissanceKc: Int, prixHT: String, gps: [String!], commercialNote: String
    ): Prospect!
  }
`);
