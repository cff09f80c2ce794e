import type { ColumnValue } from '../../lib/clavus/folder.ts';
import { type ClavusData, clavusResolvers, clavusTypeDefs, mayRead } from './clavus-schema.ts';
import type { FaultDesk } from './faults.ts';
import { FolderFinder } from './folder-query.ts';
import { frenchTenant } from './french-data.ts';
import { graphqlRoute } from './graphql-route.ts';
import { prospectIds, type SimulatedProspect } from './prospects.ts';
import type { RecordedRequest } from './request-log.ts';
import { withSampleAnswers } from './sample-answers.ts';
import { startSimulatorServer } from './server.ts';
import { ColumnTable, FolderStore, type SimulatedFolder } from './simulated-folder.ts';
import type { ClavusTeam, ClavusUser, ColumnDefinition, Tenant } from './tenant.ts';

export type ClavusSimulatorOptions = {
  /** The bearer token. */
  key: string;
  /** What there is in it; a French solar installer with `folders` folders (300), made from `seed`, by default. */
  tenant?: Tenant;
  seed?: number;
  folders?: number;
  port?: number;
  /** Milliseconds since 1970, for the log and for the dates of edits. */
  now?: () => number;
  latencyMs?: number;
  /** Pages are cut to this size, whatever `itemParPage` asks. No cap is documented. */
  maxItemsPerPage?: number;
  /** A list shows so many folders at most, and counts no further, as lists of search engines do. */
  ceiling?: number | undefined;
  /** Columns that the key may not read, by id, name or label: absent, without an error. */
  hiddenColumns?: string[];
  /** What `getFolders` gives as the name of a column: the guide has labels in one place, a technical name in another. */
  columnNames?: 'technical' | 'label';
  /** By which of its names `getFolders` takes a column to return; by any, by default. It leaves out what it does not know. */
  columnsBy?: 'id' | 'name' | 'label';
  /** How dates are written into the tenant's date columns; ISO 8601 in UTC by default. */
  formatDate?: (at: number) => string;
  /** Answers `getTeams` and `getUsers` in the shape of the guide's sample answers, which is not that of its queries. */
  answersLikeSamples?: boolean;
  newProspectId?: () => string;
};

type ColumnValues = Record<string, ColumnValue>;

export type ClavusSimulator = {
  url: string;
  /** Live: the map and the folders may be changed at any time. Its order is the order without `sortBy`. */
  folders: Map<string, SimulatedFolder>;
  /** Live: columns may be renamed, removed and added. */
  columns: ColumnDefinition[];
  hiddenColumns: Set<string>;
  teams: ClavusTeam[];
  users: ClavusUser[];
  prospects: Map<string, SimulatedProspect>;
  requests: RecordedRequest[];
  faults: FaultDesk;
  /** As a user does it: sets these columns, named by id, name or label, and the date of modification. */
  editFolder(folderId: string, values: ColumnValues): void;
  /** Adds one more folder of the tenant's kind, created now, with these columns set. */
  addFolder(values?: ColumnValues): SimulatedFolder;
  removeFolder(folderId: string): void;
  close(): Promise<void>;
};

/** Clavus as its public guide describes it, on 127.0.0.1. */
export async function startClavusSimulator(options: ClavusSimulatorOptions): Promise<ClavusSimulator> {
  const now = options.now ?? (() => Date.now());
  const formatDate = options.formatDate ?? ((at) => new Date(at).toISOString());
  const tenant =
    options.tenant ?? frenchTenant({ seed: options.seed ?? 1, folders: options.folders ?? 300, formatDate });
  const data = clavusData(tenant, options);
  const graphql = graphqlRoute({
    typeDefs: clavusTypeDefs,
    resolvers: clavusResolvers(data),
    introspection: true,
  });
  const server = await startSimulatorServer({
    port: options.port ?? 0,
    now,
    latencyMs: options.latencyMs ?? 0,
    routes: new Map([
      ['/api/external/graphql', options.answersLikeSamples === true ? withSampleAnswers(graphql) : graphql],
    ]),
    refuse: (_at, { authorization }) =>
      authorization === `Bearer ${options.key}` ? undefined : { status: 401, outcome: 'unauthorized' },
  });
  return {
    url: `${server.origin}/api/external/graphql`,
    folders: data.folders,
    columns: data.folders.columns.list,
    hiddenColumns: data.hiddenColumns,
    teams: data.teams,
    users: data.users,
    prospects: data.prospects,
    requests: server.requests,
    faults: server.faults,
    ...folderEditing(tenant, data.folders, () => formatDate(now())),
    close: server.close,
  };
}

function clavusData(tenant: Tenant, options: ClavusSimulatorOptions): ClavusData {
  const folders = new FolderStore(new ColumnTable(tenant.columns));
  for (let index = 0; index < tenant.folderCount; index += 1) folders.add(tenant.folderAt(index));
  const hiddenColumns = new Set(options.hiddenColumns);
  return {
    folders,
    finder: new FolderFinder(folders, tenant.folderName, (column) => mayRead(hiddenColumns, column)),
    teams: [...tenant.teams],
    users: [...tenant.users],
    prospects: new Map(),
    newProspectId: options.newProspectId ?? prospectIds(),
    hiddenColumns,
    maxItemsPerPage: options.maxItemsPerPage ?? Number.POSITIVE_INFINITY,
    ceiling: options.ceiling ?? Number.POSITIVE_INFINITY,
    columnNames: options.columnNames ?? 'technical',
    columnsBy: options.columnsBy,
  };
}

function folderEditing(tenant: Tenant, folders: FolderStore, date: () => string) {
  let made = tenant.folderCount;
  function existing(folderId: string): SimulatedFolder {
    const folder = folders.get(folderId);
    if (folder === undefined) throw new Error(`The simulated Clavus has no folder '${folderId}'.`);
    return folder;
  }
  function set(folder: SimulatedFolder, dates: (string | undefined)[], values: ColumnValues): void {
    for (const column of dates) if (column !== undefined) folder.set(column, date());
    for (const [column, value] of Object.entries(values)) folder.set(column, value);
  }
  return {
    editFolder(folderId: string, values: ColumnValues): void {
      set(existing(folderId), [tenant.modifiedColumn], values);
    },
    addFolder(values: ColumnValues = {}): SimulatedFolder {
      const folder = folders.add(tenant.folderAt(made));
      made += 1;
      set(folder, [tenant.createdColumn, tenant.modifiedColumn], values);
      return folder;
    },
    removeFolder(folderId: string): void {
      folders.delete(existing(folderId).id);
    },
  };
}
