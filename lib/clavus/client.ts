import { getIntrospectionQuery } from 'graphql';
import type * as z from 'zod';
import { type GraphqlError, meaningOf } from '../framework/answer-judgement.ts';
import { ConfigurationError, Rejected, TryLater } from '../framework/errors.ts';
import { keyRefused, readFailure } from '../framework/graphql-errors.ts';
import { createGraphqlTransport } from '../framework/graphql-transport.ts';
import { parseAnswer } from '../framework/parse-answer.ts';
import type { ServiceFetchOptions } from '../framework/service-fetch.ts';
import { requestMs } from '../framework/time-budget.ts';
import {
  type ClavusTeam,
  columnsAnswer,
  foldersAnswer,
  readFolders,
  teamsAnswer,
  usersAnswer,
  valuesAnswer,
} from './answers.ts';
import type { Column, Folder, FolderPage, User } from './folder.ts';
import type { Operation } from './operation.ts';
import {
  columnsOperation,
  type FoldersQuery,
  foldersOperation,
  teamsOperation,
  usersOperation,
  valuesOperation,
} from './operations.ts';
import { type Prospect, prospectAnswer, type SavedProspect, upsertProspect } from './prospect.ts';

/** Clavus, as its guide describes it. Every read operation may be repeated safely. */
export type ClavusClient = {
  getFolders(query: FoldersQuery): Promise<FolderPage>;
  /** Every column that the key may read. */
  getColumns(): Promise<Column[]>;
  getTeams(): Promise<ClavusTeam[]>;
  /** The active users of a team; without a team, of all teams (assumption: the guide only shows it with a team). */
  getUsers(teamId?: string): Promise<User[]>;
  getValuesByIds(ids: readonly string[]): Promise<Folder[]>;
  /**
   * Clavus' own schema: the answer to GraphQL's introspection query.
   * @throws OperationRefused if introspection is off
   */
  introspect(): Promise<unknown>;
  /**
   * Creates a prospect, or updates the one with the given id. Sent once only: Clavus cannot recognise a repeated
   * creation.
   * @throws Rejected if Clavus refuses it; a converted prospect accepts no update
   */
  upsertProspect(prospect: Prospect): Promise<SavedProspect>;
};

export type ClavusClientOptions = Omit<ServiceFetchOptions, 'system' | 'timeoutMs' | 'maxBytes'> & {
  url: URL;
  key: () => Promise<string>;
  /** Default: 30 seconds. */
  timeoutMs?: number;
};

const system = 'Clavus';
const columnPagesMax = 100;

/** @throws TryLater, ConfigurationError or Rejected from every operation, see `lib/framework/errors.ts` */
export function createClavusClient({
  key,
  timeoutMs = requestMs.clavus,
  ...rest
}: ClavusClientOptions): ClavusClient {
  const headers = async () => ({ authorization: `Bearer ${await key()}` });
  const service = { ...rest, system, timeoutMs, headers } as const;
  const send = createGraphqlTransport(service);

  async function read<Schema extends z.ZodType>(
    name: string,
    { document, variables }: Operation,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const { data, errors } = await send(document, variables);
    if (errors.length > 0) {
      throw readFailure(system, name, errors);
    }
    return parseAnswer(schema, data, { system, operation: name });
  }

  return {
    getFolders: async (query) => {
      const { document, variables } = foldersOperation(query);
      const { data, errors } = await send(document, variables);
      const failed = new Map(errors.map((error) => [error, placeOf(error)]));
      const others = errors.filter((error) => data === null || failed.get(error) === undefined);
      if (others.length > 0)
        throw (
          unknownColumn('getFolders', others, columnsOf(query)) ?? readFailure(system, 'getFolders', others)
        );
      const page = parseAnswer(foldersAnswer, data, { system, operation: 'getFolders' });
      return readFolders(page, new Set([...failed.values()].flatMap((place) => place ?? [])));
    },
    getColumns: () => allColumns((page) => read('getColumns', columnsOperation(page), columnsAnswer)),
    getTeams: () => read('getTeams', teamsOperation(), teamsAnswer),
    getUsers: (teamId) => read('getUsers', usersOperation(teamId), usersAnswer),
    getValuesByIds: async (ids) =>
      ids.length === 0 ? [] : read('getValuesByIds', valuesOperation(ids), valuesAnswer),
    introspect: async () => {
      const { data, errors } = await send(getIntrospectionQuery());
      return errors.length === 0 ? data : undefined;
    },
    upsertProspect: async (prospect) => {
      const { document, variables } = upsertProspect(prospect);
      const { data, errors } = await send(document, variables);
      // An id in the answer means that the prospect was saved, whatever else failed.
      const refused = prospectAnswer.safeParse(data).success
        ? undefined
        : errors.find(({ path }) => path !== undefined);
      if (refused !== undefined) throw prospectFailure(refused);
      return parseAnswer(prospectAnswer, data, { system, operation: 'upsertProspect' });
    },
  };
}

/**
 * An error that reports trouble, or the pace, does not say whether Clavus saved the prospect before. Neither does a
 * missing right: the words are the server's.
 */
function prospectFailure(error: GraphqlError): Error {
  const meaning = meaningOf(error);
  if (meaning === 'key') return keyRefused(system, 'unknown');
  if (meaning === 'trouble' || meaning === 'throttled')
    return new TryLater('Clavus could not execute upsertProspect', { system, applied: 'unknown' });
  return new Rejected('Clavus refused the prospect', { system, reason: error.message });
}

/** The place on its page of the folder that an error is about; `undefined` if it is about the page. */
function placeOf({ path = [] }: GraphqlError): number | undefined {
  const [root, operation, list, place] = path;
  const isFolder = root === 'erpEnrAPI' && operation === 'getFolders' && list === 'results';
  return isFolder && typeof place === 'number' ? place : undefined;
}

/** Stops at an empty page, or at a page with nothing new. A server may cap the size of a page, or ignore its number. */
async function allColumns(readPage: (page: number) => Promise<Column[]>): Promise<Column[]> {
  const columns = new Map<string, Column>();
  for (let page = 1; page <= columnPagesMax; page += 1) {
    const fresh = (await readPage(page)).filter(({ id }) => !columns.has(id));
    if (fresh.length === 0) {
      return [...columns.values()];
    }
    for (const column of fresh) {
      columns.set(column.id, column);
    }
  }
  throw new TryLater(`Clavus' list of columns does not end`, { system, applied: 'no' });
}

function columnsOf({ columns = [], filterColumns = [], sortBy = [] }: FoldersQuery): string[] {
  return [...columns, ...filterColumns.map(({ column }) => column), ...sortBy.map(({ column }) => column)];
}

/** The guide has no error code for an unknown column. An error that names a requested column is taken for that. */
function unknownColumn(
  name: string,
  errors: readonly GraphqlError[],
  columns: readonly string[],
): ConfigurationError | undefined {
  const column = columns.find((asked) => errors.some(({ message }) => names(message, asked)));
  return column === undefined
    ? undefined
    : new ConfigurationError(
        'sync.config.ts',
        `Clavus does not take the column "${column}" (${name}). Run \`clavus-moovago check\` for the columns that it has.`,
      );
}

/** Matches whole words only, in any script: "nom" is not in "nombre". */
function names(message: string, column: string): boolean {
  const asked = words(column);
  return asked !== '' && ` ${words(message)} `.includes(` ${asked} `);
}

const words = (text: string): string => text.replace(/[^\p{L}\p{N}_]+/gu, ' ').trim();
