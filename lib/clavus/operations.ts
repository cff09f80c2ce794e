import { type Operation, operation } from './operation.ts';

/** A condition on one column. Values are sent as text. */
type FolderFilter = {
  column: string;
  operator: '=' | '<' | '>' | '<=' | '>=' | 'IN' | 'CONTAINS';
  value: string;
};
type FolderOrder = { column: string; direction: 'asc' | 'desc' };

export type FoldersQuery = {
  /** From 1. */
  page: number;
  itemParPage: number;
  search?: string;
  /** The columns to return. Default: all that the key may read. */
  columns?: readonly string[];
  filterColumns?: readonly FolderFilter[];
  sortBy?: readonly FolderOrder[];
};

const columnsPerPage = 500;

const foldersDocument = `
  query GetFolders($page: Int!, $itemParPage: Int!, $search: String, $columns: [String], $filterColumns: [FilterInput]) {
    erpEnrAPI {
      getFolders(page: $page, itemParPage: $itemParPage, search: $search, columns: $columns, filterColumns: $filterColumns) {
        totalCount
        results { id columns { id name value } }
      }
    }
  }`;
const columnsDocument = `
  query GetColumns($page: Int!, $itemParPage: Int!) {
    erpEnrAPI { getColumns(page: $page, itemParPage: $itemParPage) { id label } }
  }`;
const teamsDocument = 'query GetTeams { erpEnrAPI { getTeams { id name description color } } }';
const usersDocument = 'query GetUsers { erpEnrAPI { getUsers { id firstName lastName email } } }';
const valuesDocument =
  'query GetValues { erpEnrAPI { getValuesByIds { id values { id name label value } } } }';

export const foldersOperation = ({ sortBy, ...variables }: FoldersQuery): Operation =>
  operation(foldersDocument, variables, { field: 'getFolders', arguments: { sortBy } });

export const columnsOperation = (page: number): Operation =>
  operation(columnsDocument, { page, itemParPage: columnsPerPage });

export const teamsOperation = (): Operation => operation(teamsDocument, {});

export const usersOperation = (teamId?: string): Operation =>
  operation(usersDocument, {}, { field: 'getUsers', arguments: { teamId } });

export const valuesOperation = (ids: readonly string[]): Operation =>
  operation(valuesDocument, {}, { field: 'getValuesByIds', arguments: { ids } });

/** Every operation with which a synchronisation reads, with sample values, to check against Clavus' schema. */
export const sampleReadings = (): Record<string, Operation> => ({
  getFolders: foldersOperation({
    page: 1,
    itemParPage: 1,
    filterColumns: [{ column: 'column', operator: '=', value: 'value' }],
    sortBy: [{ column: 'column', direction: 'asc' }],
  }),
  getColumns: columnsOperation(1),
  getTeams: teamsOperation(),
  getUsers: usersOperation('team'),
  getValuesByIds: valuesOperation(['folder']),
});
