import { type ChildName, childNames, type EntityName } from '../moovago/entities/entity.ts';

/** A character that no Clavus id in the guide has. */
const separator = '~';

/** What a row is about: the folder's company, or a record that belongs to it. */
export type RowName = { entity: EntityName; folderId: string };

/**
 * The row id of a record that belongs to a folder's company: `contact~abc123`. A company's row id is the folder's own
 * id.
 */
export const childRowId = (child: ChildName, folderId: string): string => `${child}${separator}${folderId}`;

export function readRowId(rowId: string): RowName {
  const entity = childNames.find((name) => rowId.startsWith(`${name}${separator}`));
  return entity === undefined
    ? { entity: 'company', folderId: rowId }
    : { entity, folderId: rowId.slice(entity.length + separator.length) };
}

/** The kind of record that a row is about; `undefined` for a company. */
export function childOf({ folderId: rowId }: { folderId: string }): ChildName | undefined {
  const { entity } = readRowId(rowId);
  return entity === 'company' ? undefined : entity;
}

/** The rows of a folder share a partition. The sort key lets a reader of companies skip the other records. */
export function rowKey(rowId: string): { pk: string; sk: string } {
  const { entity, folderId } = readRowId(rowId);
  return { pk: `FOLDER#${folderId}`, sk: entity === 'company' ? 'ROW' : `ROW#${entity}` };
}

export function rowIdOf({ pk, sk }: Record<string, unknown>): string {
  const folderId = String(pk).slice('FOLDER#'.length);
  const entity = childNames.find((name) => sk === `ROW#${name}`);
  return entity === undefined ? folderId : childRowId(entity, folderId);
}
