import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWitnesses, witnessOf } from '../../../lib/mapping/witness.ts';
import type { CompanyRecord } from '../../../lib/moovago/company.ts';

const matching = { match: [], matchIgnore: ['05 49 00 00 01'], stage: 'test' };
const compare = (one: CompanyRecord, other: CompanyRecord, fields: string[]) =>
  compareWitnesses(witnessOf(one, matching), witnessOf(other, matching), fields);

const lac = { address: '3 rue du Lac', postalCode: '79000' };
const byPhone = ['phone'];
const byName = ['name', 'postalCode'];

describe('a witness', () => {
  it.each([
    ['one name in two orders', { name: 'Jean Dupont' }, { name: 'DUPONT Jean' }],
    ['a name with civilities', { name: 'M. et Mme Dupont Jean' }, { name: 'Dupont Jean' }],
    ['a name in another', { name: 'Leroy' }, { name: 'SARL Leroy Énergie' }],
    ['an initial', { name: 'J. Dupont' }, { name: 'Dupont Jean' }],
    ['a full name that moved', { name: 'Dupont Jean', ...lac }, { name: 'Dupont Jean', postalCode: '85000' }],
  ])('agrees by the name: %s', (_, one, other) => {
    expect(compare(one, other, byPhone)).toMatchObject({ is: 'agrees', witness: 'name' });
  });

  it.each([
    ['3, rue du Lac', '3 r. du Lac'],
    ['3 bis rue du Lac', '3bis, RUE DU LAC'],
    ['Appt 4, 3 rue du Lac', '3 rue du Lac\nBât. B'],
    ['3 rue du Lac 79000 Niort', 'n° 3 rue du Lac'],
  ])('agrees by the street: %s and %s', (one, other) => {
    const [ours, theirs] = [one, other].map((address) => ({ name: 'Roy', address, postalCode: '79000' }));
    expect(compare(ours ?? {}, theirs ?? {}, byName)).toMatchObject({ is: 'agrees', witness: 'street' });
  });

  it('knows a street by its town where the postal code differs or is not there', () => {
    const one = { name: 'Roy', address: '3 rue du Lac', postalCode: '79000', city: 'Niort' };
    const other = { name: 'Roy', address: '3 rue du Lac', postalCode: '79027', city: 'NIORT CEDEX 9' };
    expect(compare(one, other, byPhone)).toMatchObject({ is: 'agrees', agree: ['name', 'street'] });
    const saint = { name: 'Roy', address: '3 rue du Lac', city: 'St-Maixent' };
    expect(compare(saint, { ...saint, city: 'SAINT MAIXENT' }, byPhone).agree).toEqual(['name', 'street']);
  });

  it('tells nothing about a street without a number, or without a place', () => {
    const hamlet = { name: 'Roy Luc', address: 'Le Bourg', postalCode: '79000' };
    expect(compare(hamlet, hamlet, byName)).toEqual({ is: 'open', agree: ['name'], differ: [] });
    const lost = { name: 'Roy Luc', address: '3 rue du Lac' };
    expect(compare(lost, lost, ['name'])).toEqual({ is: 'open', agree: ['name'], differ: [] });
  });

  it('is the other of e-mail and telephone', () => {
    const both = { name: 'Dupont Jean', email: 'a@exemple.fr', phone: '06 70 00 11 01' };
    expect(compare(both, { ...both, name: 'Dupont Marie' }, byPhone)).toMatchObject({
      is: 'agrees',
      witness: 'email',
    });
    expect(compare(both, { ...both, name: 'Dupont Marie' }, ['email'])).toMatchObject({ witness: 'phone' });
  });

  it('uses no field of the key that it supports', () => {
    const same = { name: 'Roy Luc', email: 'a@exemple.fr', phone: '06 70 00 11 01', ...lac };
    expect(compare(same, { name: 'Roy Luc', postalCode: '79000' }, byName).is).toBe('open');
    expect(
      compare({ name: 'A', phone: same.phone }, { name: 'A', phone: same.phone }, ['name', 'phone']).is,
    ).toBe('open');
    expect(compare(same, { ...lac, name: 'Roy Jean' }, ['address', 'postalCode']).is).toBe('open');
  });

  it.each([
    [
      'names and towns',
      { name: 'Dupuis Henri', address: '44 rue des Lilas', postalCode: '85000', phone: '05 49 00 00 02' },
      { name: 'Solaire Ouest SARL', postalCode: '79000', phone: '05 49 00 00 02' },
    ],
    ['names and streets', { name: 'Roy', ...lac }, { name: 'Leroy', ...lac, address: '4 rue du Lac' }],
  ])('contradicts by %s', (_, one, other) => {
    expect(compare(one, other, byPhone)).toMatchObject({ is: 'contradicts', differ: ['name', 'street'] });
  });

  it('contradicts a surname alone that lives elsewhere', () => {
    const one = { name: 'Martin', address: '1 rue du Bourg', postalCode: '79000', phone: '06 70 00 11 01' };
    const other = {
      name: 'MARTIN',
      address: '99 avenue de Paris',
      postalCode: '79000',
      phone: '06 70 00 11 02',
    };
    expect(compare(one, other, byName).is).toBe('contradicts');
    expect(compare(one, { name: 'Martin', postalCode: '79000' }, byName).is).toBe('open');
    // One telephone, one surname, two houses.
    expect(compare(one, { ...other, phone: one.phone }, byPhone).is).toBe('open');
  });

  it('leaves father and son to a person', () => {
    const father = {
      name: 'Morel Jean',
      address: '12 route de Parthenay',
      postalCode: '79100',
      phone: '05 49 66 10 10',
      email: 'a@exemple.fr',
    };
    const son = { name: 'MOREL Jean', postalCode: '79100', phone: '06 11 22 33 99', email: 'b@exemple.fr' };
    expect(compare(father, { ...son, address: '3 impasse du Moulin' }, byName)).toEqual({
      is: 'open',
      agree: ['name'],
      differ: ['street', 'email', 'phone'],
    });
    expect(compare(father, { ...son, address: father.address }, byName).is).toBe('open');
  });

  it.each([
    ['other names in one house', { name: 'Durand Marie', ...lac }, { name: 'Martin Jean', ...lac }],
    ['a first name in common', { name: 'Dupont Jean', ...lac }, { name: 'Martin Jean', postalCode: '85000' }],
    ['nothing', { name: 'Roy' }, { name: 'Leroy' }],
  ])('leaves to a person what says too little: %s', (_, one, other) => {
    expect(compare(one, other, byPhone).is).toBe('open');
  });

  it('does not see fillers and what the tenant ignores', () => {
    const one = { name: 'Roy Luc', phone: '05 49 00 00 01', email: 'non@non.fr' };
    expect(compare(one, one, ['postalCode']).agree).toEqual(['name']);
  });

  it('shows no word of what it is made of', () => {
    const witness = witnessOf({ name: 'Dupont', email: 'a@exemple.fr', ...lac, city: 'Niort' }, matching);
    expect(witness).toMatch(/^[\w-]{6}\|\|([\w-]{6}\|){5}$/);
    expect(witnessOf({ name: 'Dupont' }, { ...matching, stage: 'prod' })).not.toBe(
      witnessOf({ name: 'Dupont' }, matching),
    );
  });
});

const pick = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const record: fc.Arbitrary<CompanyRecord> = fc.record({
  name: fc.constantFrom('Jean Dupont', 'Dupont', 'Jean-Noël Le Goff', 'SARL Roy & Fils', 'Martin Jean', ''),
  address: pick('3 rue du Lac', '4 rue du Lac', 'Le Bourg', '12 route de Parthenay'),
  postalCode: pick('79000', '85000'),
  city: pick('Niort', 'La Roche-sur-Yon'),
  phone: pick('05 49 66 10 10', '06 70 00 11 01'),
  email: pick('a@exemple.fr', 'b@exemple.fr'),
});
const fields = fc.constantFrom(['email'], ['phone'], byName, ['name'], ['address', 'postalCode']);

describe('the comparison of two records', () => {
  it('does not depend on which comes first', () => {
    fc.assert(
      fc.property(record, record, fields, (one, other, key) => {
        expect(compare(one, other, key)).toEqual(compare(other, one, key));
      }),
    );
  });

  it('does not depend on civilities, capitals, accents and the order of words', () => {
    fc.assert(
      fc.property(
        record,
        record,
        fields,
        fc.constantFrom('M. ', 'Mme ', 'SARL ', ''),
        (one, other, key, civility) => {
          const words = (one.name ?? '').split(' ').reverse();
          const written = {
            ...one,
            name: one.name && !/\bLe\b/.test(one.name) ? `${civility}${words.join(' ')}` : one.name,
          };
          expect(compare({ ...written, name: written.name?.toUpperCase() }, other, key)).toEqual(
            compare(one, other, key),
          );
        },
      ),
    );
  });

  it('never agrees where names have nothing in common', () => {
    fc.assert(
      fc.property(record, record, fields, (one, other, key) => {
        expect(
          compare({ ...one, name: 'Dupuis Henri' }, { ...other, name: 'Solaire Ouest' }, key).is,
        ).not.toBe('agrees');
      }),
    );
  });
});
