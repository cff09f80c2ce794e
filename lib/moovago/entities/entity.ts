import type { RecordField } from './record.ts';

/** The kinds of records that belong to a company. A folder has at most one of each. */
export const childNames = ['contact', 'turnover'] as const;
export type ChildName = (typeof childNames)[number];
export type EntityName = 'company' | ChildName;

/** Everything that the connector knows about one kind of record in Moovago. */
export type Entity = {
  /** The key of `sync.config.ts` that maps it. */
  setting: 'company' | 'contacts' | 'turnover';
  /** The field of `Mutation` that holds its `create` and `update`. */
  mutation: string;
  /** The types of their inputs. The type of an update holds `{ id, input }`. */
  inputs: { create: string; update: string };
  /** The query that lists a team's records, and the type of its filter, which has `teamId`. */
  list: { query: string; filter: string };
  /** The fields that a record can be written with, in this order. */
  fields: readonly RecordField[];
  /** At least one of these must be filled in; otherwise there is no record. */
  filledIn: readonly RecordField[];
  /** The fields that are sent as numbers. */
  numbers?: readonly RecordField[];
  /** For a child: the field that names its company, and the fields that together distinguish it from its siblings. */
  child?: { parentField: string; identity: readonly RecordField[] };
  /** Whether Moovago's guide shows its operations. Otherwise it is sent only once a schema has proved it. */
  isDocumented: boolean;
};
