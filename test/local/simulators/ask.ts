import type { ColumnValue } from '../../../lib/clavus/folder.ts';

type Answer = { status: number; headers: Headers; json: unknown };

/** Sends a GraphQL request as a client would, and reads the answer as JSON. */
export async function ask(
  url: string,
  headers: Record<string, string>,
  query: string,
  variables?: Record<string, unknown>,
): Promise<Answer> {
  const response = await post(url, headers, { query, variables });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

export function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
  });
}

export const withKey = { authorization: 'Bearer k' };

export const foldersQuery = (args: string): string =>
  `{ erpEnrAPI { getFolders(${args}) { totalCount results { id columns { id name value } } } } }`;

type FolderPage = {
  totalCount: number;
  results: { id: string; columns: { name: string; value: ColumnValue }[] }[];
};

/** A page of a simulated Clavus whose key is `k`. */
export async function getFolders(url: string, args: string): Promise<FolderPage> {
  const { json } = await ask(url, withKey, foldersQuery(args));
  return (json as { data: { erpEnrAPI: { getFolders: FolderPage } } }).data.erpEnrAPI.getFolders;
}
