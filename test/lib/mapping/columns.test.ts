import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/framework/errors.ts';
import { resolveColumns } from '../../../lib/mapping/columns.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../lib/mapping/sync-config.ts';

const config = (input: SyncConfigInput) => parseSyncConfig(input, 'sync.config.ts');
const named = (name: string) => config({ company: { name } });
const known = [
  { id: 'col1', names: ['Nom du client', 'nom'] },
  { id: 'col2', names: ['Téléphone', 'telephone'] },
  { id: 'col3', names: ['Commercial'] },
  { id: 'col4', names: ['commercial'] },
  { id: 'col5', names: ['Adresse'] },
  { id: 'col6', names: ['Adresse', 'adresse_chantier'] },
  { id: 'col7', names: ['Date d’achat'] },
  { id: 'col8', names: ['Code\u00A0postal'] },
  { id: 'col9', names: ['Puissance\u200D'] },
  { id: '__proto__', names: ['constructor'] },
  { id: 'nom', names: ['Ancien nom'] },
];
const idOf = (reference: string) => resolveColumns(named(reference), known).get(reference);

describe('resolveColumns', () => {
  it.each([
    ['col1', 'col1'],
    ['Nom du client', 'col1'],
    ['nom du CLIENT', 'col1'],
    ['téléphone', 'col2'],
    ['telephone', 'col2'],
    ['Commercial', 'col3'],
    ['commercial', 'col4'],
    ['adresse_chantier', 'col6'],
    ["Date d'achat", 'col7'],
    ['Code postal', 'col8'],
    ['Code  postal ', 'col8'],
    ['Puis\u200Bsance', 'col9'],
    ['__proto__', '__proto__'],
    ['constructor', '__proto__'],
  ])('finds %j', (reference, id) => {
    expect(idOf(reference)).toBe(id);
  });

  it('takes an id before a name', () => {
    expect(idOf('nom')).toBe('nom');
  });

  it('finds the columns of lists, templates, filters and of the modification date', () => {
    const everything = config({
      clavus: {
        modifiedColumn: 'Adresse chantier',
        filter: [{ column: 'statut', operator: '=', value: 'x' }],
      },
      company: {
        name: { from: ['raison', 'nom'] },
        note: { template: '{puissance} kWc, {nom}' },
        ownerIds: 'qui',
      },
    });
    const columns = ['Adresse chantier', 'statut', 'raison', 'nom', 'puissance', 'qui'];
    const resolved = resolveColumns(
      everything,
      columns.map((name, index) => ({ id: `c${index}`, names: [name] })),
    );
    expect(Object.fromEntries(resolved)).toEqual({
      'Adresse chantier': 'c0',
      statut: 'c1',
      raison: 'c2',
      nom: 'c3',
      puissance: 'c4',
      qui: 'c5',
    });
  });

  it('names every unknown column with its key and the nearest column', () => {
    const input = config({
      company: { name: { from: ['nom', 'raison'] }, phone: { from: 'telephon', as: 'phone' } },
    });
    expect(() => resolveColumns(input, known)).toThrow(
      new ConfigurationError(
        'sync.config.ts: company.name.from',
        "no column 'raison' in Clavus, or the API key may not read it\n" +
          "sync.config.ts: company.phone.from: no column 'telephon' in Clavus, or the API key may not read it; did you mean 'Téléphone' or 'telephone'?",
      ),
    );
  });

  it.each([
    ['Adresse', 'col5, col6'],
    ['COMMERCIAL', 'col3, col4'],
  ])('asks for the id where two columns are called %j', (reference, ids) => {
    expect(() => resolveColumns(named(reference), known)).toThrow(
      new ConfigurationError(
        'sync.config.ts: company.name.from',
        `2 columns are called '${reference}': name the one that you mean by its id (${ids})`,
      ),
    );
  });
});
