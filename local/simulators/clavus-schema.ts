import { createGraphQLError } from 'graphql-yoga';
import type { SimulatorContext } from './answer.ts';
import type { Fault } from './faults.ts';
import type { FolderFinder, FolderQuery } from './folder-query.ts';
import { operation } from './graphql-route.ts';
import { type ProspectInput, type SimulatedProspect, upsertProspect } from './prospects.ts';
import type { FolderStore, SimulatedFolder } from './simulated-folder.ts';
import type { ClavusTeam, ClavusUser, ColumnDefinition } from './tenant.ts';

/**
 * The guide's schema. It names `Int!`, `String`, `[String]` and `[FilterInput]`; all other types of arguments are ours,
 * and a client that declares a variable for one of them is refused here, as it may be there.
 */
export const clavusTypeDefs = /* GraphQL */ `
  "A string in every sample of the guide; a number, a boolean, a list or null is an assumption."
  scalar ColumnValue
  type Query { erpEnrAPI: ErpEnrAPI! }
  type ErpEnrAPI {
    getFolders(
      page: Int!, itemParPage: Int!, search: String, columns: [String],
      filterColumns: [FilterInput], sortBy: [FolderSort]
    ): FolderPage!
    getColumns(page: Int!, itemParPage: Int!): [Column!]!
    getTeams: [Team!]!
    getUsers(teamId: ID): [User!]!
    getValuesByIds(ids: [ID!]!): [FolderValues!]!
  }
  input FilterInput { column: String!, operator: String!, value: String! }
  input FolderSort { column: String!, direction: String! }
  type FolderPage { totalCount: Int!, results: [Folder!]! }
  type Folder { id: ID!, columns: [FolderColumn!]! }
  type FolderColumn { id: ID!, name: String!, value: ColumnValue }
  type Column { id: ID!, label: String! }
  type Team { id: ID!, name: String!, description: String, color: String }
  "The guide's query has firstName and lastName, its sample answer firstname and lastname."
  type User { id: ID!, firstName: String, lastName: String, firstname: String, lastname: String, email: String }
  type FolderValues { id: ID!, values: [FolderValue!]! }
  type FolderValue { id: ID!, name: String!, label: String!, value: ColumnValue }
  type Mutation {
    upsertProspect(
      id: ID, firstName: String, lastName: String, address: String, postalCode: String, email: String,
      phone: String, type: ProspectType, siren: String, puissanceKc: Float, prixHT: String, gps: [String],
      commercialNote: String
    ): Prospect
  }
  "The guide shows MORAL; PHYSIQUE is an assumption."
  enum ProspectType { MORAL PHYSIQUE }
  type Prospect {
    id: ID!, firstName: String, lastName: String, address: String, postalCode: String, email: String,
    phone: String, type: ProspectType, siren: String, puissanceKc: Float, prixHT: String, gps: [String],
    commercialNote: String
  }
`;

export type ClavusData = {
  folders: FolderStore;
  finder: FolderFinder;
  teams: ClavusTeam[];
  users: ClavusUser[];
  prospects: Map<string, SimulatedProspect>;
  newProspectId: () => string;
  /** Columns that the key may not read, by id, name or label. */
  hiddenColumns: Set<string>;
  maxItemsPerPage: number;
  ceiling: number;
  columnNames: 'technical' | 'label';
  columnsBy: 'id' | 'name' | 'label' | undefined;
};

type FoldersArgs = FolderQuery & { page: number; itemParPage: number; columns?: (string | null)[] | null };

export function clavusResolvers(data: ClavusData) {
  return {
    Query: { erpEnrAPI: () => ({}) },
    ErpEnrAPI: {
      getFolders: operation((args: FoldersArgs, context) => getFolders(data, args, context)),
      getColumns: operation((args: FoldersArgs) =>
        pageOf(readableColumns(data), args.page, args.itemParPage).map(({ id, label }) => ({ id, label })),
      ),
      getTeams: operation(() => data.teams),
      getUsers: operation(({ teamId }: { teamId?: string | null }) =>
        data.users
          .filter(({ active }) => active)
          .filter((user) => teamId === undefined || teamId === null || user.teamId === teamId)
          .map((user) => ({ ...user, firstname: user.firstName, lastname: user.lastName })),
      ),
      getValuesByIds: operation(({ ids }: { ids: string[] }) =>
        ids
          .map((id) => data.folders.get(id))
          .filter((folder) => folder !== undefined)
          .map((folder) => ({ id: folder.id, values: columnsOf(data, folder) })),
      ),
    },
    Mutation: {
      upsertProspect: operation((input: ProspectInput) =>
        upsertProspect(data.prospects, data.newProspectId, input),
      ),
    },
  };
}

function getFolders(data: ClavusData, asked: FoldersArgs, { faults }: SimulatorContext) {
  const args = withoutIgnored(asked, faults);
  // Like a list of a search engine: it shows nothing behind its ceiling, and counts no further.
  const found = withoutMissing(data.finder.find(args), faults).slice(0, data.ceiling);
  const results = pageOf(found, args.page, Math.min(args.itemParPage, data.maxItemsPerPage));
  const wanted = args.columns?.map((named) => wantedColumn(data, named ?? '')?.id);
  return {
    totalCount: found.length,
    results: results.map((folder) => ({
      id: folder.id,
      columns: columnsOf(data, folder)
        .filter(({ id }) => wanted === undefined || wanted.includes(id))
        .map(({ id, name, label, value }) => ({
          id,
          name: data.columnNames === 'label' ? label : name,
          value,
        })),
    })),
  };
}

function wantedColumn({ folders: { columns }, columnsBy }: ClavusData, named: string) {
  return columnsBy === undefined
    ? columns.find(named)
    : columns.list.find((column) => column[columnsBy] === named);
}

function withoutMissing(folders: SimulatedFolder[], faults: Fault[]): SimulatedFolder[] {
  const missing = faults.find((fault) => fault.kind === 'missingFolders')?.ids;
  if (missing === undefined) return folders;
  return missing === 'all' ? [] : folders.filter(({ id }) => !missing.includes(id));
}

function withoutIgnored(args: FoldersArgs, faults: Fault[]): FoldersArgs {
  const ignored = faults.find((fault) => fault.kind === 'ignoreArguments')?.names ?? [];
  const kept = Object.entries(args).filter(([name]) => !ignored.includes(name));
  return { page: 1, itemParPage: args.itemParPage, ...Object.fromEntries(kept) };
}

function readableColumns({ folders, hiddenColumns }: ClavusData) {
  return folders.columns.list.filter((column) => mayRead(hiddenColumns, column));
}

export function mayRead(hiddenColumns: Set<string>, { id, name, label }: ColumnDefinition): boolean {
  return !hiddenColumns.has(id) && !hiddenColumns.has(name) && !hiddenColumns.has(label);
}

function columnsOf(data: ClavusData, folder: SimulatedFolder) {
  const values = folder.values();
  return readableColumns(data).map((column) => ({
    ...column,
    value: values[data.folders.columns.slot(column.id)] ?? null,
  }));
}

/** Pages are numbered from 1. That other numbers are refused is an assumption. */
function pageOf<Item>(items: Item[], page: number, size: number): Item[] {
  if (page < 1 || size < 1) throw createGraphQLError('page and itemParPage start at 1');
  return items.slice((page - 1) * size, page * size);
}
