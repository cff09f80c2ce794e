import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnValue, Folder } from '../../../lib/clavus/folder.ts';
import { createFolderMapper } from '../../../lib/mapping/map-folder.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../../lib/mapping/sync-config.ts';
import template from '../../../sync.config.ts';

const columnNames = [
  ...['nom', 'prenom', 'raison_sociale', 'siren', 'adresse', 'code_postal', 'ville', 'telephone', 'email'],
  ...['commercial', 'puissance', 'date_modification', 'notes', '__proto__'],
];
const knownColumns = columnNames.map((name) => ({ id: `id of ${name}`, names: [name] }));

const folder = (values: [string, ColumnValue][], id = 'f1'): Folder => ({
  id,
  columns: values.map(([name, value]) => ({ id: `id of ${name}`, name, label: null, value })),
});

const mapper = (input: SyncConfigInput) =>
  createFolderMapper({
    config: parseSyncConfig(input, 'sync.config.ts'),
    knownColumns,
    users: [{ id: 'user1', firstName: 'Marvin', lastName: 'Dupont', email: null }],
    members: [{ id: 'm1', alias: 'Marvin Dupont' }],
    stage: 'prod',
  });

/** Maps one folder with the given rules, without the marker. */
const mapOnce = (company: SyncConfigInput['company'], values: [string, ColumnValue][], blanks?: 'clear') =>
  mapper({ company, marker: 'none', ...(blanks && { blanks }) })(folder(values));
/** The city, mapped by the rule that is given. */
const city = (
  rule: SyncConfigInput['company']['city'],
  values: [string, ColumnValue][],
  blanks?: 'clear',
) => {
  const mapped = mapOnce(
    { name: 'nom', ...(rule !== undefined && { city: rule }) },
    [['nom', 'A'], ...values],
    blanks,
  );
  return mapped.kind === 'mapped' ? mapped.record.city : mapped;
};

describe('a folder', () => {
  it('is mapped as the configuration of the repository says', () => {
    const mapped = mapper(template)(
      folder([
        ['nom', ' Dupont '],
        ['prenom', 'Jeanne'],
        ['raison_sociale', ''],
        ['adresse', '46  Rue du 14 Juillet'],
        ['code_postal', 6200],
        ['ville', 'Nice'],
        ['telephone', '+33 7.68.45.46.74'],
        ['email', 'Support@Moovago.com'],
        ['puissance', 9],
        ['commercial', 'user1'],
      ]),
    );
    expect(mapped).toEqual({
      kind: 'mapped',
      record: {
        name: 'Jeanne Dupont',
        address: '46 Rue du 14 Juillet',
        postalCode: '06200',
        city: 'Nice',
        phone: '07 68 45 46 74',
        email: 'support@moovago.com',
        note: 'Dossier Jeanne Dupont, 9 kWc\n[clavus-moovago:prod:f1:7ac967]',
        ownerIds: ['m1'],
      },
    });
  });

  it('has the marker as its note where no note is mapped', () => {
    expect(mapper({ company: { name: 'nom' } })(folder([['nom', 'A']]))).toEqual({
      kind: 'mapped',
      record: { name: 'A', note: '[clavus-moovago:prod:f1:7ac967]' },
    });
  });

  it('keeps the line breaks of its note, and of nothing else', () => {
    const values: [string, ColumnValue][] = [
      ['nom', 'A\nB'],
      ['notes', 'un\r\ndeux'],
    ];
    expect(mapOnce({ name: 'nom', note: 'notes' }, values)).toEqual({
      kind: 'mapped',
      record: { name: 'A B', note: 'un\ndeux' },
    });
  });

  it('has the telephone number of the country of its postal code', () => {
    const company = {
      name: 'nom',
      postalCode: 'code_postal',
      phone: { from: 'telephone', as: 'phone' },
    } as const;
    const values: [string, ColumnValue][] = [
      ['nom', 'A'],
      ['code_postal', '98800'],
      ['telephone', '26 12 34'],
    ];
    expect(mapOnce(company, values)).toEqual({
      kind: 'mapped',
      record: { name: 'A', postalCode: '98800', phone: '+687 26 12 34' },
    });
  });

  it('may have columns with the names of what every object has', () => {
    const values: [string, ColumnValue][] = [['__proto__', 'A']];
    expect(mapOnce({ name: '__proto__' }, values)).toEqual({ kind: 'mapped', record: { name: 'A' } });
  });
});

describe('columns in a list of their own', () => {
  const rule = { from: ['raison_sociale', ['prenom', 'nom']] };
  const nameOf = (values: [string, ColumnValue][]) => {
    const mapped = mapOnce({ name: rule }, values);
    return mapped.kind === 'mapped' ? mapped.record.name : mapped.reason;
  };

  it.each<[[string, ColumnValue][], string]>([
    [
      [
        ['raison_sociale', 'SARL Martin'],
        ['prenom', 'Jean'],
        ['nom', 'Martin'],
      ],
      'SARL Martin',
    ],
    [
      [
        ['raison_sociale', ''],
        ['prenom', ' Jean '],
        ['nom', 'Martin'],
      ],
      'Jean Martin',
    ],
    [
      [
        ['prenom', null],
        ['nom', 'Martin'],
      ],
      'Martin',
    ],
    [[['nom', 'Martin']], 'Martin'],
    [
      [
        ['prenom', ['Jean', 'Anne']],
        ['nom', 'Martin'],
      ],
      'Jean, Anne Martin',
    ],
    [
      [
        ['prenom', ' '],
        ['nom', ''],
      ],
      'raison_sociale, prenom and nom are all empty',
    ],
  ])('are joined, without those that are empty: %j', (values, name) => {
    expect(nameOf(values)).toBe(name);
  });

  it('never empty their field if the folder has none of them', () => {
    expect(city({ from: [['prenom', 'ville']] }, [['ville', '']], 'clear')).toBe('');
    expect(city({ from: [['prenom', 'ville']] }, [], 'clear')).toBeUndefined();
  });

  it("are one value for a tenant's function, which gets each of them too", () => {
    const seen: unknown[] = [];
    const as = (value: ColumnValue, { values }: { values: readonly unknown[] }) => {
      seen.push(value, values);
      return 'x';
    };
    expect(city({ from: ['raison_sociale', ['prenom', 'nom']], as }, [['prenom', 'Jean']])).toBe('x');
    expect(seen).toEqual(['Jean A', [undefined, 'Jean', 'A']]);
  });
});

describe('an empty column', () => {
  it.each([null, '', '  \n', []])('that holds %j leaves its field alone', (value) => {
    expect(city('ville', [['ville', value]])).toBeUndefined();
  });

  it.each([null, '', '  \n', []])('that holds %j empties its field where blanks are orders', (value) => {
    expect(city('ville', [['ville', value]], 'clear')).toBe('');
  });

  it('that the folder does not have never empties its field', () => {
    expect(city('ville', [], 'clear')).toBeUndefined();
    expect(city({ template: '{ville}' }, [], 'clear')).toBeUndefined();
    expect(city({ from: 'ville', as: () => 'x' }, [], 'clear')).toBeUndefined();
  });

  it('gives way to the next one of a list', () => {
    const rule = { from: ['ville', 'adresse', 'notes'] };
    expect(
      city(rule, [
        ['ville', ' '],
        ['adresse', 'Nice'],
        ['notes', 'Niort'],
      ]),
    ).toBe('Nice');
    expect(city(rule, [['notes', 'Niort']])).toBe('Niort');
    expect(city(rule, [['adresse', '']], 'clear')).toBe('');
  });

  it('is what an invalid e-mail address counts as', () => {
    const rule = { from: ['notes', 'email'], as: 'email' as const };
    expect(
      city(rule, [
        ['notes', 'néant'],
        ['email', 'A@exemple.fr'],
      ]),
    ).toBe('a@exemple.fr');
    expect(city(rule, [['notes', 'néant']])).toBeUndefined();
  });

  it('is the same in a template as in its column', () => {
    expect(city({ template: '{notes}' }, [['notes', 'oui , non']])).toBe('oui , non');
  });

  it('leaves no trace in a template', () => {
    const rule = { template: 'Dossier {nom} {prenom}, {puissance} kWc' };
    expect(
      city(rule, [
        ['prenom', null],
        ['puissance', 9],
      ]),
    ).toBe('Dossier A, 9 kWc');
    expect(
      city(
        { template: '{ville} ({notes})' },
        [
          ['ville', ''],
          ['notes', ' '],
        ],
        'clear',
      ),
    ).toBe('');
    expect(city({ template: 'fixe' }, [])).toBe('fixe');
  });

  it('never empties, and any other value never gets lost, whatever it is', () => {
    const value: fc.Arbitrary<ColumnValue> = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(value, value, (one, other) => {
        const rule = { from: ['ville', 'adresse'] };
        const alone = city('ville', [['ville', one]]);
        expect(alone).not.toBe('');
        expect(
          city(rule, [
            ['ville', one],
            ['adresse', other],
          ]),
        ).toBe(alone ?? city('ville', [['ville', other]]));
      }),
    );
  });
});

describe("a tenant's function", () => {
  it('gets the first value that is not blank, and the values of all columns of its rule', () => {
    const as = (...args: unknown[]) => JSON.stringify(args);
    expect(
      city({ from: ['prenom', 'notes', 'ville'], as }, [
        ['prenom', ''],
        ['ville', 7],
      ]),
    ).toBe('[7,{"folderId":"f1","values":["",null,7]}]');
  });

  it('may return nothing, which counts as an empty column', () => {
    expect(city({ from: 'nom', as: () => undefined }, [])).toBeUndefined();
    expect(city({ from: 'nom', as: () => ' ' }, [], 'clear')).toBe('');
  });

  it('that throws makes its folder unmappable, without a word of what it threw', () => {
    const as = () => {
      throw new Error('Dupont');
    };
    expect(city({ from: 'nom', as }, [])).toEqual({
      kind: 'unmappable',
      field: 'company.city',
      reason: 'its function threw an error',
    });
  });

  it('may not return anything but text', () => {
    const as = (() => Promise.resolve('Nice')) as unknown as () => string;
    expect(city({ from: 'nom', as }, [])).toEqual({
      kind: 'unmappable',
      field: 'company.city',
      reason: 'its function is asynchronous',
    });
  });

  it('may choose the owner', () => {
    const ownerIds = { from: 'ville', as: (value: ColumnValue) => (value === 'Nice' ? 'm1' : 'Inconnu') };
    const mapped = (ville: string) =>
      mapOnce({ name: 'nom', ownerIds }, [
        ['nom', 'A'],
        ['ville', ville],
      ]);
    expect(mapped('Nice')).toEqual({ kind: 'mapped', record: { name: 'A', ownerIds: ['m1'] } });
    expect(mapped('Niort').kind).toBe('unmappable');
  });
});

describe('a folder that cannot be mapped', () => {
  it.each([
    [{ name: 'nom' }, 'nom is empty'],
    [{ name: { from: ['raison_sociale', 'nom'] } }, 'raison_sociale and nom are both empty'],
    [
      { name: { template: '{raison_sociale} {nom} {prenom}' } },
      'raison_sociale, nom and prenom are all empty',
    ],
  ])('for want of a name says so: %j', (company, reason) => {
    const map = mapper({ company });
    const expected = { kind: 'unmappable', field: 'company.name', reason };
    expect(map(folder([['nom', ' ']]))).toEqual(expected);
    expect(map(folder([]))).toEqual(expected);
  });

  it('for want of its owner says so, without the name, and has the rest for a company that is there', () => {
    const values: [string, ColumnValue][] = [
      ['nom', 'A'],
      ['commercial', 'Inconnu'],
    ];
    expect(mapOnce({ name: 'nom', ownerIds: 'commercial' }, values)).toEqual({
      kind: 'unmappable',
      field: 'company.ownerIds',
      unmatched: ['Inconnu'],
      withoutOwner: { record: { name: 'A' } },
      reason:
        'no one member of the Moovago team is this person: add an entry to owners.overrides, or set owners.fallback',
    });
  });

  it('needs no owner', () => {
    const expected = { kind: 'mapped', record: { name: 'A' } };
    expect(mapOnce({ name: 'nom', ownerIds: 'commercial' }, [['nom', 'A']])).toEqual(expected);
    expect(
      mapOnce({ name: 'nom', ownerIds: 'commercial' }, [
        ['nom', 'A'],
        ['commercial', null],
      ]),
    ).toEqual(expected);
  });

  it('because it is too long for a row of the table says where', () => {
    const values: [string, ColumnValue][] = [
      ['nom', 'A'],
      ['notes', 'x'.repeat(50_000)],
    ];
    expect(mapOnce({ name: 'nom', note: 'notes' }, values)).toEqual({
      kind: 'unmappable',
      field: 'company.note',
      reason: 'the record is longer than 50000 characters, most of it here',
    });
  });
});
