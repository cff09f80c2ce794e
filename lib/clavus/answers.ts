import * as z from 'zod';
import { column, folderColumn, type User } from './folder.ts';

const text = z.string().nullish();

/** Every operation except `upsertProspect` is below this field. */
const erpEnrAPI = <Fields extends z.ZodRawShape>(fields: Fields) => z.object({ erpEnrAPI: z.object(fields) });

/** A page of `getFolders`. `totalCount` counts all pages. */
export const foldersAnswer = erpEnrAPI({
  getFolders: z.object({
    totalCount: z.number(),
    results: z.array(z.object({ id: z.string().min(1), columns: z.array(folderColumn) })),
  }),
}).transform(({ erpEnrAPI: { getFolders } }) => ({
  totalCount: getFolders.totalCount,
  folders: getFolders.results,
}));

export const columnsAnswer = erpEnrAPI({ getColumns: z.array(column) }).transform(
  (answer) => answer.erpEnrAPI.getColumns,
);

export const valuesAnswer = erpEnrAPI({
  getValuesByIds: z.array(z.object({ id: z.string().min(1), values: z.array(folderColumn) })),
}).transform((answer) => answer.erpEnrAPI.getValuesByIds.map(({ id, values }) => ({ id, columns: values })));

const teams = z.array(z.object({ id: z.string(), name: z.string(), description: text, color: text }));
export type ClavusTeam = z.infer<typeof teams>[number];

/** In the guide, the query has `getTeams` below `erpEnrAPI`, but the sample answer has it at the root. */
export const teamsAnswer = z
  .object({ erpEnrAPI: z.object({ getTeams: teams.nullish() }).nullish(), getTeams: teams.nullish() })
  .transform((answer) => answer.erpEnrAPI?.getTeams ?? answer.getTeams)
  .pipe(teams);

/** In the guide, the query has `firstName` and `lastName`, but the sample answer has `firstname` and `lastname`. */
const user = z
  .object({ id: z.string(), firstName: text, lastName: text, firstname: text, lastname: text, email: text })
  .transform(
    (given): User => ({
      id: given.id,
      firstName: given.firstName ?? given.firstname ?? '',
      lastName: given.lastName ?? given.lastname ?? '',
      email: given.email ?? null,
    }),
  );

export const usersAnswer = erpEnrAPI({ getUsers: z.array(user) }).transform(
  (answer) => answer.erpEnrAPI.getUsers,
);
