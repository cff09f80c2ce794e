import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { Folder } from '../lib/clavus/folder.ts';
import { folderFormula, tenantOf } from './many-folders.ts';

const asked = z.object({
  query: z.string().regex(/\bgetFolders\b/),
  variables: z.object({ page: z.number(), itemParPage: z.number() }),
});

/**
 * Clavus with any number of folders and nothing but `getFolders`, on 127.0.0.1. It makes each page while the one before
 * is being read, and so answers at once.
 */
export async function startManyFolders(folders: number): Promise<{ url: string; requests: () => number }> {
  const folderAt = folderFormula(tenantOf(folders));
  const columnsAsJson = new Map<unknown, string>();
  const ahead = new Map<string, string>();
  let requests = 0;

  function pageOf(page: number, itemParPage: number): string {
    const start = (page - 1) * itemParPage;
    const length = Math.max(0, Math.min(itemParPage, folders - start));
    const results = Array.from({ length }, (_, place) => asJson(folderAt(start + place)));
    return `{"data":{"erpEnrAPI":{"getFolders":{"totalCount":${folders},"results":[${results.join()}]}}}}`;
  }

  /** Many folders have the same values, which are written out once. */
  function asJson({ id, columns }: Folder): string {
    const known = columnsAsJson.get(columns) ?? JSON.stringify(columns);
    columnsAsJson.set(columns, known);
    return `{"id":"${id}","columns":${known}}`;
  }

  function answer(question: unknown): string {
    const { page, itemParPage } = asked.parse(question).variables;
    const body = ahead.get(`${page}/${itemParPage}`) ?? pageOf(page, itemParPage);
    ahead.clear();
    setImmediate(() => ahead.set(`${page + 1}/${itemParPage}`, pageOf(page + 1, itemParPage)));
    return body;
  }

  const server = createServer((incoming, response) => {
    requests += 1;
    json(incoming)
      .then(answer)
      .then(
        (body) => reply(response, 200, body),
        (error: unknown) => reply(response, 500, String(error)),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/api/external/graphql`, requests: () => requests };
}

function reply(response: ServerResponse, status: number, body: string): void {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}
