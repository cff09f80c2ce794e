import type { ColumnValue } from '../../lib/clavus/folder.ts';

/** A column that a tenant of Clavus defined. */
export type ColumnDefinition = { id: string; name: string; label: string };
export type ClavusTeam = { id: string; name: string; description: string; color: string };
export type ClavusUser = {
  id: string;
  teamId: string;
  firstName: string;
  lastName: string;
  email: string;
  active: boolean;
};

/** What a customer of Clavus has in it. Folders are made when they are first looked at, so there may be a million. */
export type Tenant = {
  columns: ColumnDefinition[];
  /** The columns, by name, whose texts together are the name of a folder, which `search` looks at. */
  folderName: string[];
  /** Columns, by name, that get the time when a folder is added and whenever it is edited. */
  createdColumn?: string;
  modifiedColumn?: string;
  folderCount: number;
  /** The folder at this place, from 0; `values` in the order of `columns`, the same whenever it is asked. */
  folderAt(index: number): { id: string; values: () => ColumnValue[] };
  teams: ClavusTeam[];
  users: ClavusUser[];
};
