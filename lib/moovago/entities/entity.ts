import type { RecordField } from './record.ts';

/** Records that belong to a company: of each kind a folder has at most one. */
export const childNames = ['contact', 'turnover'] as const;
export type ChildName = (typeof childNames)[number];
export type EntityName = 'company' | ChildName;

/** All that the connector knows of one kind of record in Moovago. */
export type Entity = {
  /** The key of `sync.config.ts` that maps it. */
  setting: 'company' | 'contacts' | 'turnover';
  /** The field of `Mutation` that holds its `create` and `update`. */
  mutation: string;
  /** The types of their inputs. That of an update holds `{ id, input }`. */
  inputs: { create: string; update: string };
  /** The query that lists a team's, and the type of its filter, which has `teamId`. */
  list: { query: string; filter: string };
  /** What a record may be written with, in this order. */
  fields: readonly RecordField[];
  /** Of these one must be filled in, or there is no record. */
  filledIn: readonly RecordField[];
  /** Those that travel as numbers. */
  numbers?: readonly RecordField[];
  /** Of a child: the field that names its company, and by which fields, all of them, one is told from its siblings. */
  child?: { parentField: string; identity: readonly RecordField[] };
  /** Whether Moovago's guide shows its operations. What it does not show is sent only once a schema has proved it. */
  isDocumented: boolean;
};
