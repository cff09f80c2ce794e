import * as z from 'zod';

/** A column's value. A string in every sample of the guide; the other kinds are an assumption that costs nothing. */
export type ColumnValue = string | number | boolean | null | ColumnValue[];

const columnValue: z.ZodType<ColumnValue> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.lazy(() => columnValue)),
  // An object in a column must not stop the page: it is kept as its JSON.
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);

const text = z.string().nullish();

/** One column of one folder. `name` holds a label in one sample of the guide and a technical name in another. */
export const folderColumn = z.object({
  id: z.string(),
  name: text,
  label: text,
  value: columnValue.optional().transform((value) => value ?? null),
});
export type FolderColumn = z.infer<typeof folderColumn>;

/** A folder ("dossier"), as `getFolders` and `getValuesByIds` give it. A column that the key may not read is absent. */
export type Folder = { id: string; columns: FolderColumn[] };

/** A column that the tenant defined, as `getColumns` lists it. */
export const column = z.object({ id: z.string(), label: text });
export type Column = z.infer<typeof column>;

/** A person in Clavus. Clavus lists active users only. */
export type User = { id: string; firstName: string; lastName: string; email: string | null };
