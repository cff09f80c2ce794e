import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markerFor } from '../../../lib/mapping/marker.ts';
import { matchKeys } from '../../../lib/mapping/match-keys.ts';
import type { CompanyRecord } from '../../../lib/moovago/company.ts';

const match = ['marker', 'email', 'phone', ['name', 'postalCode']] as const;
const keys = (record: CompanyRecord, stage = 'prod') =>
  matchKeys(
    record,
    match.map((key) => (typeof key === 'string' ? key : [...key])),
    stage,
  );
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
    ['a marker of another stage', { note: markerFor('test', 'f1') }],
  ])('are not made of %s', (_, record) => {
    expect(keys(record)).toEqual([]);
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
