import * as z from 'zod';
import { listOf } from '../framework/list-of.ts';
import { serviceId } from '../framework/service-id.ts';
import {
  column,
  type Folder,
  type FolderPage,
  folderColumn,
  type UnreadableFolder,
  type User,
} from './folder.ts';

const text = z.string().nullish();

/** Every operation except `upsertProspect` is below this field. */
const erpEnrAPI = <Fields extends z.ZodRawShape>(fields: Fields) => z.object({ erpEnrAPI: z.object(fields) });

/** A count may come as text, or not at all. Anything else says nothing. */
const count = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .nullish()
  .catch(undefined);
const folder = z.object({ id: serviceId, columns: listOf(folderColumn) });
const named = z.object({ id: serviceId });

/** A page of `getFolders`. A folder that is not as the guide has it does not make the whole page fail. */
export const foldersAnswer = erpEnrAPI({
  getFolders: z.object({ totalCount: count, results: z.array(z.unknown()) }),
}).transform(({ erpEnrAPI: { getFolders } }) => ({
  totalCount: getFolders.totalCount ?? 0,
  results: getFolders.results,
}));

/**
 * The folders of a page, one by one.
 * @param failed the places for which the answer holds an error: what is shown of them may be only a part
 */
export function readFolders(
  { totalCount, results }: z.infer<typeof foldersAnswer>,
  failed: ReadonlySet<number>,
): FolderPage {
  const folders: Folder[] = [];
  const unreadable: UnreadableFolder[] = [];
  for (const [place, result] of results.entries()) {
    const read = folder.safeParse(result);
    if (read.success && !failed.has(place)) folders.push(read.data);
    else unreadable.push({ place, ...named.safeParse(result).data });
  }
  return { totalCount, folders, ...(unreadable.length > 0 ? { unreadable } : {}) };
}

export const columnsAnswer = erpEnrAPI({ getColumns: listOf(column) }).transform(
  (answer) => answer.erpEnrAPI.getColumns,
);

export const valuesAnswer = erpEnrAPI({
  getValuesByIds: listOf(z.object({ id: serviceId, values: listOf(folderColumn) })),
}).transform((answer) => answer.erpEnrAPI.getValuesByIds.map(({ id, values }) => ({ id, columns: values })));

const teams = listOf(z.object({ id: z.string(), name: z.string(), description: text, color: text }));
export type ClavusTeam = z.infer<typeof teams>[number];

/** In the guide, the query has `getTeams` below `erpEnrAPI`, but the sample answer has it at the root. */
export const teamsAnswer = z
  .object({ erpEnrAPI: z.object({ getTeams: teams.nullish() }).nullish(), getTeams: teams.nullish() })
  .transform((answer, context): ClavusTeam[] => {
    const found = answer.erpEnrAPI?.getTeams ?? answer.getTeams;
    if (found) return found;
    context.addIssue({ code: 'custom', message: 'there are no teams' });
    return z.NEVER;
  });

/** In the guide, the query has `firstName` and `lastName`, but the sample answer has `firstname` and `lastname`. */
const user = z
  .object({ id: serviceId, firstName: text, lastName: text, firstname: text, lastname: text, email: text })
  .transform(
    (given): User => ({
      id: given.id,
      firstName: given.firstName ?? given.firstname ?? '',
      lastName: given.lastName ?? given.lastname ?? '',
      email: given.email ?? null,
    }),
  );

export const usersAnswer = erpEnrAPI({ getUsers: listOf(user) }).transform(
  (answer) => answer.erpEnrAPI.getUsers,
);
