import * as z from 'zod';

/** A column's value. The guide's samples show only strings; accepting other kinds is an assumption that costs nothing. */
export type ColumnValue = string | number | boolean | null | ColumnValue[];

const columnValue: z.ZodType<ColumnValue> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.lazy(() => columnValue)),
  // An object in a column must not make the whole page fail: it is kept as JSON text.
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);

const text = z.string().nullish();

/** One column of one folder. In the guide's samples, `name` is once a label and once a technical name. */
export const folderColumn = z.object({
  id: z.string(),
  name: text,
  label: text,
  value: columnValue.optional().transform((value) => value ?? null),
});
export type FolderColumn = z.infer<typeof folderColumn>;

/** A folder ("dossier"), as `getFolders` and `getValuesByIds` return it. A column that the key may not read is absent. */
export type Folder = { id: string; columns: FolderColumn[] };

/** A column that the tenant defined, as `getColumns` lists it. */
export const column = z.object({ id: z.string(), label: text });
export type Column = z.infer<typeof column>;

/** A person in Clavus. Clavus lists active users only. */
export type User = { id: string; firstName: string; lastName: string; email: string | null };
