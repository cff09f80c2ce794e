import { describe, expect, it } from 'vitest';
import { matchKeys } from '../../../../lib/mapping/match-keys.ts';
import { defaultMatch } from '../../../../lib/mapping/sync-config.ts';
import { unknownWitness, witnessOf } from '../../../../lib/mapping/witness.ts';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import { decide } from '../../../../lib/sync/match/decide.ts';

const matching = { match: defaultMatch, matchIgnore: [], stage: 'test' };

/** What becomes of a folder beside these companies, which are c1, c2, … */
function decideFor(folder: CompanyRecord, ...companies: CompanyRecord[]) {
  const proposals = matchKeys(folder, matching).map(({ kind, key }) => ({
    kind,
    bearers: companies.flatMap((company, index) =>
      matchKeys(company, matching).some((its) => its.key === key)
        ? [{ companyId: `c${index + 1}`, witness: witnessOf(company, matching) }]
        : [],
    ),
  }));
  return decide(witnessOf(folder, matching), proposals);
}

const yves = { name: 'Noel Yves', postalCode: '86001', phone: '05 49 77 00 01' };
const office = { email: 'accueil@bailleur.example' };
const tenants: CompanyRecord[] = [
  { name: 'Petit Luc', address: '1 rue du Lac', postalCode: '79000', ...office },
  { name: 'Roy Anne', address: '9 rue des Lilas', postalCode: '85000', ...office },
  { ...yves, address: '4 rue du Port', ...office },
];

describe('a folder and the companies that its keys propose', () => {
  it('wait while Moovago cannot show a field of one of them', () => {
    const bearers = [
      { companyId: 'c1', witness: witnessOf(yves, matching) },
      { companyId: 'c2', witness: unknownWitness },
    ];
    expect(decide(witnessOf(yves, matching), [{ kind: 'phone', bearers }])).toEqual({ kind: 'wait' });
  });

  it('are ten customers with one filler e-mail', () => {
    const filler = { email: 'non@non.fr' };
    const [first = {}, second = {}] = tenants.map((one) => ({ ...one, ...filler }));
    expect(decideFor(first, second)).toEqual({ kind: 'create', contradicted: [], shared: [] });
  });

  it("are not matched by one's own switchboard", () => {
    const company = { name: 'Solaire Ouest SARL', postalCode: '79000', phone: '05 49 00 00 01' };
    const folder = {
      name: 'Dupuis Henri',
      address: '44 rue des Lilas',
      postalCode: '85000',
      phone: '05 49 00 00 01',
    };
    expect(decideFor(folder, company)).toEqual({
      kind: 'create',
      contradicted: [{ companyId: 'c1', by: 'phone', agree: ['phone'], differ: ['name', 'street'] }],
      shared: [],
    });
  });

  it('wait for a person where they may be father and son', () => {
    const father = {
      name: 'Morel Jean',
      address: '12 route de Parthenay',
      postalCode: '79100',
      phone: '05 49 66 10 10',
    };
    const son = {
      name: 'MOREL Jean',
      address: '3 impasse du Moulin',
      postalCode: '79100',
      phone: '06 11 22 33 99',
      email: 'jean.morel.1990@exemple.fr',
    };
    expect(decideFor(son, father)).toEqual({
      kind: 'person',
      candidates: [{ companyId: 'c1', by: 'name+postalCode', agree: ['name'], differ: ['street', 'phone'] }],
      why: 'no-witness',
    });
  });

  it('are two customers with a surname alone', () => {
    const one = { name: 'Martin', address: '1 rue du Bourg', postalCode: '79000', phone: '06 70 00 11 01' };
    const other = {
      name: 'MARTIN',
      address: '99 avenue de Paris',
      postalCode: '79000',
      phone: '06 70 00 11 02',
    };
    expect(decideFor(other, one)).toMatchObject({ kind: 'create', contradicted: [{ companyId: 'c1' }] });
  });

  it('are told by the other keys where one key is shared', () => {
    expect(decideFor({ ...yves, ...office }, ...tenants)).toMatchObject({
      kind: 'adopt',
      companyId: 'c3',
      by: 'phone',
      witness: 'name',
    });
    const filler = { email: 'pasdemail@exemple.fr' };
    expect(decideFor({ ...yves, ...filler }, ...tenants.map((one) => ({ ...one, ...filler })))).toMatchObject(
      {
        companyId: 'c3',
      },
    );
  });

  it('are not matched by a value whose bearers contradict each other', () => {
    const folder = { ...tenants[0], name: 'Petit', address: '', postalCode: '' };
    expect(decideFor(folder, ...tenants)).toEqual({ kind: 'create', contradicted: [], shared: ['email'] });
    const crowd = [
      {
        kind: 'email',
        bearers: Array.from({ length: 50 }, (_, one) => ({ companyId: `c${one}`, witness: '' })),
      },
    ];
    expect(decide(witnessOf(folder, matching), crowd)).toEqual({
      kind: 'create',
      contradicted: [],
      shared: ['email'],
    });
  });

  it('hear no shared value as a witness either', () => {
    const number = { phone: '05 49 00 00 02' };
    const father = { name: 'Morel Jean', postalCode: '79100', ...number };
    const [luc = {}, anne = {}] = tenants;
    expect(decideFor(father, father)).toMatchObject({ kind: 'adopt', companyId: 'c1', witness: 'name' });
    expect(decideFor(father, father, { ...luc, ...number }, { ...anne, ...number })).toMatchObject({
      kind: 'person',
      candidates: [{ companyId: 'c1', by: 'name+postalCode', agree: ['name'] }],
    });
  });

  it('may have a name that many have, and live in one of their houses', () => {
    const martins = ['1 rue du Bourg', '9 rue du Lac'].map((address) => ({
      name: 'Martin',
      address,
      postalCode: '79000',
    }));
    expect(decideFor({ ...martins[1], name: 'MARTIN' }, ...martins)).toMatchObject({
      kind: 'adopt',
      companyId: 'c2',
      witness: 'street',
    });
    expect(decideFor({ ...martins[1], address: '5 rue du Port' }, ...martins)).toMatchObject({
      kind: 'create',
      shared: ['name+postalCode'],
    });
  });

  it.each([
    ['Jean Dupont', 'DUPONT Jean'],
    ['SARL Leroy Énergie', 'LEROY ENERGIE'],
    ['S.A.R.L. Roy', 'Roy SARL'],
    ['Roy & Fils', 'Roy et Fils'],
    ['Le Goff', 'LeGoff'],
    ['Dupont (Mme)', 'Dupont'],
  ])('are one customer in one street: %s and %s', (one, other) => {
    const place = { address: '3 rue du Lac', postalCode: '79000' };
    expect(decideFor({ name: one, ...place }, { name: other, ...place })).toMatchObject({
      kind: 'adopt',
      companyId: 'c1',
      by: 'name+postalCode',
      witness: 'street',
    });
  });

  it('are told by most fields where several agree, and else by a person', () => {
    const luc = { name: 'Petit Luc', postalCode: '79000', phone: '06 70 00 11 01', email: 'luc@exemple.fr' };
    const { email: _, ...bare } = luc;
    expect(decideFor(luc, bare, luc)).toMatchObject({ kind: 'adopt', companyId: 'c2' });
    expect(decideFor(luc, luc, luc)).toMatchObject({
      kind: 'person',
      why: 'several',
      candidates: [{ companyId: 'c1' }, { companyId: 'c2' }],
    });
  });

  it('need no witness but the marker', () => {
    const folder = witnessOf({ name: 'Petit' }, matching);
    const marked = (...ids: string[]) => [
      { kind: 'marker', bearers: ids.map((companyId) => ({ companyId, witness: '' })) },
    ];
    expect(decide(folder, marked('c7'))).toMatchObject({ kind: 'adopt', companyId: 'c7', by: 'marker' });
    expect(decide(folder, marked('c7', 'c8'))).toMatchObject({ kind: 'person', why: 'several' });
  });
});
