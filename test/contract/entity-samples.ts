import type { ColumnValue } from '../../lib/clavus/folder.ts';
import type { SyncConfigInput } from '../../lib/mapping/sync-config.ts';
import type { EntityName } from '../../lib/moovago/entities/entity.ts';
import type { EntityRecord } from '../../lib/moovago/entities/record.ts';

/** One real folder, as an entity sees it. All that the contract suite needs of a new entity. */
export type EntitySample = {
  config: SyncConfigInput;
  /** The same with a rule of the tenant's that fails, and the field that is then named. */
  broken: { config: SyncConfigInput; field: string };
  columns: Record<string, ColumnValue>;
  record: EntityRecord;
  /** As it travels; the edit changes one field. */
  input: Record<string, unknown>;
  edit: { record: EntityRecord; input: Record<string, unknown> };
  /** The documents of a creation, an update and a list. */
  create: string;
  update: string;
  list: string;
};

const fail = () => {
  throw new Error('no such value');
};
const company = { name: 'nom', postalCode: { from: 'code_postal', as: 'postalCode' as const } };

/** By name: an entity without a sample is an error of types. */
export const entitySamples: Record<EntityName, EntitySample> = {
  company: {
    config: {
      company: { name: 'nom', city: 'ville', ownerIds: 'commercial' },
      mandators: 'mandant',
      marker: 'none',
    },
    broken: {
      config: { company: { name: 'nom', city: { from: 'ville', as: fail } } },
      field: 'company.city',
    },
    columns: { nom: 'Boulangerie Rey', ville: 'Niort', commercial: 'Marvin Dupont', mandant: 'PANNEAUX SA' },
    record: { name: 'Boulangerie Rey', city: 'Niort', ownerIds: ['m1'], mandatorIds: ['d1'] },
    input: { ownerIds: ['m1'], name: 'Boulangerie Rey', city: 'Niort', mandatorIds: ['d1'] },
    edit: { record: { city: 'Nice' }, input: { city: 'Nice' } },
    create: 'company { create(input: $w0) { recordId } }',
    update: 'company { update(input: $w0) { recordId } }',
    list: 'query CompanyList($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { id name ownerIds city } }',
  },
  contact: {
    config: {
      company,
      contacts: {
        firstName: 'prenom',
        lastName: 'nom_interlocuteur',
        phone: { from: 'portable', as: 'phone' },
        email: { from: 'courriel', as: 'email' },
      },
      marker: 'none',
    },
    broken: {
      config: { company, contacts: { lastName: { from: 'nom_interlocuteur', as: fail } } },
      field: 'contacts.lastName',
    },
    columns: {
      nom: 'Boulangerie Rey',
      code_postal: '97410',
      prenom: ' Jeanne ',
      nom_interlocuteur: 'REY',
      // A number of La Réunion, as the company's postal code tells.
      portable: '0692123456',
      courriel: 'Jeanne@Example.fr',
    },
    record: { firstName: 'Jeanne', lastName: 'REY', phone: '0692 12 34 56', email: 'jeanne@example.fr' },
    input: {
      companyId: 'parent-1',
      firstName: 'Jeanne',
      lastName: 'REY',
      phone: '0692 12 34 56',
      email: 'jeanne@example.fr',
    },
    edit: { record: { email: 'rey@example.fr' }, input: { email: 'rey@example.fr' } },
    create: 'companyContact { create(input: $w0) { recordId } }',
    update: 'companyContact { update(input: $w0) { recordId } }',
    list: 'query CompanyContactList($filter: FilterManyCompanyContactInput!) { companyContactList(filter: $filter) { id companyId phone email firstName lastName } }',
  },
  turnover: {
    config: { company, turnover: { amount: 'montant', period: 'annee' }, marker: 'none' },
    broken: {
      config: { company, turnover: { amount: { from: 'montant', as: fail } } },
      field: 'turnover.amount',
    },
    columns: { nom: 'Boulangerie Rey', code_postal: '79000', montant: '12 345,60 €', annee: 2026 },
    record: { amount: '12345.6', period: '2026' },
    input: { companyId: 'parent-1', amount: 12345.6, period: '2026' },
    edit: { record: { amount: '13000' }, input: { amount: 13000 } },
    create: 'turnover { create(input: $w0) { recordId } }',
    update: 'turnover { update(input: $w0) { recordId } }',
    list: 'query TurnoverList($filter: FilterManyTurnoverInput!) { turnoverList(filter: $filter) { id companyId amount period } }',
  },
};
