import { describe, expect, it } from 'vitest';
import { proposeMapping } from '../../../cli/init/propose-mapping.ts';
import type { ColumnValue } from '../../../lib/clavus/folder.ts';

const users = [
  { id: 'u1', firstName: 'Zoé', lastName: 'Martin', email: 'zoe@example.com' },
  { id: 'u2', firstName: 'Max', lastName: 'Le Goff', email: null },
];
const members = [{ id: 'm1', alias: 'MARTIN Zoé' }];

/** Columns by label, each with what three folders have in it. */
function propose(contents: Record<string, ColumnValue[]>) {
  const labels = Object.keys(contents);
  const known = labels.map((label, index) => ({ id: `c${index}`, names: [label] }));
  const folders = [0, 1, 2].map((place) => ({
    id: `f${place}`,
    columns: labels.map((label, index) => ({
      id: `c${index}`,
      name: label,
      label,
      value: contents[label]?.[place] ?? null,
    })),
  }));
  return proposeMapping({ known, folders, users, members });
}

const phones = ['0612345678', '06 12 34 56 79', '+33612345680'];
const emails = ['a@example.com', 'B@EXAMPLE.COM', 'c@example.com'];

describe('a mapping is proposed', () => {
  it('by what columns are called and hold, in a tenant like that of the guide', () => {
    const proposal = propose({
      'Nom du client': ['Dupont', 'Durand', 'Martin'],
      'Code postal': ['06200', '6200', 79000],
      Ville: ['Nice', 'Nice', 'Niort'],
      Adresse: ['46 rue du 14 Juillet', '1 quai', ''],
      Téléphone: phones,
      'Adresse e-mail': emails,
      Commercial: ['u1', 'u2', 'u1'],
      'Date de création': ['2022-01-01', '2022-02-15', '2022-03-01'],
      'Dernière modification': ['2022-01-01', '2022-02-15', '2022-03-01'],
      'Montant TTC': ['12 000,00 €', '8 000,00 €', '9 500,00 €'],
    });
    expect(proposal).toEqual({
      company: {
        name: { from: ['Nom du client'] },
        address: { from: ['Adresse'] },
        postalCode: { from: ['Code postal'], as: 'postalCode' },
        city: { from: ['Ville'] },
        phone: { from: ['Téléphone'], as: 'phone' },
        email: { from: ['Adresse e-mail'], as: 'email' },
        ownerIds: { from: ['Commercial'], as: 'owner' },
      },
      modifiedColumn: 'Dernière modification',
      createdColumn: 'Date de création',
    });
  });

  it('by content alone, where the names say nothing', () => {
    const { company } = propose({
      Champ1: phones,
      Champ2: emails,
      Champ3: ['06200', '79000', '29200'],
      Champ4: ['Zoé Martin', 'zoe@example.com', 'Max Le Goff'],
      Champ5: ['732829320', '552100554', '542065479'],
    });
    expect(company).toEqual({
      phone: { from: ['Champ1'], as: 'phone' },
      email: { from: ['Champ2'], as: 'email' },
      postalCode: { from: ['Champ3'], as: 'postalCode' },
      ownerIds: { from: ['Champ4'], as: 'owner' },
      note: { from: ['Champ5'], as: 'siren' },
    });
  });

  it('with a second column where the first one is empty: company and person, telephone and mobile', () => {
    const { company } = propose({
      nom: ['Dupont', 'Durand', 'Martin'],
      raison_sociale: ['', null, 'SARL Martin'],
      prenom: ['Jean', 'Marie', 'Zoé'],
      telephone_fixe: ['0493123456', '', ''],
      telephone_portable: phones,
    });
    expect(company.name).toEqual({ from: ['raison_sociale', ['prenom', 'nom']] });
    expect(company.phone).toEqual({ from: ['telephone_portable', 'telephone_fixe'], as: 'phone' });
  });

  it.each([
    [{ Nom: ['Dupont', 'Durand', ''], Prénom: ['Jean', '', 'Zoé'] }, [['Prénom', 'Nom']]],
    [{ 'Nom du client': ['Dupont'], 'Prénom du client': ['Jean'] }, [['Prénom du client', 'Nom du client']]],
    [{ 'Last name': ['Dupont'], 'First name': ['Jean'] }, [['First name', 'Last name']]],
    // The column of the name has both already.
    [{ Nom: ['Jean DUPONT', 'DURAND Zoé'], Prénom: ['Jean', 'Zoe'] }, ['Nom']],
    // Another person's.
    [{ Nom: ['Dupont'], 'Prénom du conjoint': ['Jean'] }, ['Nom']],
  ])('with the first name beside the last name, if there is one: %j', (contents, from) => {
    expect(propose(contents).company.name).toEqual({ from });
  });

  it.each([
    'Note interne',
    'Notes internes',
    'Commentaire confidentiel',
    'Remarques privées',
    'internal_notes',
  ])('without what is called internal, confidential or private: %s', (label) => {
    const contents = { Nom: ['Dupont'], [label]: ['mauvais payeur'], 'E-mail privé': emails };
    expect(propose(contents).company).toEqual({ name: { from: ['Nom'] } });
    expect(propose({ ...contents, Commentaires: ['sonner deux fois'] }).company.note).toEqual({
      from: ['Commentaires'],
    });
  });

  it('without a column whose name promises what it does not hold', () => {
    const { company, modifiedColumn } = propose({
      'Nom commercial': ['u1', 'u2', 'u1'],
      'E-mail envoyé': ['oui', 'non', 'oui'],
      'Téléphone vérifié': ['oui', 'non', 'oui'],
      'Code postal': ['bientôt', 'bientôt', '?'],
      'Modifications demandées': ['aucune', 'onduleur', ''],
      Nom: ['Dupont', 'Durand', 'Martin'],
    });
    // People of Clavus are nobody's name.
    expect(company).toEqual({ name: { from: ['Nom'] }, ownerIds: { from: ['Nom commercial'], as: 'owner' } });
    expect(modifiedColumn).toBeUndefined();
  });

  it('without a name where none looks like one', () => {
    expect(propose({ Puissance: ['3', '6', '9'] }).company).toEqual({});
  });

  it('by id where two columns are called alike, and with day-first dates, which are judged later', () => {
    const known = [
      { id: 'c1', names: ['Nom'] },
      { id: 'c2', names: ['nom'] },
      { id: 'c3', names: ['Modifié le', 'modif'] },
    ];
    const columns = ['Dupont', 'x', '31/12/2026'].map((value, index) => ({
      id: `c${index + 1}`,
      name: null,
      label: null,
      value,
    }));
    expect(proposeMapping({ known, folders: [{ id: 'f1', columns }], users, members })).toEqual({
      company: { name: { from: ['c1'] } },
      modifiedColumn: 'modif',
    });
  });
});
