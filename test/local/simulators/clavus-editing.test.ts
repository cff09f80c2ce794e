import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClavusSimulator,
  type ClavusSimulatorOptions,
  startClavusSimulator,
} from '../../../local/simulators/clavus.ts';
import { getFolders } from './ask.ts';
import { powerTenant } from './guide-tenant.ts';

let clavus: ClavusSimulator;
afterEach(() => clavus.close());

async function start(options: Partial<ClavusSimulatorOptions> = {}): Promise<void> {
  clavus = await startClavusSimulator({ key: 'k', tenant: powerTenant, now: () => 5000, ...options });
}

const page = (args: string) => getFolders(clavus.url, args);
const ids = async (args: string) => (await page(args)).results.map(({ id }) => id);

describe('Editing the simulated Clavus', () => {
  const dates =
    'page: 1, itemParPage: 9, columns: ["nom", "date_modification"], sortBy: [{ column: "date_modification", direction: "desc" }]';

  it('edits a folder as a user does, and the next answer shows it', async () => {
    await start({ now: () => Date.UTC(2026, 1, 1) });
    expect(await ids(dates)).toEqual(['a', 'd', 'b', 'c']);
    clavus.editFolder('b', { Nom: 'Noël', puissance: 3 });
    expect((await page(dates)).results[0]).toEqual({
      id: 'b',
      columns: [
        { id: 'c1', name: 'nom', value: 'Noël' },
        { id: 'c3', name: 'date_modification', value: '2026-02-01T00:00:00.000Z' },
      ],
    });
    expect(clavus.folders.get('b')?.get('c2')).toBe(3);
  });

  it('edits a folder as an import does, with its date left alone', async () => {
    await start();
    expect(await ids(dates)).toEqual(['a', 'd', 'b', 'c']);
    clavus.folders.get('b')?.set('nom', 'Noël');
    const { results } = await page(dates);
    expect(results[2]?.columns.map(({ value }) => value)).toEqual(['Noël', '2026-01-01']);
  });

  it('adds and removes folders, in the order of insertion', async () => {
    await start({ now: () => 0, formatDate: (at) => `day ${at}` });
    const all = 'page: 1, itemParPage: 9';
    expect(await ids(all)).toEqual(['a', 'b', 'c', 'd']);
    const added = clavus.addFolder({ nom: 'Neuve' });
    clavus.removeFolder('a');
    expect(await ids(all)).toEqual(['b', 'c', 'd', added.id]);
    expect(added.get('nom')).toBe('Neuve');
    expect(added.get('date_modification')).toBe('day 0');
    clavus.folders.delete('b');
    expect(await ids(all)).toEqual(['c', 'd', added.id]);
  });

  it('says which folder or column there is not', async () => {
    await start();
    expect(() => clavus.editFolder('z', {})).toThrow("The simulated Clavus has no folder 'z'.");
    expect(() => clavus.removeFolder('z')).toThrow("The simulated Clavus has no folder 'z'.");
    expect(() => clavus.editFolder('a', { nope: 1 })).toThrow("The simulated Clavus has no column 'nope'.");
    expect(clavus.folders.get('a')?.get('nope')).toBeNull();
  });

  it('lets columns be renamed, removed and added', async () => {
    await start();
    clavus.columns.splice(1, 3, { id: 'c9', name: 'neuf', label: 'Neuf' });
    Object.assign(clavus.columns[0] ?? {}, { name: 'client' });
    clavus.folders.get('a')?.set('neuf', 'oui');
    const { results } = await page('page: 1, itemParPage: 1');
    expect(results[0]?.columns).toEqual([
      { id: 'c1', name: 'client', value: 'Éloïse LEFÈVRE' },
      { id: 'c9', name: 'neuf', value: 'oui' },
    ]);
  });

  it('starts with 300 folders of a French installer', async () => {
    clavus = await startClavusSimulator({ key: 'k' });
    const { totalCount, results } = await page('page: 3, itemParPage: 100');
    expect(totalCount).toBe(300);
    expect(results.map(({ id }) => id)).toEqual([...clavus.folders.keys()].slice(200));
  });
});
