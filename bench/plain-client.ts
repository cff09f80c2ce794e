import pThrottle from 'p-throttle';
import { z } from 'zod';
import { columnText } from '../lib/mapping/column-text.ts';
import { tenantOf } from './many-folders.ts';

type Address = { url: string; headers: Record<string, string> };
type Fields = Record<string, string>;

const answered = z.object({ data: z.object({ company: z.unknown() }).nullish() });
const listed = z.object({
  data: z.object({ companyList: z.array(z.object({ note: z.string().nullish() })) }),
});

const create =
  'mutation Create($input: CompanyCreateInput!) { company { create(input: $input) { recordId } } }';
const update =
  'mutation Update($input: CompanyUpdateInput!) { company { update(input: $input) { recordId } } }';
const list = 'query List($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { id name note } }';

const triesMax = 10;

/**
 * What a good engineer writes in an afternoon: one record a request, never more than `perSecond` of them begun in a
 * second, as many under way as it takes, connections kept alive (Node's own `fetch` does), and another try after a refusal.
 */
export function createPlainClient({ url, headers }: Address, perSecond: number) {
  const throttle = pThrottle({ limit: perSecond, interval: 1000, strict: true });
  let refused = 0;

  const ask = throttle(async (query: string, variables: object): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    if (response.status === 429) refused += 1;
    else if (response.ok) return response.json();
    await response.body?.cancel();
    return undefined;
  });

  async function write(query: string, input: object): Promise<void> {
    for (let tries = 0; tries < triesMax; tries++)
      if (answered.safeParse(await ask(query, { input })).data?.data?.company !== undefined) return;
    throw new Error(`Moovago took a record of the plain client not once in ${triesMax} times`);
  }

  return {
    refused: () => refused,
    create: (fields: Fields) => write(create, fields),
    update: (id: string, fields: Fields) => write(update, { id, input: fields }),
    /** Looks for the company first, in the only way that the guide documents: through the list of all. */
    async createUnlessThere(fields: Fields): Promise<void> {
      for (let tries = 0; tries < triesMax; tries++) {
        const { data } = listed.parse(await ask(list, { filter: {} }));
        if (data.companyList.some(({ note }) => note === fields.note)) return;
        // An answer that is lost looks like any failure: the next search tells.
        const made = await ask(create, { input: fields }).catch(() => undefined);
        if (answered.safeParse(made).data?.data?.company !== undefined) return;
      }
      throw new Error(`a record of the plain client did not arrive in ${triesMax} times`);
    },
  };
}

/** Folders as the plain client writes them: the columns as they are, and a note that says which folder it was. */
export function plainRecords(count: number): Fields[] {
  const tenant = tenantOf(count);
  return Array.from({ length: count }, (_, index) => {
    const folder = tenant.folderAt(index);
    const values = folder.values();
    const text = (column: string) =>
      columnText(values[tenant.columns.findIndex(({ name }) => name === column)] ?? null).trim();
    return {
      name: text('raison_sociale') || text('nom'),
      city: text('ville'),
      address: text('adresse'),
      phone: text('telephone'),
      note: `Dossier ${folder.id}`,
    };
  });
}
