import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../cli/plan/plan.ts';
import type { Company } from '../../../lib/moovago/company.ts';
import { planOn } from '../../support/planned-systems.ts';

const company = {
  name: 'nom',
  address: 'rue',
  postalCode: { from: 'cp', as: 'postalCode' },
  phone: { from: 'tel', as: 'phone' },
  email: { from: 'mail', as: 'email' },
};
const night = '2026-11-23T21:00:00.000+01:00';

/** What becomes of each folder: `new`, a company, `with` another folder, or `person`. */
async function become(folders: Record<string, Record<string, string>>, companies: Company[] = []) {
  const { plan } = await planOn({ folders, companies, at: night, config: { company } });
  expect(sumOf(plan)).toBe(plan.totals.scanned);
  return Object.fromEntries([
    ...plan.creates.map(({ folderId }) => [folderId, 'new']),
    ...plan.adopts.map(({ folderId, companyId }) => [folderId, companyId]),
    ...plan.secondary.map(({ folderId, primary }) => [folderId, `with ${primary}`]),
    ...plan.ambiguous.map(({ folderId }) => [folderId, 'person']),
  ]);
}

/** What the plan says of the folders that it read: it adds up. */
const sumOf = ({ totals }: Plan) =>
  totals.unchanged +
  totals.creates +
  totals.updates +
  totals.adopts +
  totals.secondary +
  totals.ambiguous +
  totals.unmappable +
  totals.waiting +
  totals.standing +
  totals.leftOut;

describe('two customers never become one company', () => {
  it('although ten have one filler for an e-mail', async () => {
    const names = [
      ...['Roy Anne', 'Noel Yves', 'Petit Zoé', 'Durand Paul', 'Leroy Marie'],
      ...['Morel Jean', 'Simon Luc', 'Michel Ève', 'Garcia Rosa', 'Blanc Hugo'],
    ];
    const folders = Object.fromEntries(
      names.map((name, n) => [
        `f${n}`,
        {
          nom: name,
          rue: `${n} rue Haute`,
          cp: `7900${n}`,
          tel: `06 70 00 11 0${n}`,
          mail: 'non@non.fr',
        },
      ]),
    );
    expect(await become(folders)).toEqual(Object.fromEntries(names.map((_, n) => [`f${n}`, 'new'])));
    const unlisted = Object.fromEntries(
      Object.entries(folders).map(([id, folder]) => [id, { ...folder, mail: 'accueil@exemple.fr' }]),
    );
    expect(await become(unlisted)).toEqual(Object.fromEntries(names.map((_, n) => [`f${n}`, 'new'])));
  });

  it("although the office typed its own telephone for the customer's", async () => {
    const ours = { id: 'c1', name: 'Solaire Ouest SARL', postalCode: '79000', phone: '05 49 00 00 01' };
    const folder = { nom: 'Dupuis Henri', rue: '44 rue des Lilas', cp: '85000', tel: '05 49 00 00 01' };
    expect(await become({ f1: folder }, [ours])).toEqual({ f1: 'new' });
  });

  it('where father and son have one name: a person decides', async () => {
    const father = {
      id: 'c1',
      name: 'Morel Jean',
      address: '12 route de Parthenay',
      postalCode: '79100',
      phone: '05 49 66 10 10',
    };
    const son = {
      nom: 'MOREL Jean',
      rue: '3 impasse du Moulin',
      cp: '79100',
      tel: '06 11 22 33 99',
      mail: 'jean.morel.1990@exemple.fr',
    };
    expect(await become({ f1: son }, [father])).toEqual({ f1: 'person' });
  });

  it('although they have one surname in one town', async () => {
    const one = { nom: 'Martin', rue: '1 rue du Bourg', cp: '79000', tel: '06 70 00 11 01' };
    const other = { nom: 'MARTIN', rue: '99 avenue de Paris', cp: '79000', tel: '06 70 00 11 02' };
    expect(await become({ f1: one, f2: other })).toEqual({ f1: 'new', f2: 'new' });
  });

  it('although a comma was typed for the dot of an e-mail', async () => {
    const one = { nom: 'Dupont Jean', rue: '1 rue du Bourg', cp: '79000', mail: 'jean,dupont@exemple.fr' };
    const other = { nom: 'Dupont Zoé', rue: '9 rue du Lac', cp: '17000', mail: 'dupont@exemple.fr' };
    expect(await become({ f1: one, f2: other })).toEqual({ f1: 'new', f2: 'new' });
  });
});

it('finds the one of three companies with an e-mail of which the other values agree', async () => {
  const noel = { name: 'Noel Yves', postalCode: '86001', phone: '05 49 77 00 01' };
  const companies = [
    { id: 'c1', name: 'Roy Jean', postalCode: '79000', phone: '05 49 77 00 02' },
    { id: 'c2', ...noel },
    { id: 'c3', name: 'Petit Anne', postalCode: '17000', phone: '05 49 77 00 03' },
  ].map((one) => ({ ...one, email: 'pasdemail@exemple.fr' }));
  const folder = { nom: 'Noel Yves', cp: '86001', tel: '05 49 77 00 01', mail: 'pasdemail@exemple.fr' };
  expect(await become({ f1: folder }, companies)).toEqual({ f1: 'c2' });
  const unlisted = companies.map((one) => ({ ...one, email: 'accueil@exemple.fr' }));
  expect(await become({ f1: { ...folder, mail: 'accueil@exemple.fr' } }, unlisted)).toEqual({ f1: 'c2' });
});

describe('an obvious one is found', () => {
  it.each([
    ['Jean Dupont', 'DUPONT Jean'],
    ['SARL Leroy Énergie', 'LEROY ENERGIE'],
    ['S.A.R.L. Roy', 'Roy SARL'],
    ['Roy & Fils', 'Roy et Fils'],
    ['Le Goff', 'LeGoff'],
    ['Dupont (Mme)', 'Dupont'],
  ])('where one side has "%s", the other "%s", in one house', async (ours, theirs) => {
    const folder = { nom: ours, rue: '12 rue du Bourg', cp: '79000' };
    const its = { id: 'c1', name: theirs, address: '12, rue du bourg', postalCode: '79000' };
    expect(await become({ f1: folder }, [its])).toEqual({ f1: 'c1' });
  });
});

it('counts each folder once, also those that are as they were, cannot be mapped, or share one', async () => {
  const roy = { nom: 'Roy Jean', rue: '1 rue du Bourg', cp: '79000', tel: '06 70 00 11 01' };
  expect(await become({ f1: roy, f2: { ...roy, nom: 'ROY jean' }, f3: { nom: '' } })).toEqual({
    f1: 'with f2',
    f2: 'new',
  });
});
