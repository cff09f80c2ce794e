import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../lib/mapping/marker.ts';
import { matchKeys } from '../../../lib/mapping/match-keys.ts';
import type { CompanyRecord } from '../../../lib/moovago/company.ts';

const match = ['marker', 'email', 'phone', ['name', 'postalCode']] as const;
const keys = (record: CompanyRecord, stage = 'prod') =>
  matchKeys(record, {
    match: match.map((key) => (typeof key === 'string' ? key : [...key])),
    matchIgnore: [],
    stage,
  });
const kinds = (record: CompanyRecord, stage?: string) => keys(record, stage).map(({ kind }) => kind);

describe('match keys', () => {
  it('come in the order of the configuration', () => {
    const record = {
      name: 'Dupont',
      postalCode: '06200',
      phone: '06 12 34 56 78',
      email: 'a@example.com',
      note: markerFor('prod', 'f1'),
    };
    expect(kinds(record)).toEqual(['marker', 'email', 'phone', 'name+postalCode']);
  });

  it.each([
    ['an e-mail address', { email: 'Dupont@Example.com ' }, { email: 'dupont@example.com' }],
    ['a phone number', { phone: '+33 6 12 34 56 78' }, { phone: '06.12.34.56.78' }],
    [
      'a phone number of La Réunion',
      { phone: '0692 12 34 56', postalCode: '97400' },
      { phone: '+262 692 12 34 56' },
    ],
    [
      'a name with a postal code',
      { name: 'Énergie  du Bœuf-Soleil', postalCode: '06200' },
      { name: 'ENERGIE DU BOEUF SOLEIL', postalCode: '06200 ' },
    ],
  ])('are the same for two writings of %s', (_, one, other) => {
    const shared = keys(other).map(({ key }) => key);
    expect(keys(one).some(({ key }) => shared.includes(key))).toBe(true);
  });

  it.each([
    ['a phone that is no number', { phone: 'N/A' }],
    ['an extension', { phone: '123' }],
    ['an invalid e-mail address', { email: 'dupont' }],
    ['a name without a postal code', { name: 'Dupont' }],
    ['a note without a marker', { note: 'rappeler' }],
    ['a telephone of zeros', { phone: '00 00 00 00 00' }],
    ['a telephone of ones', { phone: '01 11 11 11 11' }],
    ['one pair again and again', { phone: '06 06 06 06 06' }],
    ['the row of digits', { phone: '01 23 45 67 89' }],
    ['digits in a sentence', { phone: 'ne pas appeler, voir le dossier 0549123456' }],
    ['digits that are no number', { phone: 'dossier 2023 1204 55' }],
    ['a filler e-mail', { email: 'non@non.fr' }],
    ['another filler', { email: 'pas-de-mail@exemple.fr' }],
    ['a filler with a number', { email: 'Aucun2@exemple.fr' }],
    ['an address that nobody reads', { email: 'no-reply@exemple.fr' }],
    ['a marker of another stage', { note: markerFor('test', 'f1') }],
  ])('are not made of %s', (_, record) => {
    expect(keys(record)).toEqual([]);
  });

  it.each([
    ['Jean Dupont', 'DUPONT Jean'],
    ['SARL Leroy Énergie', 'LEROY ENERGIE'],
    ['S.A.R.L. Roy', 'Roy SARL'],
    ['Roy & Fils', 'Roy et Fils'],
    ['Roy &amp; Fils', 'ROY FILS'],
    ['Le Goff', 'LeGoff'],
    ['Dupont (Mme)', 'Dupont'],
    ['M. et Mme Dupont Jean', 'Dupont Jean'],
    ["N'Guyen Marvin", 'NGUYEN Marvin'],
    ['Jean-Noël Petit', 'Petit JeanNoel'],
    ['Jean-Noël Petit', 'Petit Jean Noel'],
    ['L&#039;&Eacute;toile', 'L’Etoile'],
    ['Ets S A R L Roy', 'Roy'],
  ])('are the same for the names %s and %s', (one, other) => {
    const shared = keys({ name: other, postalCode: '79000' }).map(({ key }) => key);
    expect(keys({ name: one, postalCode: 'F-79000' }).some(({ key }) => shared.includes(key))).toBe(true);
  });

  it('are the same for a telephone with an extension', () => {
    expect(keys({ phone: '05 49 12 34 56 ext 12' })).toEqual(keys({ phone: '05 49 12 34 56' }));
    expect(keys({ phone: 'Tél. 05 49 12 34 56' })).toHaveLength(1);
  });

  it('are not made of what the tenant ignores', () => {
    const ignoring = (record: CompanyRecord) =>
      matchKeys(record, {
        match: ['email', 'phone'],
        matchIgnore: ['05 49 00 00 01', '@solaire-ouest.example', 'accueil@mairie.example'],
        stage: 'prod',
      }).map(({ kind }) => kind);
    expect(ignoring({ email: 'Commande@Solaire-Ouest.example', phone: '+33549000001' })).toEqual([]);
    expect(ignoring({ email: 'accueil@mairie.example', phone: '0549000002' })).toEqual(['phone']);
    expect(ignoring({ email: 'autre@mairie.example' })).toEqual(['email']);
  });

  it('are others on another stage', () => {
    const [prod] = keys({ email: 'a@exemple.fr' }, 'prod');
    const [test] = keys({ email: 'a@exemple.fr' }, 'test');
    expect(prod?.key).not.toBe(test?.key);
  });

  it('are the same for a company that was flagged because its folder is gone', () => {
    const flagged = { name: 'Dupont (supprimé dans Clavus)', postalCode: '06000' };
    expect(keys(flagged)).toEqual(keys({ name: 'Dupont', postalCode: '06000' }));
    expect(keys(flagged)).toHaveLength(1);
  });

  it('are not the same for a folder id that begins like another', () => {
    expect(keys({ note: markerFor('prod', '12') })).not.toEqual(keys({ note: markerFor('prod', '123') }));
  });

  it('tell nothing about anybody', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        for (const { key } of keys({ email })) expect(key).toMatch(/^[0-9a-f]{20}$/);
      }),
    );
  });
});
