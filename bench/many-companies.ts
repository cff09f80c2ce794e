import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { chunks } from '../lib/framework/chunks.ts';
import { inParallel } from '../lib/framework/in-parallel.ts';
import { markerFor } from '../lib/mapping/marker.ts';
import { matchKeys } from '../lib/mapping/match-keys.ts';
import { parseSyncConfig } from '../lib/mapping/sync-config.ts';
import type { Company } from '../lib/moovago/company.ts';
import { createMatchIndex } from '../lib/state/match-index.ts';
import { rowKey } from '../lib/state/row-id.ts';
import { putItem, type Table } from '../lib/state/table.ts';
import { moovagoTeam } from '../local/simulators/people.ts';
import { benchConfig, stage } from './world.ts';

/** What a company has as JSON, in bytes. */
const companyBytes = 1_000;
const companiesAtOnce = 500;

const words =
  'toiture panneaux onduleur client rappeler devis signé orientation sud garage accord mairie raccordement visite technique avril compteur rénovation étage pente tuiles ombre voisin prime dossier banque'.split(
    ' ',
  );

/** A company of 1 kB, by its place from 0: the same in every process. */
function companyAt(index: number): Company {
  const [member] = moovagoTeam.members;
  const company = {
    id: `5f0c7a52-31de-4c1b-9a57-${String(index).padStart(12, '0')}`,
    name: `Énergie ${index} SARL`,
    ownerIds: [member?.id ?? ''],
    city: 'Lyon',
    address: `${index} rue des Lilas`,
    postalCode: String(10_000 + (index % 80_000)),
    phone: `+334${String(10_000_000 + index)}`,
    email: `client-${index}@example.com`,
  };
  const marker = markerFor(stage, `dossier-${index}`);
  const room = companyBytes - Buffer.byteLength(JSON.stringify({ ...company, note: marker })) - 2;
  let text = '';
  // Digits that no compression knows: notes of people hold telephone numbers and dates.
  for (let seed = index + 1; text.length < room; text += `${words[seed % words.length]} ${seed % 10_000} `)
    seed = (seed * 48_271) % 2_147_483_647;
  return { ...company, note: `${text.slice(0, room)}\n${marker}` };
}

/** Writes what the table holds of companies that were all delivered: the index of match keys, and the rows. */
export async function seedCompanies(table: Table, { from, to }: { from: number; to: number }): Promise<void> {
  const { match } = parseSyncConfig(benchConfig({}), 'bench');
  const { update } = createMatchIndex(table);
  const at = Date.parse('2026-01-05');
  for (const places of chunks(
    Array.from({ length: to - from }, (_, place) => from + place),
    companiesAtOnce,
  )) {
    const made = places.map(companyAt);
    await update(
      new Map(
        made.flatMap((one) =>
          matchKeys(one, { match, matchIgnore: [], stage }).map(({ key }) => [key, [one.id]] as const),
        ),
      ),
      new Map(),
    );
    await inParallel(
      made.entries(),
      ([place, { id, ...record }]) => {
        const folderId = `dossier-${(places[0] ?? 0) + place}`;
        const row = { folderId, revision: 1, writeId: 'w1', status: 'delivered', companyId: id, attempts: 0 };
        const desired = { version: 1, record, at, lane: 'bulk' };
        return putItem(table, { ...rowKey(folderId), ...row, desired, applied: { version: 1, record, at } });
      },
      100,
    );
  }
}

const asked = z.object({ query: z.string() });

/** Moovago with any number of companies, and nothing but its team and their list, on 127.0.0.1. */
export async function startManyCompanies(
  companies: number,
): Promise<{ url: string; requests: () => number }> {
  let requests = 0;

  async function list(response: ServerResponse): Promise<void> {
    response.write('{"data":{"companyList":[');
    for (let start = 0; start < companies; start += companiesAtOnce) {
      const length = Math.min(companiesAtOnce, companies - start);
      const texts = Array.from({ length }, (_, place) => JSON.stringify(companyAt(start + place)));
      if (!response.write(`${start > 0 ? ',' : ''}${texts.join()}`)) await once(response, 'drain');
    }
    response.end(']}}');
  }

  const server = createServer(async (incoming, response) => {
    requests += 1;
    const { query } = asked.parse(await json(incoming));
    response.writeHead(200, { 'content-type': 'application/json' });
    if (query.includes('companyList')) await list(response);
    else response.end(JSON.stringify({ data: { team: moovagoTeam } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = Object(server.address());
  return { url: `http://127.0.0.1:${port}/graphql`, requests: () => requests };
}
