import { expect, it } from 'vitest';
import { checkShared } from '../../../lib/check/check-shared.ts';
import type { Company, CompanyRecord } from '../../../lib/moovago/company.ts';

const matching = {
  match: ['marker' as const, 'email' as const, 'phone' as const, ['name' as const, 'postalCode' as const]],
  matchIgnore: [],
  stage: 'check',
};
const told = (folders: CompanyRecord[], companies: Company[] = []) =>
  checkShared(folders, companies, matching).map(({ message, people }) => [message, ...(people ?? [])]);

const durand = {
  name: 'Durand Paul',
  address: '1 rue du Bourg',
  postalCode: '79000',
  phone: '05 49 00 00 01',
};
const petit = {
  name: 'Petit Anne',
  address: '8 rue Haute',
  postalCode: '79000',
  phone: '05 49 00 00 01',
};
const noel = { name: 'Noel Yves', address: '3 place du Lac', postalCode: '86000', email: 'non@non.fr' };

it('names a telephone of two customers, with the companies that have it, and a filler', () => {
  const ours = { id: 'c1', name: 'Solaire Ouest SARL', phone: '05 49 00 00 01' };
  const filler = { name: 'Roy Jean', address: '5 rue Basse', postalCode: '86100', email: 'NON@non.fr' };
  expect(told([durand, petit, noel, filler], [ours])).toEqual([
    [
      '2 values link nothing, because several customers have them or they are fillers. An equal value alone would have linked 4 of 4 folders',
      'phone 05 49 00 00 01: 2 folders and 1 company',
      'email non@non.fr: 2 folders',
    ],
  ]);
});

it('names the own switchboard, which one folder and a company of another name have', () => {
  const ours = { id: 'c1', name: 'Solaire Ouest SARL', address: '2 rue du Port', postalCode: '17000' };
  expect(told([durand], [{ ...ours, phone: '0549000001' }])).toEqual([
    [
      'one value links nothing, because several customers have it or it is a filler. An equal value alone would have linked 1 of 1 folders',
      'phone 05 49 00 00 01: 1 folder and 1 company',
    ],
  ]);
});

it('names a name that two customers of a town have', () => {
  const martin = { name: 'Martin', address: '1 rue du Bourg', postalCode: '79000', phone: '06 70 00 11 01' };
  const other = {
    name: 'MARTIN',
    address: '99 avenue de Paris',
    postalCode: '79000',
    phone: '06 70 00 11 02',
  };
  expect(told([martin, other])[0]?.slice(1)).toEqual(['name+postalCode Martin, 79000: 2 folders']);
});

it('says nothing of two folders of one customer, nor of a company that is theirs', () => {
  const second = { ...durand, name: 'M. et Mme DURAND Paul' };
  expect(told([durand, second], [{ id: 'c1', ...durand }])).toEqual([]);
});
