import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { Folder } from '../lib/clavus/folder.ts';
import { fingerprint } from '../lib/mapping/fingerprint.ts';
import { createFolderMapper } from '../lib/mapping/map-folder.ts';
import { parseSyncConfig } from '../lib/mapping/sync-config.ts';
import { createFingerprints } from '../lib/state/fingerprints.ts';
import type { Table } from '../lib/state/table.ts';
import { frenchTenant } from '../local/simulators/french-data.ts';
import { moovagoTeam } from '../local/simulators/people.ts';
import type { Tenant } from '../local/simulators/tenant.ts';
import { benchConfig, stage } from './world.ts';

/** Folders with values of their own; those beyond repeat them, as making new ones takes longer than all that is measured. */
const ownValues = 1000;

/** The French installer of the simulators, with any number of folders. */
export const tenantOf = (folders: number): Tenant =>
  frenchTenant({ seed: 1, folders, formatDate: (at) => new Date(at).toISOString() });

/** Folders of a tenant, as `getFolders` gives them, by their place from 0: the same in every process. */
function folderFormula(tenant: Tenant): (index: number) => Folder {
  const columns = Array.from({ length: Math.min(ownValues, tenant.folderCount) }, (_, index) => {
    const values = tenant.folderAt(index).values();
    return tenant.columns.map(({ id, name }, place) => ({ id, name, value: values[place] ?? null }));
  });
  return (index) => ({ id: tenant.folderAt(index).id, columns: columns[index % columns.length] ?? [] });
}

const foldersAtOnce = 5000;

/** Writes what a poll has written once it has seen all of these folders, without the rows: no unchanged folder asks for its. */
export async function seedFingerprints(table: Table, folders: number): Promise<void> {
  const tenant = tenantOf(folders);
  const folderAt = folderFormula(tenant);
  const mapFolder = createFolderMapper({
    config: parseSyncConfig(benchConfig({}), 'bench'),
    knownColumns: tenant.columns.map(({ id, name, label }) => ({ id, names: [name, label] })),
    users: tenant.users.filter(({ active }) => active),
    members: moovagoTeam.members,
    stage,
  });
  const { save } = createFingerprints(table);
  for (let start = 0; start < folders; start += foldersAtOnce) {
    const length = Math.min(foldersAtOnce, folders - start);
    const made = Array.from({ length }, (_, place) => folderAt(start + place));
    await save(made.map((folder) => ({ folderId: folder.id, fingerprint: fingerprint(mapFolder(folder)) })));
  }
}

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

  const server = createServer(async (incoming, response) => {
    requests += 1;
    const { page, itemParPage } = asked.parse(await json(incoming)).variables;
    const body = ahead.get(`${page}/${itemParPage}`) ?? pageOf(page, itemParPage);
    ahead.clear();
    setImmediate(() => ahead.set(`${page + 1}/${itemParPage}`, pageOf(page + 1, itemParPage)));
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = Object(server.address());
  return { url: `http://127.0.0.1:${port}/api/external/graphql`, requests: () => requests };
}
