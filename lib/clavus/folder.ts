import * as z from 'zod';
import { serviceId } from '../framework/service-id.ts';

/** A column's value. The guide's samples show only strings; accepting other kinds is an assumption that costs nothing. */
export type ColumnValue = string | number | boolean | null | ColumnValue[];

/** A list or an object within a column has so many levels at most. Deeper ones stay JSON text. */
const levelsMax = 4;

/** The texts of a list or an object, in their order: `{ street, zip }` is an address. */
function textsOf(value: unknown, levels = levelsMax): ColumnValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return String(value);
  return levels === 0 ? JSON.stringify(value) : Object.values(value).map((one) => textsOf(one, levels - 1));
}

/** A list or an object may come as JSON text, as `["u1"]`. */
function readText(text: string): ColumnValue {
  if (!/^\s*[[{]/.test(text)) return text;
  const parsed = readJson(text);
  return typeof parsed === 'object' && parsed !== null ? textsOf(parsed) : text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const columnValue: z.ZodType<ColumnValue> = z.union([
  z.string().transform(readText),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.lazy(() => columnValue)),
  // An object in a column must not make the whole page fail.
  z.record(z.string(), z.unknown()).transform((value) => textsOf(value)),
]);

const text = z.union([z.string(), z.number().transform(String)]).nullish();

/**
 * One column of one folder. In the guide's samples, `name` is once a label and once a technical name. The id may be that
 * of the value (assumption), or missing: then the column is known by its name or label.
 */
export const folderColumn = z.object({
  id: serviceId.nullish().transform((id) => id ?? ''),
  name: text,
  label: text,
  value: columnValue.optional().transform((value) => value ?? null),
});
export type FolderColumn = z.infer<typeof folderColumn>;

/** A folder ("dossier"), as `getFolders` and `getValuesByIds` return it. A column that the key may not read is absent. */
export type Folder = { id: string; columns: FolderColumn[] };

/** A folder on a page that cannot be read. `place`: from 0 on its page. */
export type UnreadableFolder = { place: number; id?: string };

/** `totalCount` counts all pages, by the guide; 0 if Clavus says nothing of it. */
export type FolderPage = { totalCount: number; folders: Folder[]; unreadable?: UnreadableFolder[] };

/** A column that the tenant defined, as `getColumns` lists it. */
export const column = z.object({ id: serviceId, label: text });
export type Column = z.infer<typeof column>;

/** A person in Clavus. Clavus lists active users only. */
export type User = { id: string; firstName: string; lastName: string; email: string | null };
