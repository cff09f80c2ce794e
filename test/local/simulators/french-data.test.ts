import { validate as validateSiren } from 'stdnum/lib/cjs/fr/siren.js';
import { validate as validateSiret } from 'stdnum/lib/cjs/fr/siret.js';
import { describe, expect, it } from 'vitest';
import type { ColumnValue } from '../../../lib/clavus/folder.ts';
import { frenchTenant } from '../../../local/simulators/french-data.ts';
import { clavusUsers, departedUserId, moovagoTeam } from '../../../local/simulators/people.ts';

const tenantOf = (seed: number) =>
  frenchTenant({ seed, folders: 0, formatDate: (at) => new Date(at).toISOString() });
const { columns, folderAt } = tenantOf(1);
type Row = Record<string, ColumnValue>;

function rowAt(index: number): Row {
  const values = folderAt(index).values();
  return Object.fromEntries(columns.map(({ name }, place) => [name, values[place] ?? null]));
}
const rows = Array.from({ length: 5000 }, (_, index) => rowAt(index));
const textsOf = (column: string) =>
  rows.map((row) => row[column]).filter((value) => typeof value === 'string');

describe('frenchTenant', () => {
  it('makes the same folder whenever it is asked, and others from another seed', () => {
    expect(folderAt(17).values()).toEqual(folderAt(17).values());
    expect(tenantOf(1).folderAt(17).values()).toEqual(folderAt(17).values());
    expect(tenantOf(2).folderAt(17).values()).not.toEqual(folderAt(17).values());
  });

  it('gives each folder an id of its own that looks like one of Clavus', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => folderAt(index).id);
    expect(new Set(ids).size).toBe(20_000);
    expect(ids.filter((id) => !/^cl[a-z0-9]{23}$/.test(id))).toEqual([]);
  });

  it('gives each column an id, a technical name and a label of its own', () => {
    expect(columns.filter(({ id }) => !/^cl[a-z0-9]{23}$/.test(id))).toEqual([]);
    for (const key of ['id', 'name', 'label'] as const) {
      expect(new Set(columns.map((column) => column[key])).size).toBe(columns.length);
    }
    expect(columns[1]).toMatchObject({ name: 'raison_sociale', label: 'Raison sociale' });
  });

  it('gives every folder a name, and no two the same name in the same town', () => {
    const named = Array.from({ length: 20_000 }, (_, index) => rowAt(index));
    const plain = (value: ColumnValue | undefined) =>
      String(value ?? '')
        .normalize('NFD')
        .replace(/[^\p{L}\p{N}]/gu, '')
        .toLowerCase()
        .replaceAll('œ', 'oe');
    expect(named.filter(({ nom }) => plain(nom) === '')).toEqual([]);
    for (const column of ['nom', 'raison_sociale']) {
      const keys = named
        .filter((row) => plain(row[column]) !== '')
        .map((row) => `${plain(row[column])} ${plain(row.ville)}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('gives no e-mail address and no telephone to two folders', () => {
    for (const [column, pattern] of [
      ['email', /^\s*[^@]+@[^@]+\.[a-z]+\s*$/i],
      ['telephone', /^\d{10}$/],
    ] as const) {
      const found = textsOf(column).filter((text) => pattern.test(text));
      expect(found.length).toBeGreaterThan(500);
      expect(new Set(found.map((text) => text.trim().toLowerCase())).size).toBe(found.length);
    }
  });

  it('gives professionals SIREN and SIRET numbers that are valid and their own', () => {
    const professionals = rows.filter(({ type_client }) => type_client === 'Professionnel');
    const sirens = professionals.map(({ siren }) => String(siren).replaceAll(' ', ''));
    expect(professionals.length).toBeGreaterThan(1000);
    expect(sirens.filter((siren) => !validateSiren(siren).isValid)).toEqual([]);
    expect(new Set(sirens).size).toBe(sirens.length);
    const sirets = professionals.map(({ siret }) => String(siret)).filter((siret) => /^\d{14}$/.test(siret));
    expect(sirets.length).toBeGreaterThan(500);
    expect(sirets.filter((siret) => !validateSiret(siret).isValid)).toEqual([]);
  });

  it('leaves the names of individuals to their last name', () => {
    const individuals = rows.filter(({ type_client }) => type_client === 'Particulier');
    expect(individuals.filter(({ raison_sociale }) => String(raison_sociale ?? '').trim() !== '')).toEqual(
      [],
    );
  });

  it.each<[string, string, (value: ColumnValue | undefined) => boolean]>([
    ['code_postal', 'keeps a leading zero', (value) => typeof value === 'string' && /^0\d{4}$/.test(value)],
    ['code_postal', 'lost its leading zero', (value) => typeof value === 'string' && /^\d{4}$/.test(value)],
    ['code_postal', 'is a number', (value) => typeof value === 'number'],
    ['code_postal', 'is in Corsica', (value) => value === '20200'],
    ['code_postal', 'is overseas', (value) => value === '97400'],
    ['telephone', 'has ten digits', (value) => /^0\d{9}$/.test(String(value))],
    ['telephone', 'is in pairs', (value) => /^0\d( \d\d){4}$/.test(String(value))],
    ['telephone', 'is dotted', (value) => /^0\d(\.\d\d){4}$/.test(String(value))],
    ['telephone', 'is international', (value) => /^\+33[1-9]\d{8}$/.test(String(value))],
    ['telephone', 'begins with 0033', (value) => /^0033[1-9]\d{8}$/.test(String(value))],
    ['telephone', 'lacks the plus', (value) => /^33 [1-9]\d\d( \d\d){3}$/.test(String(value))],
    ['telephone', 'has a label', (value) => String(value).startsWith('Tél : ')],
    ['telephone', 'is two', (value) => String(value).includes(' / ')],
    ['telephone', 'is of La Réunion', (value) => String(value).startsWith('0262')],
    ['telephone', 'is a number', (value) => typeof value === 'number'],
    ['telephone', 'is not available', (value) => value === 'N/A'],
    ['telephone', 'is a dash', (value) => value === '-'],
    ['email', 'is in capitals', (value) => /^[A-Z.]+\d+@[A-Z.]+$/.test(String(value))],
    ['email', 'stands among blanks', (value) => /^ .+ $/.test(String(value))],
    ['email', 'lacks its at sign', (value) => /^[a-z.]+\d+\.[a-z]+\.[a-z]+$/.test(String(value))],
    ['email', 'is null', (value) => value === null],
    ['email', 'is empty', (value) => value === ''],
    ['nom', 'has a ligature', (value) => String(value).includes('œ')],
    ['nom', 'has an apostrophe', (value) => String(value).includes('’')],
    ['nom', 'is in capitals', (value) => value === 'THÉVENET'],
    ['nom', 'ends with a blank', (value) => String(value).endsWith(' ')],
    ['nom', 'has an emoji', (value) => String(value).includes('☀️')],
    ['options', 'is a list', (value) => Array.isArray(value) && value.length === 2],
    ['options', 'is null', (value) => value === null],
    ['autoconsommation', 'is false', (value) => value === false],
  ])('has folders whose %s %s', (column, _, is) => {
    const share = rows.filter((row) => is(row[column])).length / rows.length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.6);
  });

  it('has every folder sold by an active user, but for one in a hundred', () => {
    const active = new Set(clavusUsers.filter((user) => user.active).map(({ id }) => id));
    const others = rows.filter(({ commercial }) => !active.has(String(commercial)));
    expect(new Set(others.map(({ commercial }) => commercial))).toEqual(new Set([departedUserId]));
    expect(others.length / rows.length).toBeCloseTo(0.01, 2);
  });
});

describe('the people', () => {
  it('are known to Moovago by name, but for who has left', () => {
    const words = (name: string) =>
      name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(' ').sort().join(' ');
    const aliases = new Set(moovagoTeam.members.map(({ alias }) => words(alias)));
    const strangers = clavusUsers.filter((user) => !aliases.has(words(`${user.firstName} ${user.lastName}`)));
    expect(clavusUsers.filter(({ active }) => active).length).toBe(8);
    expect(strangers.map(({ id }) => id)).toEqual([departedUserId]);
  });
});
