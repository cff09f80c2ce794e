import { describe, expect, it } from 'vitest';
import { changedProspect, mapProspect } from '../../../lib/mapping/map-prospect.ts';
import { checkSyncConfig } from '../../../lib/mapping/sync-config.ts';

function prospects(settings: unknown) {
  const checked = checkSyncConfig({ company: { name: 'nom' }, prospects: settings });
  if ('problems' in checked || checked.config.prospects === undefined)
    throw new Error(JSON.stringify(checked));
  return checked.config.prospects;
}

function problemsOf(settings: unknown) {
  const checked = checkSyncConfig({ company: { name: 'nom' }, prospects: settings });
  return 'problems' in checked ? checked.problems : [];
}

const company = {
  id: 'c1',
  name: ' Boulangerie  Lemoine ',
  city: 'Nice',
  address: '4 rue Haute',
  postalCode: '6200',
  phone: '+33612345601',
  email: 'Lemoine@Example.fr',
  note: 'Toit plat\nSIREN 732 829 320',
};

describe('a company as a prospect', () => {
  it('has the fields that the guide shows, in the forms of the connector, and no blanks', () => {
    expect(mapProspect({ ...company, email: 'none', note: ' ' }, prospects({}))).toEqual({
      record: {
        lastName: 'Boulangerie Lemoine',
        address: '4 rue Haute',
        postalCode: '06200',
        phone: '06 12 34 56 01',
      },
    });
    expect(mapProspect(company, prospects({}))).toMatchObject({
      record: { email: 'lemoine@example.fr', commercialNote: 'Toit plat\nSIREN 732 829 320' },
    });
  });

  it('is what the tenant says, where it says so', () => {
    const fields = {
      lastName: { from: ['name', 'city'] },
      address: { template: '{address}, {city}' },
      siren: { from: 'note', as: (note: string) => /\d{3} \d{3} \d{3}/.exec(note)?.[0] },
    };
    expect(mapProspect(company, prospects({ fields }))).toEqual({
      record: { lastName: 'Boulangerie Lemoine', address: '4 rue Haute, Nice', siren: '732 829 320' },
    });
  });

  it("is a problem with its place, where the tenant's own rule fails", () => {
    const fields = {
      lastName: {
        from: 'name',
        as: () => {
          throw new TypeError('no such thing');
        },
      },
    };
    expect(mapProspect(company, prospects({ fields }))).toEqual({
      problem: expect.stringMatching(/^prospects\.fields\.lastName: /),
    });
  });

  it('differs by the fields that say something else, and by none that is absent', () => {
    expect(changedProspect({ lastName: 'A', email: 'a@example.fr' }, { lastName: 'B', phone: '06' })).toEqual(
      { lastName: 'B', phone: '06' },
    );
    expect(changedProspect({ lastName: 'A', email: 'a@example.fr' }, { lastName: 'A' })).toEqual({});
  });
});

describe('the configuration of prospects', () => {
  it('names fields of the company, and keys that exist', () => {
    expect(problemsOf({ fields: { lastName: 'raison_sociale' } })).toEqual([
      {
        path: 'prospects.fields.lastName',
        message: "takes fields of Moovago's company: name, city, address, postalCode, phone, email, note",
      },
    ]);
    expect(problemsOf({ fields: { address: 'address' } })).toEqual([
      { path: 'prospects.fields.lastName', message: expect.stringContaining('is required') },
    ]);
    expect(problemsOf({ limits: 3, type: 'PHYSIQUE' })).toEqual([
      { path: 'prospects.type', message: "expected one of 'MORAL', 'none'" },
      { path: 'prospects', message: "unknown key 'limits'; did you mean 'limit'?" },
    ]);
  });
});
